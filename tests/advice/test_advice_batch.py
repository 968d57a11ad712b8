"""JSON lines in, JSON lines out, in order."""

import datetime
import json
from typing import Any

import pytest

from bot.advice import batch
from bot.advice.advisor import Advisor
from bot.errors import BotError

KEYS = ["id", "outcome", "language", "country", "audience", "topics", "answered_topics"]
KEYS += ["resources", "confidence", "ms"]  # fmt: skip


def answers(
    advisor: Advisor, *rows: dict[str, Any], day: datetime.date, repeat: int = 1
) -> list[dict[str, Any]]:
    lines = [json.dumps(row) for row in rows]
    questions = batch.questions(lines, "questions.jsonl")
    return [json.loads(line) for line in batch.run(advisor, questions, day=day, repeat=repeat)]


def test_one_line_a_question_in_order(tiny_advisor: Advisor, day: datetime.date) -> None:
    rows = [{"id": n, "text": text} for n, text in enumerate(["hola", "necesito un crédito", "", "fútbol"])]
    told = answers(tiny_advisor, *rows, day=day)
    assert [row["id"] for row in told] == [0, 1, 2, 3]
    assert all(list(row) == KEYS for row in told)


def test_an_answer(tiny_advisor: Advisor, day: datetime.date) -> None:
    row = {
        "id": "a",
        "text": "necesito un crédito",
        "language": "en",
        "profile": {"country": "UY"},
        "more": 1,
    }
    told = answers(tiny_advisor, row, day=day, repeat=3)[0]
    assert (told["outcome"], told["language"], told["country"], told["audience"]) == (
        "answer",
        "es",
        "UY",
        None,
    )
    assert told["answered_topics"] == ["loans"]
    assert told["topics"][0] == {"id": "loans", "confidence": told["confidence"]}
    assert set(told["resources"][:2]) == {"uy-credito", "uy-credito-mujeres"}
    assert 0 < told["confidence"] <= 1
    assert told["ms"] > 0


def test_what_is_not_answered_covers_nothing(tiny_advisor: Advisor, day: datetime.date) -> None:
    told = answers(tiny_advisor, {"id": 1, "text": "quién ganó el partido"}, day=day)[0]
    assert told["outcome"] == "no_match"
    assert told["answered_topics"] == told["resources"] == []


def test_a_client_may_report_its_language_with_a_region(tiny_advisor: Advisor, day: datetime.date) -> None:
    for text in ("👍", "ok"):
        row = {"id": 1, "text": text, "language": "pt-BR"}
        assert answers(tiny_advisor, row, day=day)[0]["language"] == "pt"


def test_a_client_may_report_a_language_nobody_knows(tiny_advisor: Advisor, day: datetime.date) -> None:
    for text in ("👍", "necesito un crédito"):
        assert (
            answers(tiny_advisor, {"id": 1, "text": text, "language": "fr"}, day=day)[0]["language"] == "es"
        )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not json", "q.jsonl:2: not a JSON object; write one object a line"),
        ("[1]", "q.jsonl:2: a question needs an id and a text"),
        ('{"id": 1}', "q.jsonl:2: a question needs an id and a text"),
        ('{"text": "a"}', "q.jsonl:2: a question needs an id and a text"),
        ('{"id": 1, "text": 5}', "q.jsonl:2: a question needs an id and a text"),
        ('{"id": 1, "text": "a", "profile": "UY"}', "q.jsonl:2: "),
        ('{"id": 1, "text": "a", "profile": {"country": 5}}', "q.jsonl:2: "),
        ('{"id": 1, "text": "a", "language": ["es"]}', "q.jsonl:2: "),
        ("[" * 100_000, "q.jsonl:2: not a JSON object"),
    ],
)
def test_a_wrong_line_is_named(tiny_advisor: Advisor, day: datetime.date, line: str, message: str) -> None:
    with pytest.raises(BotError) as caught:
        list(
            batch.run(tiny_advisor, batch.questions(['{"id": 0, "text": "hola"}', line], "q.jsonl"), day=day)
        )
    assert str(caught.value).startswith(message)


def test_empty_lines_are_skipped() -> None:
    assert [row["id"] for row in batch.questions(["", '{"id": 1, "text": "a"}', "  "], "q")] == [1]
