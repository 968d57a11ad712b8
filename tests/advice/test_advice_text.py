"""Cleaning and folding: for any text people, phones and machines send."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.advice.text import INVISIBLE, clean, fold, is_blank, squeeze, words

# Lone surrogates are what a broken phone or a cut JSON escape sends: text() leaves them out by itself.
ANYTHING = st.text(st.characters(exclude_categories=()))
HOSTILE = st.text(
    st.sampled_from("aé́ñÑ1 \t\n\r\x00\x1b\x85\u200b\u200d\u202e\u2066\ufeff\u2028\ud83d\ude00😀🇺🇾ﬁßİشׁ<&'")
)


@given(ANYTHING | HOSTILE)
@example("e\u200b\u0301")
@example("\ud83d\ude00")
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANYTHING | HOSTILE)
def test_cleaned_text_is_one_visible_line(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in cleaned)
    assert not INVISIBLE.search(cleaned)


@given(ANYTHING | HOSTILE)
@example("ᴬ")
@example("ŉ")
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANYTHING | HOSTILE)
def test_words_are_folded_and_bare(text: str) -> None:
    assert all(word and not set(word) & set(" .&'<>") for word in words(text))


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("  hola \n\n ¿qué   tal?\t", "hola ¿qué tal?"),
        ("fac\u200btu\u00adra", "factura"),
        ("\u202efactura\u202c", "factura"),
        ("a\x00b\x1bc", "a b c"),
        ("n\u0303andu\u0301", "ñandú"),
        ("uno\u2028dos", "uno dos"),
        ("\ufeffhola", "hola"),
        ("roto \ud83d fin", "roto fin"),
    ],
)
def test_clean(typed: str, seen: str) -> None:
    assert clean(typed) == seen


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Señorío", "senorio"), ("ÁÉÍÓÚÜ", "aeiouu"), ("Facturação", "facturacao"), ("RUT", "rut"), ("ß", "ss")],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_keep_what_belongs_together() -> None:
    assert words("¿El R.U.T. de AT&T, o'higgins y 2026?") == [
        "el",
        "rut",
        "de",
        "att",
        "ohiggins",
        "y",
        "2026",
    ]


@pytest.mark.parametrize(
    ("word", "said"), [("holaaaa", "hola"), ("coop", "coop"), ("siiii", "si"), ("777", "777")]
)
def test_squeeze(word: str, said: str) -> None:
    assert squeeze(word) == said


@pytest.mark.parametrize("text", ["", "   ", "👍", "🇺🇾🇭🇳", "¿¿??", "...", "<>", "\u200b", "—"])
def test_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "1", "ñ", "👍 ok", "ش"])
def test_not_blank(text: str) -> None:
    assert not is_blank(text)
