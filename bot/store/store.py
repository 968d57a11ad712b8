"""The store: opens the database, and gives turns to read it and to change it."""

import asyncio
import datetime
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BotError, reason
from bot.store import columns, engine, faults, moving, resealing, schema
from bot.store.care import Waits
from bot.store.cases import ListedCase
from bot.store.commits import Begun, Commits
from bot.store.connected import Statements
from bot.store.places import Place, hold
from bot.store.requests import ListedRequest
from bot.store.sealing import Sealing
from bot.store.transaction import Reading, Transaction
from bot.store.turns import Turns


class Store:
    """An open database. Made by `Store.open`; every fault of it is a `BotError` of one line.

    On SQLite one task at a time changes it, the others wait their turn; whoever reads waits for nobody, but
    in memory, where there is only one connection. PostgreSQL itself keeps apart those who write.
    """

    def __init__(self, address: URL, sealing: Sealing | None) -> None:
        self._engine = engine.make_engine(address)
        columns.seal(self._engine, sealing)
        self._name = engine.display_name(address)
        self._writing = Turns(together=self._engine.dialect.name == "postgresql")
        self._reading = self._writing if engine.in_memory(address) else None
        self._commits: Commits | None = None
        if path := engine.file_path(address):
            direct = engine.make_direct_engine(address)
            columns.seal(direct, sealing)
            self._commits = Commits(direct, path, self._writing)

    @classmethod
    async def open(cls, url: str, *, sealing: Sealing | None = None) -> Self:
        """Open the database at `url`, made if it is missing and brought to the tables of this program.

        With `sealing`, what people wrote and their addresses are unreadable in it without that key.
        """
        store = await cls._opened(url, sealing)
        try:
            async with store._connected("BEGIN IMMEDIATE") as connection:
                await connection.run_sync(resealing.check, sealing, store._name)
        except BaseException:
            await store.close()
            raise
        return store

    @classmethod
    async def reseal(cls, url: str, *, old: Sealing | None, new: Sealing | None) -> int:
        """Seal the database at `url` with another key, all of it or nothing; return how many rows it has.

        `old` is what it is sealed with, `new` what it is sealed with afterwards; None is plain. Nothing
        else may have the database open. What it held before leaves the file, too.
        """
        store = await cls._opened(url, None)
        try:
            async with store._connected("BEGIN IMMEDIATE") as connection:
                written = await resealing.reseal(connection, old, new)
            await store.compact()
        finally:
            await store.close()
        return written

    @classmethod
    async def move(cls, url: str, to: str) -> dict[str, int]:
        """Move everything from the database at `url` to the empty one at `to`; return the rows of each table.

        What is sealed stays sealed with the same key. The database at `url` stays as it is; nothing may be
        written to it meanwhile. All of it arrives, proved by checksums, or nothing.
        """
        stores = []
        try:
            for address in (url, to):
                stores.append(await cls._opened(address, None))
            source, target = stores
            async with (
                source._connected("BEGIN IMMEDIATE") as old,
                target._connected("BEGIN IMMEDIATE") as new,
            ):
                return await moving.move(old, new, target._name)
        finally:
            for store in stores:
                await store.close()

    @classmethod
    async def _opened(cls, url: str, sealing: Sealing | None) -> Self:
        address = engine.read_url(url)
        name = engine.display_name(address)
        with faults.named(name):
            engine.make_file(address)
        store = cls(address, sealing)
        try:
            async with store._connected("BEGIN IMMEDIATE") as connection:
                await connection.run_sync(schema.migrate, name)
        except BaseException:
            await store.close()
            raise
        return store

    @property
    def sealed(self) -> bool:
        """Whether what people wrote is sealed: then the database cannot search it."""
        return columns.sealing_of(self._engine.dialect) is not None

    async def close(self) -> None:
        """Let go of the database."""
        if self._commits is not None:
            await self._commits.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Give a turn to change the store: stored on leaving, undone on an exception."""
        async with self._writing, self._connected("BEGIN IMMEDIATE") as connection:
            yield Transaction(connection)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Transaction]:
        """Give a transaction that begins with its first statement; it can be read `aside` before.

        For short work that is done often. On a file its statements run at once and its commit is shared with
        others (`bot.store.commits`); on PostgreSQL it is a transaction as any other, begun at once.
        """
        if self._engine.dialect.name == "postgresql":
            async with self.transaction() as transaction:
                yield transaction
            return
        with faults.named(self._name):
            async with AsyncExitStack() as stack:
                begin = partial(stack.enter_async_context, self._written())
                yield Transaction(Begun(self._engine.dialect, begin), aside=self.glance)

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[Reading]:
        """Give a view of what is stored, for a few rows found by a key: on a file, the quickest there is."""
        if self._commits is None:
            async with self.reading() as reading:
                yield reading
            return
        with faults.named(self._name):
            yield Reading(self._commits.glance())

    @asynccontextmanager
    async def alone(self, place: str, heard: Callable[[], None] = lambda: None) -> AsyncIterator[Place]:
        """Hold `place` alone among all processes on this database, waiting until nobody else does.

        `heard` is called when another process posts to the outbox. A process that ends in any way lets go.
        """
        with faults.reached(self._name), faults.named(self._name):
            async with hold(self._engine, place, heard) as held:
                yield held

    @asynccontextmanager
    async def _written(self) -> AsyncIterator[Statements]:
        """Give the connection a turn writes with."""
        if self._commits is not None:
            async with self._commits.work() as connection:
                yield connection
        else:
            async with self._writing, self._connected("BEGIN IMMEDIATE") as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """Give a view of the store as it is now."""
        async with AsyncExitStack() as stack:
            if self._reading is not None:
                await stack.enter_async_context(self._reading)
            yield Reading(await stack.enter_async_context(self._connected("BEGIN")))

    async def requests(
        self,
        *,
        id: str | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        outcome: str | None = None,
        country: str | None = None,
        limit: int | None = None,
        newest_first: bool = True,
    ) -> list[ListedRequest]:
        """Return the requests from `since` up to, not including, `until`; or the one with `id`."""
        async with self.reading() as now:
            return await now.requests(
                id=id,
                since=since,
                until=until,
                outcome=outcome,
                country=country,
                limit=limit,
                newest_first=newest_first,
            )

    async def cases(
        self, *, state: str | None = None, assigned_to: str | None = None, limit: int | None = None
    ) -> list[ListedCase]:
        """Return the cases, of one state or all, who waits longest first."""
        async with self.reading() as now:
            return await now.cases(state=state, assigned_to=assigned_to, limit=limit)

    async def counts(self) -> dict[str, int]:
        """Return how many rows each table has."""
        async with self.reading() as now:
            return await now.counts()

    async def waits(self) -> Waits:
        """Return what waits to be answered, to be sent, and for the staff."""
        async with self.reading() as now:
            return await now.waits()

    async def export_person(self, person_id: str) -> dict[str, list[dict[str, Any]]]:
        """Return all rows stored about the person, by table, ready for JSON; empty for an unknown person."""
        async with self.reading() as now:
            return await now.export_person(person_id)

    async def forget(self, person_id: str) -> bool:
        """Erase the person from every table and from the file; return False for an unknown person."""
        async with self.transaction() as now:
            known = await now.forget(person_id)
        if known:
            await self.compact()
        return known

    async def compact(self) -> bool:
        """Rewrite the file without what was deleted; return False if a reading still needs the old pages.

        Deleting alone is not enough, even with secure_delete: copies stay where SQLite moved a row within
        the file, and in its write-ahead log.
        """
        if self._engine.dialect.name != "sqlite":
            return True
        async with self._writing, self._connected("") as connection:
            await connection.exec_driver_sql("VACUUM")
            checkpoint = await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, *_ = checkpoint.one()
            return not busy

    async def backup(self, path: Path) -> None:
        """Write a whole copy to `path` while the store is in use; an older copy there is replaced last."""
        if self._engine.dialect.name != "sqlite":
            raise BotError(f"database {self._name} is not a file; back it up with pg_dump")
        part = path.with_name(path.name + ".part")
        await asyncio.to_thread(_clear, part)
        async with AsyncExitStack() as stack:
            if self._reading is not None:
                await stack.enter_async_context(self._reading)
            connection = await stack.enter_async_context(self._connected(""))
            await connection.exec_driver_sql("VACUUM INTO ?", (str(part),))
        await asyncio.to_thread(_put_in_place, part, path)

    @asynccontextmanager
    async def _connected(self, begin: str) -> AsyncIterator[AsyncConnection]:
        """Give a connection in a transaction begun with `begin`; SQLite begins none where it is empty."""
        with faults.reached(self._name):
            connection = await self._engine.connect()
        with faults.named(self._name):
            async with aclosing(connection):
                await connection.execution_options(sqlite_begin=begin)
                async with connection.begin():
                    yield connection


def _clear(part: Path) -> None:
    """Make room for `part`: VACUUM INTO wants a file that is not there."""
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
    except OSError as error:
        raise BotError(f"backup {part} cannot be written: {reason(error)}; name another file") from error


def _put_in_place(part: Path, path: Path) -> None:
    try:
        with part.open("rb+") as copy:
            os.fsync(copy.fileno())
        part.replace(path)
    except OSError as error:
        raise BotError(f"backup {path} cannot be written: {reason(error)}; name another file") from error
