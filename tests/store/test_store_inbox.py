"""The inbox: each update once, in order per chat."""

from store_rows import NOON, later

from bot.store import Reading, Store


async def ids(t: Reading, *excluded: str, limit: int = 10) -> list[int]:
    return [row.update_id for row in await t.waiting(limit, excluded)]


async def test_received_once(store: Store) -> None:
    """An update that arrives again is not new, and stays as it was."""
    async with store.transaction() as t:
        assert await t.receive([(7, "a", {"text": "uno"}), (8, None, {})], NOON) == 2
        assert await t.receive([(7, "a", {"text": "otro"}), (9, "b", {})], later(1)) == 1
        assert await t.receive([], NOON) == 0
        first, *_ = await t.waiting(10)
    assert (first.payload, first.received_at, first.tries) == ({"text": "uno"}, NOON, 0)


async def test_order_per_chat(store: Store) -> None:
    """Of each chat only the oldest is given; the next comes when that one is done or failed."""
    async with store.transaction() as t:
        await t.receive([(1, "a", {}), (2, "a", {}), (3, "b", {}), (4, "b", {}), (5, "a", {})], NOON)
        assert await ids(t) == [1, 3]
        await t.done(1, NOON)
        await t.failed(3, "cannot be read", NOON)
        assert await ids(t) == [2, 4]
        assert await ids(t, "a") == [4]
        assert await ids(t, "a", "b") == []
        assert await ids(t, limit=1) == [2]


async def test_without_a_chat(store: Store) -> None:
    """Updates of no chat wait for nobody."""
    async with store.transaction() as t:
        await t.receive([(1, None, {}), (2, None, {}), (3, "a", {})], NOON)
        assert await ids(t, "a") == [1, 2]


async def test_retry_counts(store: Store) -> None:
    """A retried update waits on, with one more try."""
    async with store.transaction() as t:
        await t.receive([(1, "a", {})], NOON)
        assert await t.retry(1)
        assert await t.retry(1)
        (row,) = await t.waiting(10)
        assert row.tries == 2
        assert not await t.retry(2)
        assert not await t.done(2, NOON)
        assert not await t.failed(2, "?", NOON)


async def test_oldest_and_last(store: Store) -> None:
    """What waits longest and what came last are known, also in an empty inbox."""
    async with store.transaction() as t:
        assert await t.oldest_waiting() is None
        assert await t.last_update_id() is None
        await t.receive([(2**40, "a", {})], NOON)
        await t.receive([(6, "b", {})], later(1))
        assert await t.oldest_waiting() == NOON
        await t.done(2**40, later(2))
        assert await t.oldest_waiting() == later(1)
        assert await t.last_update_id() == 2**40
