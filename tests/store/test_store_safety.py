"""Safety: all or nothing, one writer at a time, nothing lost to a kill."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from store_rows import NOON, later, message, person, request

from bot.store import Store

HERE = Path(__file__).parent

KILLED_IN_A_TRANSACTION = """
import asyncio, os, signal, sys
from store_rows import NOON, message, person, request
from bot.store import Store

async def main():
    store = await Store.open(sys.argv[1])
    async with store.transaction() as t:
        await t.add_person(person())
        await t.receive([(1, "chat-ana", {"text": "hola"})], NOON)
    async with store.transaction() as t:
        await t.add_request(request())
        await t.post(message())
        await t.done(1, NOON)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_exception_undoes_all(store: Store) -> None:
    """What was done before the exception is undone, and the store goes on."""

    async def fail_halfway() -> None:
        async with store.transaction() as t:
            await t.add_person(person())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_halfway()
    assert (await store.counts())["people"] == 0
    async with store.transaction() as t:
        await t.add_person(person())
    assert (await store.counts())["people"] == 1


async def test_cancelled_task_undoes_all(store: Store) -> None:
    """A task cancelled inside its transaction leaves nothing, and gives its turn back."""
    inside = asyncio.Event()

    async def stay() -> None:
        async with store.transaction() as t:
            await t.add_person(person())
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stay())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.transaction() as t:
        assert await t.person_by_id("ana") is None


async def test_fifty_at_once(store: Store) -> None:
    """Fifty tasks that read, add and write lose nothing of each other."""
    async with store.transaction() as t:
        await t.add_person(person(state={"count": 0}))

    async def count(number: int) -> None:
        async with store.transaction() as t:
            ana = await t.person_by_id("ana")
            assert ana is not None
            await t.add_request(request(f"r{number}"))
            await t.post(message())
            await t.update_person(
                "ana",
                language=None,
                country=None,
                audience=None,
                state={"count": ana.state["count"] + 1},
                last_seen=later(number),
            )
        await store.counts()

    await asyncio.gather(*(count(number) for number in range(50)))
    counts = await store.counts()
    assert (counts["requests"], counts["outbox"]) == (50, 50)
    async with store.reading() as now:
        ana = await now.person_by_id("ana")
    assert ana is not None
    assert ana.state == {"count": 50}


async def test_two_stores_on_one_file(file_store: Store, url: str) -> None:
    """Another process, as the command line is, writes in between."""
    other = await Store.open(url)

    async def add(store: Store, name: str) -> None:
        async with store.transaction() as t:
            await t.add_person(person(name))

    await asyncio.gather(*(add(s, f"{i}{j}") for i, s in enumerate((file_store, other)) for j in range(20)))
    await other.close()
    assert (await file_store.counts())["people"] == 40


async def test_reading_waits_for_nobody(file_store: Store) -> None:
    """On a file a list is read while another task writes, and sees only what is stored."""
    async with file_store.transaction() as t:
        await t.add_person(person())
        assert (await file_store.counts())["people"] == 0


async def test_transaction_inside_a_transaction(store: Store) -> None:
    """The mistake is named instead of waiting for ever."""
    async with store.transaction():
        with pytest.raises(RuntimeError, match="inside a transaction already"):
            async with store.transaction():
                pass


async def test_kept_over_a_restart(kept_url: str) -> None:
    """What was stored is there after closing and opening."""
    store = await Store.open(kept_url)
    async with store.transaction() as t:
        await t.add_person(person())
    await store.close()
    store = await Store.open(kept_url)
    assert (await store.counts())["people"] == 1
    await store.close()


async def test_killed_inside_a_transaction(kept_url: str) -> None:
    """After a kill the last transaction is there or not at all: the update still waits, unanswered."""
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", KILLED_IN_A_TRANSACTION, kept_url],
        cwd=HERE.parent.parent,
        env={"PYTHONPATH": f"{HERE.parent.parent}:{HERE}"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    store = await Store.open(kept_url)
    counts = await store.counts()
    assert (counts["people"], counts["inbox"], counts["requests"], counts["outbox"]) == (1, 1, 0, 0)
    async with store.reading() as now:
        assert [row.update_id for row in await now.waiting(10)] == [1]
        assert await now.due(NOON, 10) == []
    await store.close()
