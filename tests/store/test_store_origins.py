"""Origins: a message is found again by its number, a question by its parts."""

from store_rows import NOON, later, message, origin, person

from bot.store import Store


async def test_versions_of_a_message(store: Store) -> None:
    """A message has one row for each version, oldest first; in another chat the number is another's."""
    async with store.transaction() as t:
        await t.add_person(person())
        for update_id, chat in ((3, "7"), (5, "7"), (4, "8")):
            await t.add_origin(origin(update_id, chat=chat, message=1))
    async with store.reading() as now:
        assert [row.update_id for row in await now.origins("7", 1)] == [3, 5]
        assert await now.origins("7", 2) == []


async def test_parts_of_a_question(store: Store) -> None:
    """The messages that are one question are found by its event."""
    async with store.transaction() as t:
        await t.add_person(person())
        for update_id in (3, 4):
            await t.add_origin(origin(update_id, message=update_id, event="e9"))
        await t.add_origin(origin(5, message=5, event="e5"))
    async with store.reading() as now:
        assert [row.message for row in await now.parts("e9")] == [3, 4]


async def test_what_was_posted_under_a_key(store: Store) -> None:
    """What answers an event is found by the key it was posted under, in its chat."""
    async with store.transaction() as t:
        first = await t.post(message("7", after_key="e1"))
        await t.post(message("8", after_key="e1"))
        await t.post(message("7", after_key="e2", created_at=later(5)))
        assert [row.id for row in await t.after("7", "e1")] == [first]
        assert await t.after("7", "e2", since=later(6)) == []
        assert len(await t.after("7", "e2", since=later(5))) == 1
        assert await t.behind("7") == 2
        found = await t.message(first)
        assert found is not None
        assert found.after_key == "e1"


async def test_what_arrived_in_a_chat(store: Store) -> None:
    """What waits in a chat, and what came before an update, near and far."""
    async with store.transaction() as t:
        await t.receive([(1, "7", {"n": 1}), (2, "8", {"n": 2})], NOON)
        await t.receive([(3, "7", {"n": 3}), (4, "7", {"n": 4})], later(1))
        await t.done(1, NOON)
    async with store.reading() as now:
        assert [row.update_id for row in await now.waiting_in("7", 9)] == [3, 4]
        assert [row.update_id for row in await now.before("7", 4, 9)] == [3, 1]
        assert (second := await now.nth_before("7", 4, 2)) is not None
        assert second.update_id == 1
        assert await now.nth_before("7", 4, 3) is None
        assert await now.payload(3) == {"n": 3}
        assert await now.payload(99) == {}


async def test_ban(store: Store) -> None:
    """A person is kept out, and let in again."""
    async with store.transaction() as t:
        await t.add_person(person())
        assert await t.ban("ana", NOON)
        kept_out = await t.person_by_id("ana")
        assert kept_out is not None
        assert kept_out.banned_at == NOON
        await t.ban("ana", None)
        assert not await t.ban("nobody", NOON)
