"""A question put into the words of the knowledge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.dictionary import Dictionary
from bot.advice.wording import Wording, counted

PHRASES = [
    "necesito un crédito", "crédito para empezar", "crédito barato", "credito rápido",
    "facturación electrónica", "¿cómo exporto?", "permiso de la alcaldía", "registrar mi marca",
]  # fmt: skip
SYNONYMS = {"es": [["crédito", "prestamito", "fiado"], ["que", "q"]], "pt": [["alcaldía", "prefeitura"]]}
wording = Wording(counted(PHRASES), synonyms=SYNONYMS, names={"registro", "ceibo"}, general={"como"})


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("NECESITO UN CRÉDITO", "necesito un crédito"),
        ("necesito un credito!!!", "necesito un crédito"),
        ("un prestamito", "un crédito"),
        ("me dan fiado", "me dan crédito"),
        ("q necesito", "que necesito"),
        ("facturasion electronica", "facturación electrónica"),
        ("fatcuracion", "facturación"),
        ("credditoooo", "crédito"),
        ("rcédito", "crédito"),
        ("rédito", "crédito"),
        ("xrédito", "crédito"),
        ("cxréditp", "crédito"),
        ("barratp", "barato"),
        ("xyz", "xyz"),
        ("", ""),
    ],
)
def test_standard(asked: str, read: str) -> None:
    assert wording.standard(asked, "es") == read


def test_a_word_of_the_language_is_no_slip_of_another() -> None:
    phrases = ["dinero de hombre", "bakery loan", "tantos pagos"]
    careful = Wording(counted(phrases), synonyms={}, dictionary=Dictionary())
    assert careful.standard("hambre tintos pagus", "es") == "hambre tintos pagos"
    assert careful.standard("baker", "en") == "baker"
    assert careful.mended("Hambre, pagus", "es") == "Hambre, pagos"


def test_another_form_of_a_word_is_read_as_the_one_the_phrases_use() -> None:
    careful = Wording(
        counted(["hacer un plan", "registrar una marca", "bakery"]), synonyms={}, dictionary=Dictionary()
    )
    assert careful.standard("planes marcas", "es") == "plan marca"
    assert careful.standard("bakers", "en") == "bakers"


def test_number_is_another_form_before_gender_is() -> None:
    phrases = ["un caso", "la casa de mi casa"]
    careful = Wording(counted(phrases), synonyms={}, dictionary=Dictionary())
    assert careful.standard("casos", "es") == "caso"


def test_a_short_word_is_no_form_of_another() -> None:
    careful = Wording(counted(["sales training"]), synonyms={}, dictionary=Dictionary())
    assert careful.standard("sal", "es") == "sal"


def test_letters_that_changed_places_or_are_missing_are_likelier_than_others() -> None:
    """ "wnat" is "want", though "what" is used more and no further away."""
    careful = Wording(counted(["want what what what", "amount about about"]), synonyms={})
    assert careful.standard("wnat amout", "en") == "want amount"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("serca", "cerca"),
        ("yega", "llega"),
        ("biolencia", "violencia"),
        ("kiosko", "quiosco"),
        ("ipoteca", "hipoteca"),
        ("muger", "mujer"),
        ("hempresa", "empresa"),
        ("amenaso", "amenaza"),
    ],
)
def test_who_writes_as_one_speaks_is_read(typed: str, meant: str) -> None:
    phrases = [
        "cerca llega violencia quiosco hipoteca mujer mugre mugre empresa",
        "amenaza apenas apenas apenas",
    ]
    careful = Wording(counted(phrases), synonyms={}, dictionary=Dictionary())
    assert careful.standard(typed, "es") == meant


def test_a_slip_is_of_a_word_of_the_same_language_first() -> None:
    careful = Wording(counted(["rag rag ragtime", "rango"]), synonyms={}, dictionary=Dictionary())
    assert careful.standard("rgo rago", "es") == "rgo rango"


def test_a_slip_of_a_common_word_that_the_knowledge_does_not_use_is_mended_too() -> None:
    careful = Wording(counted(["otra cosa"]), synonyms={}, dictionary=Dictionary())
    assert careful.standard("vedeo noctre qwxzk", "es") == "vedeo noctre qwxzk"
    assert careful.mended("¿Mi hemrana?", "es") == "¿Mi hermana?"


def test_a_form_of_a_verb_is_no_slip_of_another() -> None:
    careful = Wording(counted(["el mando", "pagamos"]), synonyms={}, dictionary=Dictionary())
    assert careful.standard("matando", "es") == "matando"


def test_synonyms_belong_to_a_language() -> None:
    assert wording.standard("prefeitura", "pt") == "alcaldía"
    assert wording.standard("prefeitura", "es") == "prefeitura"
    assert wording.standard("prestamito", "xx") == "prestamito"


def test_a_text_as_typed_is_mended_alone() -> None:
    """Case, punctuation and words that a synonym would replace stay; a name is no slip."""
    assert (
        wording.mended("Un PRESTAMITO, o facturasion en Ceibo?", "es")
        == "Un PRESTAMITO, o facturación en Ceibo?"
    )


def test_a_name_is_not_mended() -> None:
    unprotected = Wording(counted(PHRASES), synonyms={})
    assert unprotected.standard("registra", "es") == "registrar"
    assert wording.standard("registro", "es") == "registro"
    assert wording.standard("ceibo", "es") == "ceibo"


def test_a_short_word_is_not_mended() -> None:
    assert wording.standard("nu", "es") == "nu"
    assert wording.standard("nun", "es") == "un"


def test_the_commonest_spelling_is_taken() -> None:
    assert wording.standard("credito", "es") == "crédito"


def test_general_words() -> None:
    assert wording.is_general("como")
    assert wording.is_general("a")
    assert not wording.is_general("marca")


@given(st.text(st.characters(categories=["Ll", "Lu", "Nd", "Po", "Zs"])))
def test_reading_twice_changes_nothing(text: str) -> None:
    once = wording.standard(text, "es")
    assert wording.standard(once, "es") == once


@given(st.sampled_from(PHRASES))
def test_capitals_and_marks_change_nothing(phrase: str) -> None:
    assert wording.standard(f"¡{phrase.upper()}!", "es") == wording.standard(phrase, "es")


def test_a_word_that_comes_again_is_read_as_before_whatever_came_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.advice.wording.WORDS_REMEMBERED", 2)
    texts = ["q credito", "fatcuracion", "un prestamito", "q credito", "xyz fatcuracion"]
    read = [wording.standard(text, "es") for text in texts]
    assert read == ["que crédito", "facturación", "un crédito", "que crédito", "xyz facturación"]
