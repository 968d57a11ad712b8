"""What follows a delivery."""

import datetime
from pathlib import Path

import pytest

from bot.store import MEMORY, OutboxRow, Store, Transaction, Unavailable
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


@pytest.mark.parametrize("memory", [True, False])
async def test_what_fails_afterwards_is_taken_back_and_noted(tmp_path: Path, memory: bool) -> None:
    """What was done until then is undone, the delivery stays, and the row says what went wrong."""

    async def half(settled: Settled, now: Transaction) -> None:
        assert await now.once("half", NOON)
        await now.add_step("no case", NOON, "Mia", "note")  # refused by the database itself

    store = await Store.open(MEMORY if memory else f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    async with store.turn() as now:
        number = await now.post(row("card:c1"))
        (sent,) = await now.sending(number)
        await now.all_sent([(number, 5)], NOON)
        await Afterwards({"card": half}).happened(Settled(sent), now)
        await now.once("next", NOON)
    async with store.reading() as reading:
        found = await reading.message(number)
        assert found is not None
        assert (found.state, found.message_id) == ("sent", 5)
        assert "IntegrityError" in (found.error or "")
        assert not await reading.is_done("half")
        assert await reading.is_done("next")
    await store.close()


async def test_a_database_that_is_away_is_no_mistake_of_what_follows() -> None:
    """Whoever sends hears of it, and settles the row again later."""

    async def away(_: Settled, __: Transaction) -> None:
        raise Unavailable("database is away")

    store = await Store.open(MEMORY)
    with pytest.raises(Unavailable):
        async with store.transaction() as now:
            await Afterwards({"card": away}).happened(Settled(row("card:c1")), now)
    await store.close()
