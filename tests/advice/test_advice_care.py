"""Wishes: those of somebody who wants no more of life need care, those of a business do not."""

import datetime

import pytest

from bot.advice.advice import Sensitive, Smalltalk
from bot.advice.advisor import Advisor

DAY = datetime.date(2026, 11, 24)


@pytest.mark.parametrize(
    "wish",
    [
        "I want to grow my shop",
        "I want to sell",
        "i want to make it",
        "i want to travel",
        "i want to change my life",
        "i want to end my lease",
        "i want to live from my crafts",
        "I want to quit my job and start a business",
        "I want to",
        "quiero",
        "quiero crecer",
        "quiero cambiar de vida",
        "quiero cerrar y descansar",
        "quiero dejar mi trabajo y emprender",
        "quiero salir adelante",
        "no quiero seguir con este proveedor",
        "no quiero más empleados",
        "quero largar tudo e abrir um negócio",
        "quero acabar com o desperdício",
        "quero mudar de vida",
    ],
)
def test_an_ordinary_wish_needs_no_care(lexical_advisor: Advisor, wish: str) -> None:
    assert not isinstance(lexical_advisor.advise(wish, day=DAY), Sensitive)


@pytest.mark.parametrize(
    "wish",
    [
        "I want to kill myself",
        "i don't want to be here any more",
        "i just want it to stop",
        "I want to disappear",
        "I want to end it",
        "my brother wants to kill himself",
        "quiero morirme",
        "tengo ganas de morirme",
        "quiero desaparecer",
        "quiero dejar de vivir",
        "quiero acabar con todo",
        "quiero que se termine todo",
        "no quiero despertar",
        "quisiera no despertar nunca más",
        "ya no quiero estar aquí",
        "me quiero matar por las deudas",
        "quero sumir",
        "não quero mais viver assim",
        "quero acabar com a minha vida",
    ],
)
def test_who_wants_no_more_of_life_is_heard(lexical_advisor: Advisor, wish: str) -> None:
    advice = lexical_advisor.advise(wish, day=DAY)
    assert isinstance(advice, Sensitive)
    assert advice.kind == "self-harm"


@pytest.mark.parametrize("letters", ["x", "X", "xx"])
@pytest.mark.parametrize("previous", [None, "loans"])
def test_a_lone_letter_is_no_question(lexical_advisor: Advisor, letters: str, previous: str | None) -> None:
    """Whatever was answered before."""
    advice = lexical_advisor.advise(letters, day=DAY, previous=previous)
    assert isinstance(advice, Smalltalk)
    assert advice.kind == "nonsense"
