"""Faults: one line that names the database and the way out."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from store_rows import add_a_life, person, request

from bot.errors import BotError, UsageError
from bot.store import Store


@contextmanager
def fault(pattern: str) -> Iterator[None]:
    with pytest.raises(BotError) as raised:
        yield
    line = str(raised.value)
    assert re.search(pattern, line), line
    assert "\n" not in line
    assert "Error" not in line


@contextmanager
def plain(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("url", "pattern"),
    [
        ("data/bot.db", r"^database\.url is not a database address; write sqlite"),
        ("postgresql://user:secret@host:port/x", r"^database\.url is not a database address; write sqlite"),
        ("mysql+aiomysql://u:secret@h/x", r"names mysql\+aiomysql, which is not supported; write sqlite"),
    ],
)
async def test_address(url: str, pattern: str) -> None:
    """An address that names no database is a wrong configuration, and is not repeated."""
    with pytest.raises(UsageError) as raised:
        await Store.open(url)
    assert re.search(pattern, str(raised.value))
    assert "secret" not in str(raised.value)


async def test_driver_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing driver is named with the command that brings it."""
    monkeypatch.setitem(__import__("sys").modules, "asyncpg", None)
    with fault(r"^database\.url needs the package asyncpg; install it: pip install asyncpg$"):
        await Store.open("postgresql://user:secret@localhost/bot")


async def test_server_not_running() -> None:
    """An unreachable server is named without its password."""
    pytest.importorskip("asyncpg")
    with fault(
        r"^database postgresql\+asyncpg://user:\*\*\*@127\.0\.0\.1:1/bot cannot be reached: .*database\.url"
    ):
        await Store.open("postgresql+asyncpg://user:secret@127.0.0.1:1/bot?ssl=disable")


async def test_short_address(tmp_path: Path) -> None:
    """The driver may be left out."""
    store = await Store.open(f"sqlite:///{tmp_path}/bot.db")
    assert (await store.counts())["people"] == 0
    await store.close()


async def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A folder that cannot be made is named."""
    (tmp_path / "file").write_text("")
    with fault(rf"^folder {tmp_path}/file/data of the database cannot be made: Not a directory; check"):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path}/file/data/bot.db")


async def test_folder_in_place_of_the_file(tmp_path: Path) -> None:
    """A folder is not a database."""
    with fault(rf"^database {tmp_path} cannot be opened: unable to open database file; check"):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path}")


async def test_not_a_database(tmp_path: Path) -> None:
    """A file that holds something else is named and left as it was."""
    path = tmp_path / "bot.db"
    path.write_text("nombre;país\n" * 500)
    with fault(rf"^database {path} is not an SQLite database; name another file in database\.url$"):
        await Store.open(f"sqlite+aiosqlite:///{path}")
    assert path.read_text() == "nombre;país\n" * 500


async def test_database_of_another_program(tmp_path: Path) -> None:
    """A database with tables of another program is left alone."""
    path = tmp_path / "bot.db"
    with plain(path) as connection:
        connection.execute("create table songs (title text)")
    with fault(rf"^database {path} belongs to another program \(it has a table songs\); name another"):
        await Store.open(f"sqlite+aiosqlite:///{path}")


async def test_newer_than_the_program(url: str, tmp_path: Path) -> None:
    """A database of a newer version asks for a newer program."""
    await (await Store.open(url)).close()
    with plain(tmp_path / "data/bot.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    with fault(r"^database .*bot\.db was made by a newer version \(step 9999\); upgrade the program$"):
        await Store.open(url)


async def test_read_only(url: str, tmp_path: Path) -> None:
    """A database that may only be read says so when it is opened."""
    await (await Store.open(url)).close()
    with fault(r"cannot be written: attempt to write a readonly database; check its permissions"):
        await Store.open(f"sqlite+aiosqlite:///file:{tmp_path}/data/bot.db?mode=ro&uri=true")


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
async def test_permissions(url: str, tmp_path: Path) -> None:
    """A file without permission to write says so when it is opened."""
    await (await Store.open(url)).close()
    (tmp_path / "data/bot.db").chmod(0o444)
    with fault(r"^database .*bot\.db cannot be written: .*; check its permissions"):
        await Store.open(url)


async def test_locked_too_long(file_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database another program keeps locked says so, and is as before once it is let go."""
    monkeypatch.setattr("bot.store.engine._PRAGMAS", ("busy_timeout = 1",))
    await file_store.close()  # the next connections wait for a millisecond, not for five seconds
    with plain(tmp_path / "data/bot.db") as connection:
        connection.execute("begin immediate")
        with fault(r"^database .*bot\.db is in use by another program and stayed locked; stop"):
            async with file_store.transaction():
                pass
        connection.execute("rollback")
    async with file_store.transaction() as t:
        await t.add_person(person())
    assert (await file_store.counts())["people"] == 1


async def test_full_disk(file_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk loses nothing stored, undoes what did not fit, and is over once there is space."""
    async with file_store.transaction() as t:
        await t.add_person(person())
    monkeypatch.setattr("bot.store.engine._PRAGMAS", ("max_page_count = 60",))
    await file_store.close()
    with fault(r"^database .*bot\.db cannot be written: the disk is full; free some space and try again"):
        async with file_store.transaction() as t:
            await t.add_request(request("small"))
            await t.add_request(request("large", question="ñ" * 500_000))
    counts = await file_store.counts()
    assert (counts["people"], counts["requests"]) == (1, 0)
    monkeypatch.undo()
    await file_store.close()
    async with file_store.transaction() as t:
        await t.add_request(request("large", question="ñ" * 500_000))
    assert (await file_store.counts())["requests"] == 1


async def test_damaged(url: str, tmp_path: Path) -> None:
    """A damaged file asks for the last backup."""
    store = await Store.open(url)
    async with store.transaction() as t:
        for number in range(50):
            await add_a_life(t, str(number), f"ananas {number}")
    await store.close()
    path = tmp_path / "data/bot.db"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(len(content) - 4096))
    with fault(r"^database .*bot\.db is damaged: .*; restore the last backup$"):
        await Store.open(url)


async def test_error_of_the_caller_stays_itself(store: Store) -> None:
    """What goes wrong in the caller's own work is not told as a fault of the database."""
    with pytest.raises(FileNotFoundError):
        async with store.transaction():
            raise FileNotFoundError
