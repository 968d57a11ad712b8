"""What may have been meant by a word, kind of slip by kind of slip."""

import pytest

from bot.advice import slips


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("rcedito", "credito"), ("credto", "credito"), ("creditto", "credito"), ("redito", "credito")],
)
def test_letters_change_places_are_left_out_or_come_twice(typed: str, meant: str) -> None:
    assert meant in slips.likely(typed)


@pytest.mark.parametrize("typed", ["crefito", "crdedito", "xcredito"])
def test_a_letter_stands_for_another_or_is_too_many(typed: str) -> None:
    assert "credito" in slips.others(typed)
    assert "credito" not in slips.likely(typed)


@pytest.mark.parametrize(
    ("typed", "meant", "language"),
    [
        ("serca", "cerca", "es"),
        ("conoser", "conocer", "es"),
        ("yega", "llega", "es"),
        ("ekipo", "equipo", "es"),
        ("bolber", "volver", "es"),
        ("ora", "hora", "es"),
        ("enpresa", "empresa", "es"),
        ("presiso", "preciso", "pt"),
        ("xegar", "chegar", "pt"),
    ],
)
def test_one_sound_or_two_are_written_otherwise(typed: str, meant: str, language: str) -> None:
    assert meant in slips.heard(typed, language)


def test_the_sounds_of_another_language_are_not_known() -> None:
    assert slips.heard("serca", "en") == []


def test_number_and_gender() -> None:
    assert {"plan", "planess"} <= set(slips.number("planes"))
    assert {"marca", "marcas", "marcos"} <= set(slips.gender("marco"))
    assert "marca" in slips.gender("marcos")


@pytest.mark.parametrize("word", ["", "a", "ab"])
def test_the_shortest_words_have_slips_too(word: str) -> None:
    for found in (slips.likely(word), slips.others(word), slips.heard(word, "es"), slips.number(word)):
        assert all(isinstance(meant, str) for meant in found)
