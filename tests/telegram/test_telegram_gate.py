"""What is a flood: what was written too fast, never what only arrived at once."""

import asyncio
import datetime
from typing import Any

import pytest
from echo_desk import TEXTS, EchoDesk
from users import Run, say, until
from world import User, World

from bot.conversation.events import Said
from bot.store import InboxRow, OutboxRow, PersonRow, Store, Transaction
from bot.telegram import gate

NOON = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)
LATER = NOON + datetime.timedelta(hours=3)
SECOND, MINUTE = datetime.timedelta(seconds=1), datetime.timedelta(minutes=1)
EVA = PersonRow(id="eva", channel="telegram", address="8", pseudonym="p-eva", first_seen=NOON, last_seen=NOON)


def written(number: int, at: datetime.datetime, *, edited: bool = False, by: int = 8) -> dict[str, Any]:
    """Return an update as it comes, of a question written (or `edited`) at a time."""
    stamp = int(at.timestamp())
    message = {
        "message_id": number,
        "date": stamp - 900 if edited else stamp,
        "chat": {"id": by, "type": "private", "first_name": "Eva"},
        "from": {"id": by, "is_bot": False, "first_name": "Eva", "language_code": "es"},
        "text": f"¿pregunta {number}?",
    }
    if edited:
        return {"update_id": number, "edited_message": message | {"edit_date": stamp}}
    return {"update_id": number, "message": message}


async def arrive(t: Transaction, updates: list[dict[str, Any]]) -> InboxRow:
    """Have updates arrive together, hours after they were written; return the last one."""
    await t.receive([(update["update_id"], "8", update) for update in updates], LATER)
    return (await t.waiting_in("8", 99))[-1]


async def answered_so_far(t: Transaction, count: int, **more: Any) -> None:
    for _ in range(count):
        await t.post(OutboxRow(chat="8", payload={}, created_at=LATER, due_at=LATER, **more))


async def refused(t: Transaction, row: InboxRow) -> gate.Refusal | None:
    return await gate.refusal(EVA, "8", row, now=LATER, stored=t)


@pytest.mark.parametrize("edited", [False, True])
async def test_slowly_written_is_no_flood(store: Store, edited: bool) -> None:
    """What was written over an hour may arrive at once, its answers all waiting."""
    async with store.transaction() as t:
        row = await arrive(t, [written(n, NOON + n * MINUTE, edited=edited) for n in range(1, 41)])
        await answered_so_far(t, 30)
        assert await refused(t, row) is None


@pytest.mark.parametrize("edited", [False, True])
async def test_quickly_written_is_a_flood(store: Store, edited: bool) -> None:
    """What was written within seconds is a flood, whenever it arrives."""
    async with store.transaction() as t:
        at = [NOON + n * SECOND / 2 for n in range(1, 17)]
        row = await arrive(t, [written(n, time, edited=edited) for n, time in enumerate(at, 1)])
        refusal = await refused(t, row)
        assert refusal is not None
        assert len(refusal.reply(TEXTS, None)) == 1


@pytest.mark.parametrize(("behind", "flood"), [(9, False), (10, True)])
async def test_waiting_answers_of_who_wrote_as_much(store: Store, behind: int, flood: bool) -> None:
    """Ten within ten seconds are too many where ten answers wait to be sent."""
    async with store.transaction() as t:
        row = await arrive(t, [written(n, NOON + n * SECOND / 2) for n in range(1, 11)])
        await answered_so_far(t, behind)
        assert (await refused(t, row) is not None) == flood


async def test_presses_go_by_their_arrival(store: Store) -> None:
    """Of a press only its arrival is known: it does not make what was written before a flood."""
    presses = [{"update_id": n, "callback_query": {"id": str(n), "from": {"id": 8}}} for n in range(1, 31)]
    async with store.transaction() as t:
        assert await refused(t, await arrive(t, presses)) is not None
        assert await refused(t, await arrive(t, [written(40, NOON)])) is None


async def test_others_in_a_group_are_not_counted(store: Store) -> None:
    """Whoever writes among many quick ones did not write their messages."""
    async with store.transaction() as t:
        others = [written(n, NOON, by=8 + n) for n in range(1, 41)]
        row = await arrive(t, [*others, written(41, NOON)])
        await answered_so_far(t, 30)
        assert await refused(t, row) is None


@pytest.mark.parametrize(("state", "told"), [("waiting", True), ("sent", True), ("failed", False)])
async def test_the_line_is_seen(store: Store, state: str, told: bool) -> None:
    """A line that never arrived is said again; one that did, or will, is said once."""
    async with store.transaction() as t:
        row = await arrive(t, [written(n, NOON) for n in range(1, 17)])
        await answered_so_far(t, 1, after_key=gate.SLOW, state=state)
        refusal = await refused(t, row)
        assert refusal is not None
        assert refusal.told == told


async def test_a_backlog_is_answered(
    run: Run, world: World, store: Store, desk: EchoDesk, refusals: list[str]
) -> None:
    """Twenty questions a minute apart, taken in together after the bot was away, are all answered."""
    refusals.append("terminated by other getUpdates")  # said to the first run, which is gone
    eva: User = world.user(8, lang="es", first_name="Eva")
    async with run():
        await say(eva, "hola")
    async with store.transaction() as t:
        questions = [written(n, NOON + n * MINUTE) for n in range(10_001, 10_021)]
        await t.receive([(update["update_id"], "8", update) for update in questions], LATER)
    async with run():
        async with asyncio.timeout(30):
            while len(desk.seen) < 21:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await until(world, lambda stats: stats["calls"].get("sendMessage", 0) > 3)
    said = [event.text for event in desk.seen if isinstance(event, Said)]
    assert said == ["hola", *(f"¿pregunta {n}?" for n in range(10_001, 10_021))]
    assert await store.requests(outcome=gate.THROTTLED) == []
