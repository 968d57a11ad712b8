"""Logged questions to learn from: the least a row needs, and what the test names."""

import datetime
from typing import Any

from bot.insight.asked import Asked

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


def asked(question: str = "¿cómo facturo?", **values: Any) -> Asked:
    """Return one question, unanswered where nothing else is named."""
    given = {"id": "r1", "person": "p-ana", "time": NOON, "outcome": "no_match", "language": "es"}
    return Asked(question=question, **{**given, **values})


def several(*questions: str, **values: Any) -> list[Asked]:
    """Return one row a question, each from another person, a minute apart."""
    return [
        asked(
            question,
            **{
                "id": f"r{n}",
                "person": f"p-{n}",
                "time": NOON + datetime.timedelta(minutes=n),
                **values,
            },
        )
        for n, question in enumerate(questions)
    ]
