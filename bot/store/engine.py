"""The engine behind the store: which database a URL names, and how SQLite is told to be safe."""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import BotError, UsageError, reason

MEMORY = "sqlite+aiosqlite:///:memory:"
"""A database that lives as long as its store: for tests and trials."""

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

_PRAGMAS = (
    "busy_timeout = 5000",
    "journal_mode = WAL",
    "synchronous = FULL",  # a commit survives a power cut
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted is overwritten, not only unlinked
)

# As many turns of the conversation as are in hand at once, the sender, and a few readers beside them.
_POOL: dict[str, Any] = {"pool_size": 20, "max_overflow": 10, "pool_timeout": 10, "pool_pre_ping": True}
# A replica that went away without a word gives back what it held within ten seconds; one that hangs inside a
# transaction within a minute.
_SERVER: dict[str, Any] = {
    "timeout": 10,
    "server_settings": {
        "application_name": "sme-bot",
        "idle_in_transaction_session_timeout": "60s",
        "tcp_keepalives_idle": "4",
        "tcp_keepalives_interval": "2",
        "tcp_keepalives_count": "2",
    },
}


def read_url(text: str) -> URL:
    """Return the database `text` names, with its driver."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The text is not repeated: it may hold a password.
        raise UsageError(f"database.url is not a database address; {_way_out()}") from None
    if url.drivername not in {*_DRIVERS, *_DRIVERS.values()}:
        raise UsageError(f"database.url names {url.drivername}, which is not supported; {_way_out()}")
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


def _way_out() -> str:
    return "write sqlite+aiosqlite:///data/bot.db or postgresql+asyncpg://user@host/name"


def display_name(url: URL) -> str:
    """Return what a person calls the database: its file, or its address without the password."""
    if _is_sqlite(url):
        return url.database or ":memory:"
    return url.set(query={}).render_as_string(hide_password=True)


def in_memory(url: URL) -> bool:
    """Return whether the database is gone once it is closed."""
    return _is_sqlite(url) and url.database in {None, "", ":memory:"}


def make_file(url: URL) -> None:
    """Make the file of an SQLite database, with its folder, if they are missing.

    A file that cannot be opened is found here: aiosqlite would leave a thread behind that outlives the loop.
    """
    if file_path(url) is None:
        return
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BotError(
            f"folder {folder} of the database cannot be made: {reason(error)}; check database.url"
        ) from error
    sqlite3.connect(str(url.database)).close()


def file_path(url: URL) -> str | None:
    """Return the path of the file that `url` names as such; None for what is no file, or a URI of one."""
    if not _is_sqlite(url) or in_memory(url) or str(url.database).startswith("file:"):
        return None
    return str(url.database)


def make_engine(url: URL) -> AsyncEngine:
    """Return the engine for `url`; nothing is connected yet. Its errors never repeat what people wrote."""
    try:
        if not _is_sqlite(url):
            return create_async_engine(url, hide_parameters=True, connect_args=_SERVER, **_POOL)
        pool = {"poolclass": StaticPool} if in_memory(url) else {}
        engine = create_async_engine(_not_made(url), hide_parameters=True, **pool)
    except ModuleNotFoundError as error:
        raise BotError(
            f"database.url needs the package {error.name}; install it: pip install {error.name}"
        ) from None
    _make_safe(engine.sync_engine)
    return engine


def make_direct_engine(url: URL) -> Engine:
    """Return an engine for a file, whose statements run at once in the thread that gives them."""
    engine = create_engine(_not_made(url).set(drivername="sqlite"), hide_parameters=True)
    _make_safe(engine)
    event.listen(engine, "connect", _hurry)
    return engine


def _not_made(url: URL) -> URL:
    """Return `url` so that connecting never makes the file.

    It is made once, by `make_file`. A connection that made it anew, while it is moved away for a moment,
    would answer people from an empty database.
    """
    path = file_path(url)
    if path is None:
        return url
    return url.set(database=f"file:{quote(path)}", query={**url.query, "mode": "rw", "uri": "true"})


def _make_safe(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _prepare(connection: Any, _: object) -> None:
    try:
        connection.isolation_level = None  # transactions begin where `_begin` says, not where Python guesses
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except BaseException:
        connection.close()  # the pool does not yet know the connection, and would leave its thread running
        raise


def _hurry(connection: Any, _: object) -> None:
    """Have statements on the loop wait no longer than it can; `bot.store.commits` waits elsewhere."""
    connection.execute("PRAGMA busy_timeout = 20")


def _begin(connection: Connection) -> None:
    """Begin as the option `sqlite_begin` says; an empty one begins nothing, as VACUUM wants it."""
    statement = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)
