"""The outbox: each message in its turn."""

import pytest
from sqlalchemy.exc import IntegrityError
from store_rows import NOON, later, message, person

from bot.store import BROADCAST, STAFF, Reading, Store, Transaction


async def due(t: Reading, minutes: int = 0, limit: int = 10) -> list[int]:
    return [row.id for row in await t.due(later(minutes), limit)]


async def test_comes_back_as_posted(store: Store) -> None:
    """A message keeps every field, and has a number."""
    posted = message(person="ana", request="r1", after_key="edit:5", priority=STAFF)
    async with store.transaction() as t:
        await t.add_person(person())
        number = await t.post(posted)
        (row,) = await t.due(NOON, 10)
    assert vars(row) == vars(posted) | {"id": number}


async def test_order_per_chat(store: Store) -> None:
    """A message waits for the earlier one of its chat, until that is sent, failed or dropped."""
    async with store.transaction() as t:
        first, second, third = [await t.post(message("a")) for _ in range(3)]
        other = await t.post(message("b"))
        assert await due(t) == [first, other]
        assert await t.sending(first)
        assert await due(t) == [other]
        assert await t.sent(first, 77, NOON)
        assert await due(t) == [second, other]
        assert await t.fail(second, "too long", NOON)
        assert await due(t, limit=1) == [third]


async def test_postponed_holds_up_its_chat_only(store: Store) -> None:
    """A message to be tried again later keeps its place; other chats go on."""
    async with store.transaction() as t:
        first, _ = await t.post(message("a")), await t.post(message("a"))
        other = await t.post(message("b"))
        await t.sending(first)
        assert await t.postpone(first, later(5), "429")
        assert await due(t) == [other]
        (row, _) = await t.due(later(5), 10)
    assert (row.id, row.tries, row.error, row.due_at) == (first, 1, "429", later(5))


async def test_most_urgent_first(store: Store) -> None:
    """Answers go before words to the staff, and those before broadcasts, in the same chat too."""
    async with store.transaction() as t:
        broadcast = await t.post(message("a", priority=BROADCAST))
        staff = await t.post(message("staff", priority=STAFF))
        answer = await t.post(message("a"))
        assert await due(t) == [answer, staff]
        await t.sent(answer, 1, NOON)
        assert await due(t) == [staff, broadcast]


async def test_taken_once(store: Store) -> None:
    """Two senders do not take the same message."""
    async with store.transaction() as t:
        number = await t.post(message())
        assert await t.sending(number)
        assert not await t.sending(number)
        assert not await t.sending(number + 1)


async def test_stuck(store: Store) -> None:
    """What a killed sender left behind is found."""
    async with store.transaction() as t:
        number = await t.post(message("a"))
        await t.post(message("b"))
        await t.sending(number)
        (row,) = await t.stuck()
        assert (row.id, row.tries) == (number, 1)


async def test_drop_for_chat(store: Store) -> None:
    """Nothing waits any more for a chat that takes nothing; what is under way is left alone."""
    async with store.transaction() as t:
        under_way = await t.post(message("a"))
        await t.post(message("a"))
        other = await t.post(message("b"))
        await t.sending(under_way)
        assert await t.drop_for_chat("a", NOON, "blocked") == 1
        assert await due(t) == [other]
        assert [row.id for row in await t.stuck()] == [under_way]


async def test_next_due(store: Store) -> None:
    """The sender can know how long to rest."""
    async with store.transaction() as t:
        assert await t.next_due() is None
        await t.post(message("a", due_at=later(9)))
        number = await t.post(message("b", due_at=later(3)))
        assert await due(t) == []
        assert await t.next_due() == later(3)
        await t.sent(number, None, NOON)
        assert await t.next_due() == later(9)


async def test_unknown(store: Store) -> None:
    """Settling a message that was erased meanwhile changes nothing."""
    async with store.transaction() as t:
        assert not await t.sent(1, 1, NOON)
        assert not await t.fail(1, "?", NOON)
        assert not await t.postpone(1, NOON)


async def half(t: Transaction) -> None:
    """Do something, and then what the database refuses."""
    async with t.part():
        await t.once("half", NOON)
        await t.add_step("no case", NOON, "Mia", "note")


async def test_a_part_that_fails_is_taken_back_alone(store: Store) -> None:
    """What the database refuses inside a part leaves what is around it as it was."""
    async with store.turn() as t:
        first = await t.post(message())
        with pytest.raises(IntegrityError):
            await half(t)
        await t.note_error(first, "not followed")
    async with store.reading() as now:
        found = await now.message(first)
        assert found is not None
        assert (found.state, found.error) == ("waiting", "not followed")
        assert not await now.is_done("half")
