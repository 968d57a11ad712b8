"""Commits shared on SQLite: several finished pieces of work wait for the disk together, once.

SQLite lets one connection write at a time, and a commit that survives a power cut waits for the disk, which
takes longer than all its statements. So there is one connection that writes. Whoever has work does it
within a savepoint, one after another; when the first is done, a commit queues up behind those who wait by
then, and stores for all of them. Each hears of its own work only once it is on the disk.

Statements by key take some ten microseconds here, less than handing them to a thread: they run at once,
those that every update needs by the driver itself (`bot.store.kept`).
What may wait is done in a thread: the commit, and beginning where another program holds the file.
"""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Dialect, Engine, Executable
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.store import kept
from bot.store.connected import Statements
from bot.store.kept import Kept
from bot.store.turns import Turns

Result = TypeVar("Result")

# Milliseconds another program may hold the file before those who want to write are told.
LONGEST_WAIT = 5000


class AtOnce:
    """A connection whose statements run at once, on the loop: for those that find their rows by a key."""

    def __init__(self, connection: Connection, known: dict[Any, Kept | None]) -> None:
        self._connection = connection
        self._known = known
        self.dialect: Dialect = connection.dialect

    async def execute(self, statement: Executable, parameters: Any | None = None, /) -> CursorResult[Any]:
        """Run `statement`."""
        given = [parameters] if isinstance(parameters, dict) else parameters
        if given and (ready := self._ready(statement, given[0])) is not None:
            return cast(CursorResult[Any], ready.run(self._connection, given))
        return self._connection.execute(statement, parameters)

    def _ready(self, statement: Executable, parameters: dict[str, Any]) -> Kept | None:
        """Return the statement as it was kept, None where it is run as any other."""
        names = (statement, *parameters)
        try:
            return self._known[names]
        except KeyError:
            ready = kept.read(statement, [*parameters], self.dialect)
        if ready is not None or kept.is_kept(statement):
            self._known[names] = ready
        return ready


class Begun:
    """A connection that is asked for with the first statement, not before."""

    def __init__(self, dialect: Dialect, begin: Callable[[], Any]) -> None:
        self._dialect = dialect
        self._begin = begin
        self._connection: Statements | None = None

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""
        return self._dialect

    async def execute(self, statement: Executable, parameters: Any | None = None, /) -> CursorResult[Any]:
        """Run `statement`, in the transaction that begins with the first one."""
        if self._connection is None:
            self._connection = await self._begin()
        return await self._connection.execute(statement, parameters)


class Batch:
    """Work that will be stored by one commit."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closing = False
        self.broken: BaseException | None = None

    def run(self, statement: str) -> None:
        """Run what begins or ends a piece of work, past the layers that other statements go through."""
        driver: Any = self.connection.connection.dbapi_connection
        driver.execute(statement)

    def undo(self) -> None:
        """Take back a piece of work; where SQLite took back everything already, all of them failed."""
        try:
            self.run("ROLLBACK TO work")
            self.run("RELEASE work")
        except (DBAPIError, sqlite3.Error) as error:
            self.broken = error

    def check(self) -> None:
        """Raise what took everything back, if something did; a savepoint now would be stored by itself."""
        if self.broken is not None:
            raise self.broken

    def store(self) -> None:
        """Commit, unless something took everything back."""
        self.check()
        self.connection.commit()


class Commits:
    """The one connection that writes to a file, shared by those who write at the same time."""

    def __init__(self, engine: Engine, path: str, turns: Turns) -> None:
        self._engine = engine
        self._path = path
        self._turns = turns
        self._writer: Connection | None = None
        self._reader: Connection | None = None
        self._file: tuple[int, int] | None = None
        self._order = asyncio.Lock()
        self._batch: Batch | None = None
        self._commits: set[asyncio.Task[None]] = set()
        self._known: dict[Any, Kept | None] = {}

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""
        return self._engine.dialect

    def glance(self) -> AtOnce:
        """Return a connection that sees what is stored, statement by statement, and waits for nobody."""
        if self._reader is None:
            options = {"sqlite_begin": "", "isolation_level": "AUTOCOMMIT"}
            self._reader = self._engine.connect().execution_options(**options)
        return AtOnce(self._reader, self._known)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[AtOnce]:
        """Give the connection that writes; on leaving, wait until what was done is on the disk."""
        with self._turns.inside():
            await self._order.acquire()
            try:
                batch = await self._joined()
                batch.check()
                batch.run("SAVEPOINT work")
            except BaseException:
                self._order.release()
                raise
            try:
                yield AtOnce(batch.connection, self._known)
                batch.run("RELEASE work")
            except BaseException:
                batch.undo()
                self._leave(batch)
                raise
            self._leave(batch)
        await asyncio.shield(batch.stored)

    async def close(self) -> None:
        """Let go of the file, once what was begun is stored."""
        while self._commits:
            await asyncio.wait(self._commits)
        self._let_go()
        self._engine.dispose()

    async def _joined(self) -> Batch:
        """Return the batch of the moment, begun if there is none."""
        if self._batch is None:
            await self._turns.acquire()
            try:
                writer = self._begun()
                if writer is None:
                    writer = await _in_thread(self._begun_in_time)
                self._batch = Batch(writer)
            except BaseException:
                self._let_go()
                self._turns.release()
                raise
        return self._batch

    def _begun(self) -> Connection | None:
        """Begin if nobody else is writing, which only another program could be."""
        writer = self._writer_now()
        try:
            writer.begin()
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                raise
            return None
        return writer

    def _begun_in_time(self) -> Connection:
        """Begin once the other program is done, or raise what SQLite says after its patience."""
        self._let_go()
        writer = self._writer_now()
        driver: Any = writer.connection.dbapi_connection
        patience = driver.execute("PRAGMA busy_timeout").fetchone()[0]
        driver.execute(f"PRAGMA busy_timeout = {LONGEST_WAIT}")
        writer.begin()
        driver.execute(f"PRAGMA busy_timeout = {patience}")
        return writer

    def _writer_now(self) -> Connection:
        """Return the connection to the file that is at the path now."""
        if self._writer is not None and _identity(self._path) != self._file:
            self._let_go()  # opened again below, where that is possible
        if self._writer is None:
            self._writer = self._engine.connect().execution_options(sqlite_begin="BEGIN IMMEDIATE")
            self._file = _identity(self._path)
        return self._writer

    def _leave(self, batch: Batch) -> None:
        if not batch.closing:
            batch.closing = True
            task = asyncio.create_task(self._commit(batch))
            self._commits.add(task)
            task.add_done_callback(self._commits.discard)
        self._order.release()

    async def _commit(self, batch: Batch) -> None:
        """Store the batch, after those that were waiting to be part of it."""
        async with self._order:
            self._batch = None
            try:
                await _in_thread(batch.store)
            except BaseException as error:
                self._let_go()
                batch.stored.set_exception(error)
                batch.stored.exception()  # not everyone is still there to hear it
            else:
                batch.stored.set_result(None)
            finally:
                self._turns.release()

    def _let_go(self) -> None:
        """Close both connections, undoing what was not stored."""
        for connection in (self._writer, self._reader):
            if connection is not None:
                with contextlib.suppress(DBAPIError, sqlite3.Error):
                    connection.invalidate()
                connection.close()
        self._writer = self._reader = None


async def _in_thread(step: Callable[[], Result]) -> Result:
    """Run `step` in a thread and wait for its end even when cancelled: the connection is in its hands."""
    task = asyncio.ensure_future(asyncio.to_thread(step))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
