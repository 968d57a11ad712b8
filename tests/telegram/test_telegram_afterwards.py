"""What follows a delivery."""

import datetime

import pytest

from bot.store import MEMORY, OutboxRow, Store, Transaction
from bot.telegram.afterwards import Afterwards, Settled

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


def row(key: str | None) -> OutboxRow:
    return OutboxRow(chat="7", payload={}, created_at=NOON, due_at=NOON, after_key=key)


async def test_what_follows_is_found_by_the_first_word(caplog: pytest.LogCaptureFixture) -> None:
    """Other keys are of no interest here; what fails is logged without its words and stops nothing."""
    met: list[tuple[str, bool]] = []

    async def keep(settled: Settled, _: Transaction) -> None:
        met.append((settled.argument, settled.delivered))
        if settled.argument == "c3":
            raise ValueError("a secret")

    afterwards = Afterwards({"card": keep})
    store = await Store.open(MEMORY)
    async with store.transaction() as now:
        for settled in (
            Settled(row("card:c1"), {"message_id": 1}),
            Settled(row("card:c2"), error="gone"),
            Settled(row("card:c3")),
            Settled(row("answer:e1")),
            Settled(row(None)),
        ):
            await afterwards.happened(settled, now)
    await store.close()
    assert met == [("c1", True), ("c2", False), ("c3", True)]
    assert [afterwards.follows(row(key)) for key in ("card:c1", "answer:e1", None)] == [True, False, False]
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text
