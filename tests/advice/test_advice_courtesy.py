"""Greetings and thanks around a question are taken off; a message of nothing else stays whole."""

import pytest

from bot.advice.courtesy import Courtesies
from bot.advice.knowledge import Knowledge
from bot.advice.phrases import OUT, TOPIC, training_phrases


@pytest.fixture(scope="module")
def courtesies(shipped: Knowledge) -> Courtesies:
    needs = (text for _, text, (kind, _) in training_phrases(shipped) if kind in (TOPIC, OUT))
    return Courtesies(shipped.smalltalk, needs)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Hola buenas tardes, ¿cómo saco un crédito? gracias", "cómo saco un crédito?"),
        ("hola necesito un contador", "necesito un contador"),
        ("Holaaa, quiero exportar. Muchas gracias!", "quiero exportar"),
        ("good morning, how do I export? thank you", "how do I export?"),
        ("olá, bom dia, quero exportar", "quero exportar"),
        ("gracias, y en uruguay?", "y en uruguay?"),
        ("buenas prácticas de manufactura", "buenas prácticas de manufactura"),
        ("hola", "hola"),
        ("hola, buenos días", "hola, buenos días"),
        ("muchas gracias", "muchas gracias"),
        ("necesito un crédito", "necesito un crédito"),
        ("", ""),
    ],
)
def test_courtesies_are_taken_off(courtesies: Courtesies, text: str, bare: str) -> None:
    assert courtesies.bare(text) == bare
