"""The language of a question, and when the person's own language wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.advisor import Advisor
from bot.advice.language import LanguageReader

PHRASES = {
    "es": [
        "necesito un crédito para mi negocio",
        "cómo hago una factura",
        "quiero exportar",
        "dónde me inscribo",
    ],
    "en": [
        "I need a loan for my business",
        "how do I make an invoice",
        "I want to export",
        "where do I sign",
    ],
    "pt": [
        "preciso de um empréstimo para a empresa",
        "como faço uma nota",
        "quero exportar",
        "onde me cadastro",
    ],
}
reader = LanguageReader(PHRASES)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("hola, ando buscando plata para ampliar el taller", "es"),
        ("CUANTO CUESTA REGISTRAR MI MARCA", "es"),
        ("xq no puedo emitir la factura", "es"),
        ("my sister and I want to sell our cheese online", "en"),
        ("how much tax do I pay", "en"),
        ("where can we get training", "en"),
        ("não sei como tirar a nota fiscal do meu negócio", "pt"),
        ("quero abrir uma empresa, o que eu preciso fazer?", "pt"),
        ("vcs ajudam com emprestimo pra salao de beleza", "pt"),
    ],
)
def test_the_language_of_a_sentence(lexical_advisor: Advisor, question: str, language: str) -> None:
    assert lexical_advisor._languages.read(question)[0] == language


@pytest.mark.parametrize("usual", ["es", "en", "pt"])
@pytest.mark.parametrize("question", ["ok", "marketing", "instagram", "SENA", "RUT", "export", "2026"])
def test_a_word_that_says_little_keeps_the_persons_language(
    lexical_advisor: Advisor, question: str, usual: str
) -> None:
    assert lexical_advisor._languages.read(question, usual=usual)[0] == usual


@pytest.mark.parametrize("usual", ["es", "en", "pt"])
def test_a_clear_sentence_changes_the_language(lexical_advisor: Advisor, usual: str) -> None:
    read = lexical_advisor._languages.read
    assert read("how do I register my company with the tax office", usual=usual)[0] == "en"
    assert read("necesito que alguien me explique cómo hago los papeles", usual=usual)[0] == "es"
    assert read("preciso saber como faço para contratar minha primeira funcionária", usual=usual)[0] == "pt"


def test_a_language_nobody_knows_is_not_kept() -> None:
    assert reader.read("necesito un crédito", usual="fr")[0] == "es"
    assert reader.read("???", usual="fr")[0] in PHRASES


def test_no_words_keep_the_persons_language() -> None:
    assert reader.read("👍", usual="pt") == ("pt", 0.0)
    assert reader.read("👍") == ("es", 0.0)


def test_one_language_is_always_that_language() -> None:
    assert LanguageReader({"pt": ["uma frase"]}).read("I need a loan") == ("pt", 1.0)


def test_two_languages_are_told_apart() -> None:
    two = LanguageReader({"es": PHRASES["es"], "en": PHRASES["en"]})
    assert two.read("I need to register")[0] == "en"
    assert two.read("dónde hago la factura")[0] == "es"


@given(st.text())
def test_any_text_has_a_known_language_and_a_share(text: str) -> None:
    language, sure = reader.read(text)
    assert language in PHRASES
    assert 0 <= sure <= 1


@given(st.text(st.sampled_from("áÉ aeiouñçãlst?¿ ")))
def test_capitals_change_nothing(text: str) -> None:
    assert reader.read(text.upper().lower())[0] == reader.read(text.lower())[0]
