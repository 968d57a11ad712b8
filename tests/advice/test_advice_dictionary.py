"""Words of a language are known, slips of them are not."""

from pathlib import Path

import pytest

from bot.advice.dictionary import Dictionary
from bot.advice.kept import Kept

dictionary = Dictionary()


@pytest.mark.parametrize(
    ("word", "language"),
    [("hambre", "es"), ("salon", "es"), ("tintos", "es"), ("baker", "en"), ("salon", "en"), ("vinho", "pt")],
)
def test_words_are_known_without_their_accents(word: str, language: str) -> None:
    assert dictionary.has(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [("matando", "es"), ("facturarles", "es"), ("pintamos", "es"), ("vendiendo", "es"), ("cobravam", "pt")],
)
def test_forms_of_regular_verbs_are_known(word: str, language: str) -> None:
    assert dictionary.has(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("serca", "es"),
        ("yega", "es"),
        ("kobraron", "es"),
        ("bentas", "es"),
        ("matando", "en"),
        ("xando", "es"),
    ],
)
def test_what_only_ends_like_a_verb_is_none(word: str, language: str) -> None:
    assert not dictionary.has(word, language)


def test_the_commonest_of_some_words() -> None:
    assert dictionary.commonest(["hambre", "mujer", "mugir"], "es") == "mujer"
    assert dictionary.commonest(["xyzzy"], "es") is None
    assert dictionary.commonest([], "es") is None
    assert dictionary.commonest(["mujer"], "xx") is None


@pytest.mark.parametrize(("word", "language"), [("facturasion", "es"), ("bisness", "en"), ("baker", "xx")])
def test_slips_and_other_languages_are_not(word: str, language: str) -> None:
    assert not dictionary.has(word, language)


def test_what_was_read_once_is_kept(tmp_path: Path) -> None:
    assert Dictionary(Kept(tmp_path)).has("hunger", "en")
    assert [path.name.rsplit("-", 1)[0] for path in tmp_path.iterdir()] == ["dictionary-en"]
    assert Dictionary(Kept(tmp_path)).has("hunger", "en")
