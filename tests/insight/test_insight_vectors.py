"""Vectors of logged questions: read once, some at a time, with the encoder there is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from fake_encoder import FakeEncoder
from logged import several

from bot.insight.gaps import gaps
from bot.insight.vectors import QuestionVectors

CARTS = ("patente para un carrito", "permiso de venta en la calle", "vender en la calle con permiso")


def test_each_question_is_read_once() -> None:
    encoder = FakeEncoder()
    vectors = QuestionVectors(lambda: encoder)
    assert list(vectors.of(["uno", "dos", "uno"])) == ["uno", "dos"]
    assert list(vectors.of(["dos", "tres"])) == ["dos", "tres"]
    assert encoder.encoded == ["uno", "dos", "tres"]


def test_as_many_are_read_as_there_is_time_for_the_first_ones_first() -> None:
    """Each look at the clock is a second later: before the first question, and after each."""
    seconds = count()
    vectors = QuestionVectors(FakeEncoder, seconds=2, clock=lambda: next(seconds))
    looks = [list(vectors.of(["uno", "dos", "tres"])) for _ in range(3)]
    assert looks == [["uno", "dos"], ["uno", "dos", "tres"], ["uno", "dos", "tres"]]


def test_without_an_encoder_there_are_none() -> None:
    assert QuestionVectors(lambda: None).of(["uno"]) == {}
    questions = several(*CARTS)
    assert gaps(questions, read=QuestionVectors(lambda: None).of) == gaps(questions)


def test_another_encoder_reads_anew() -> None:
    encoders = [FakeEncoder("one"), FakeEncoder("two")]
    turn: Iterator[FakeEncoder] = iter(encoders)
    vectors = QuestionVectors(lambda: next(turn))
    for _ in encoders:
        vectors.of(["uno"])
    assert [each.encoded for each in encoders] == [["uno"], ["uno"]]


def test_a_long_question_is_read_as_far_as_its_time_is_worth() -> None:
    encoder = FakeEncoder()
    QuestionVectors(lambda: encoder).of(["muy " * 300])
    assert len(encoder.encoded[0].split()) == 60


def test_what_nobody_asks_for_is_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.insight.vectors.KEPT", 1)
    encoder = FakeEncoder()
    vectors = QuestionVectors(lambda: encoder)
    for questions in (["uno", "dos"], ["dos"], ["uno"]):
        vectors.of(questions)
    assert encoder.encoded == ["uno", "dos", "uno"]


def test_threads_read_one_after_the_other() -> None:
    encoder = FakeEncoder()
    vectors = QuestionVectors(lambda: encoder)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(vectors.of, [["uno", "dos"]] * 8))
    assert [list(each) for each in found] == [["uno", "dos"]] * 8
    assert encoder.encoded == ["uno", "dos"]


def test_gaps_ask_for_each_wording_once_the_newest_first() -> None:
    asked: list[str] = []

    def read(questions: object) -> dict[str, object]:
        asked.extend(questions)  # type: ignore[call-overload]
        return {}

    gaps(several("vender miel", "¿Vender miel?", "abrir un taller"), read=read)  # type: ignore[arg-type]
    assert asked == ["abrir un taller", "vender miel"]
