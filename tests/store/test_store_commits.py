"""Turns that share a commit: each all or nothing, all of them on the disk before they end."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event
from store_rows import NOON, later, message, person, request

from bot.store import Store, Unavailable
from bot.store.commits import Commits


@pytest.fixture
async def ana(store: Store) -> Store:
    async with store.turn() as t:
        await t.add_person(person(state={"count": 0}))
    return store


def commits_of(store: Store) -> list[str]:
    """Return where the commits of `store` are counted from now on."""
    counted: list[str] = []
    commits = store._commits
    assert isinstance(commits, Commits)
    event.listen(commits._engine, "commit", lambda _: counted.append("commit"))
    return counted


async def test_what_a_turn_did_is_stored(ana: Store) -> None:
    """A turn ends once its work is stored."""
    async with ana.turn() as t:
        await t.add_request(request())
    assert (await ana.counts())["requests"] == 1


async def test_fifty_turns_at_once(ana: Store) -> None:
    """Fifty turns that read, think and write lose nothing of each other where they read in the turn."""

    async def count(number: int) -> None:
        async with ana.turn() as t:
            async with t.aside() as reading:
                await reading.person_by_id("ana")
            await asyncio.sleep(0)
            now = await t.person_by_id("ana")
            assert now is not None
            await t.add_request(request(f"r{number}"))
            await t.update_person(
                "ana",
                language=None,
                country=None,
                audience=None,
                state={"count": now.state["count"] + 1},
                last_seen=later(number),
            )

    await asyncio.gather(*(count(number) for number in range(50)))
    async with ana.reading() as reading:
        now = await reading.person_by_id("ana")
    assert now is not None
    assert now.state == {"count": 50}
    assert (await ana.counts())["requests"] == 50


async def test_commits_are_shared(file_store: Store) -> None:
    """Twenty turns that end together wait for the disk a few times, not twenty."""
    async with file_store.turn() as t:
        await t.add_person(person())
    counted = commits_of(file_store)

    async def post() -> None:
        async with file_store.turn() as t:
            await t.post(message())

    await asyncio.gather(*(post() for _ in range(20)))
    assert (await file_store.counts())["outbox"] == 20
    assert len(counted) <= 3


async def test_one_failure_undoes_only_its_own(ana: Store) -> None:
    """An exception in one turn takes back that turn; those it shares a commit with are stored."""

    async def fail() -> None:
        async with ana.turn() as t:
            await t.add_request(request("bad"))
            raise ZeroDivisionError

    async def add(number: int) -> None:
        async with ana.turn() as t:
            await t.add_request(request(f"r{number}"))

    results = await asyncio.gather(add(1), fail(), add(2), fail(), add(3), return_exceptions=True)
    assert [type(result).__name__ for result in results] == ["NoneType", "ZeroDivisionError"] * 2 + [
        "NoneType"
    ]
    assert (await ana.counts())["requests"] == 3


async def test_cancelled_turn(ana: Store) -> None:
    """A turn cancelled half-way leaves nothing, and the next ones go on."""
    inside = asyncio.Event()

    async def stay() -> None:
        async with ana.turn() as t:
            await t.add_request(request())
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stay())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with ana.turn() as t:
        assert await t.request("r1") is None
        await t.add_request(request())
    assert (await ana.counts())["requests"] == 1


async def test_turn_inside_a_turn(ana: Store) -> None:
    """The mistake is named instead of waiting for ever."""
    async with ana.turn() as t:
        await t.post(message())
        with pytest.raises(RuntimeError, match="inside a transaction already"):
            async with ana.turn() as other:
                await other.post(message())


async def test_a_turn_that_changes_nothing_waits_for_nobody(file_store: Store) -> None:
    """Reading before the first change does not take the turn to write."""
    async with file_store.transaction(), file_store.turn() as t, t.aside() as reading:
        assert await reading.person("telegram", "chat-ana") is None


async def test_transactions_and_turns_take_turns(ana: Store) -> None:
    """The two ways to write keep each other out, and neither starves."""

    async def turn() -> None:
        async with ana.turn() as t:
            await t.post(message())

    async def transaction() -> None:
        async with ana.transaction() as t:
            await t.post(message())

    await asyncio.gather(*(work() for _ in range(10) for work in (turn, transaction)))
    assert (await ana.counts())["outbox"] == 20


async def test_full_disk_fails_all_that_share_the_commit(file_store: Store) -> None:
    """Where the disk is full nobody is told that their work was stored; afterwards it is stored again."""
    async with file_store.turn() as t:
        await t.add_person(person())
    commits = file_store._commits
    assert commits is not None
    pages = 0

    def limit(connection: sqlite3.Connection, _: object) -> None:
        if pages:
            connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(commits._engine, "connect", limit)
    pages = 1
    await commits.close()

    async def add(name: str) -> None:
        async with file_store.turn() as t:
            await t.add_request(request(name, question="ñ" * 60_000))

    results = await asyncio.gather(*(add(f"r{n}") for n in range(40)), return_exceptions=True)
    stored = sum(result is None for result in results)
    assert {type(result) for result in results} - {type(None)} == {Unavailable}
    assert (await file_store.counts())["requests"] == stored
    pages = 0
    await commits.close()
    await add("after")
    assert (await file_store.counts())["requests"] == stored + 1


async def test_file_moved_away(file_store: Store, tmp_path: Path) -> None:
    """While the file is away nothing is written, no empty one is made, and it goes on once it is back."""
    path = tmp_path / "data/bot.db"
    async with file_store.turn() as t:
        await t.add_person(person())
    path.rename(tmp_path / "away.db")
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"bot\.db cannot be opened"):
            async with file_store.turn() as t:
                await t.post(message())
    assert not path.exists()
    (tmp_path / "away.db").rename(path)
    async with file_store.turn() as t:
        await t.post(message())
    assert (await file_store.counts())["outbox"] == 1


async def test_one_taker(postgres_url: str) -> None:
    """On PostgreSQL an update in hand is passed over by others, with what waits behind it in its chat."""
    first, second = await Store.open(postgres_url), await Store.open(postgres_url)
    async with first.turn() as t:
        await t.receive([(1, "7", {"n": 1}), (2, "7", {"n": 2}), (3, "8", {"n": 3})], NOON)
    async with first.turn() as mine:
        assert await mine.take(1)
        async with second.turn() as theirs:
            assert [row.update_id for row in await theirs.waiting(10)] == [3]
            assert not await theirs.take(1)
        await mine.done(1, NOON)
    async with second.turn() as theirs:
        assert not await theirs.take(1)
        assert [row.update_id for row in await theirs.waiting(10)] == [2, 3]
    await first.close()
    await second.close()


async def test_one_place(postgres_url: str) -> None:
    """A place is held by one process; it is free again once that one ends, and posts are heard of."""
    first, second = await Store.open(postgres_url), await Store.open(postgres_url)
    heard, held = asyncio.Event(), asyncio.Event()

    async def wait_for_it() -> None:
        async with second.alone("sender 1", heard.set):
            held.set()
            await heard.wait()

    async with first.alone("sender 1") as place, first.alone("sender 2"):
        waiting = asyncio.create_task(wait_for_it())
        await asyncio.sleep(0)
        await place.check()
        assert not held.is_set()
    await asyncio.wait_for(held.wait(), 8)
    async with first.turn() as t:
        await t.post(message())
    await asyncio.wait_for(waiting, 8)
    await first.close()
    await second.close()


async def test_another_program_writes(
    file_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn waits for another program that holds the file, and says so where that takes too long."""
    async with file_store.turn() as t:
        await t.add_person(person())
    other = sqlite3.connect(tmp_path / "data/bot.db", isolation_level=None)
    other.execute("begin immediate")

    async def post() -> None:
        async with file_store.turn() as t:
            await t.post(message())

    waiting = asyncio.create_task(post())
    await asyncio.sleep(0.1)
    assert not waiting.done()
    other.execute("rollback")
    await waiting
    monkeypatch.setattr("bot.store.commits.LONGEST_WAIT", 1)
    other.execute("begin immediate")
    with pytest.raises(Unavailable, match="is in use by another program and stayed locked"):
        await post()
    other.close()
    await post()
    assert (await file_store.counts())["outbox"] == 2
