"""What a command printed, and rows for the log it reads."""

import asyncio
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.store import RequestRow, Store

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def fault(self) -> str:
        """The one line on standard error, with nothing on standard output."""
        assert self.out == ""
        assert self.err.startswith("error: "), self.err
        assert self.err.count("\n") == 1, self.err
        assert self.err.endswith("\n")
        assert "Traceback" not in self.err
        return self.err.removeprefix("error: ").rstrip("\n")


Run = Callable[..., Ran]


def ask(environment: dict[str, str], **row: Any) -> None:
    """Put one more request into the database."""

    async def add() -> None:
        store = await Store.open(environment["BOT_DATABASE__URL"])
        async with store.transaction() as now:
            await now.add_request(RequestRow(time=NOON, channel="telegram", **row))
        await store.close()

    asyncio.run(add())


REQUESTS = (
    {
        "id": "r1",
        "person": "ana",
        "question": "necesito un crédito, escríbanme a ana@example.org o al +598 99 123 456",
        "outcome": "answer",
        "language": "es",
        "country": "UY",
        "audience": "women",
        "topics": ("loans", "export"),
        "resources": ("uy-credito", "guia-global"),
        "confidence": 0.87654,
        "feedback": "up",
        "candidates": [["loans", 0.87]],
    },
    {"id": "r2", "person": "eva", "question": "=HYPERLINK(1;2)", "outcome": "no_match"},
    {
        "id": "r3",
        "person": "eva",
        "question": "mi marido me golpea",
        "outcome": "sensitive",
        "kind": "violence",
    },
    {"id": "r4", "person": "eva", "question": 'dice "hola",\ny\tnada más', "outcome": "smalltalk"},
)
CASES = (
    {
        "id": "c1",
        "person": "ana",
        "reason": "person",
        "request": "r1",
        "promised": datetime.date(2026, 11, 25),
    },
    {"id": "c2", "person": "eva", "reason": "sensitive", "request": "r3"},
)
