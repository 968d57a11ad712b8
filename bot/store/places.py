"""Places that one process at a time holds, such as sending for a bot, among all on one database.

On PostgreSQL a place is an advisory lock on a connection of its own: the server takes it back the moment the
connection ends, however the process ended. On SQLite one process works on the file, and holds every place.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

# What PostgreSQL calls the news that something was posted.
POSTED = "bot_posted"
# Sets these locks apart from those of other programs on the same server.
_OURS = 0x5B07
# Seconds between two tries to get a place another process holds.
_AGAIN = 1.0

_TAKE = text("SELECT pg_try_advisory_lock(:ours, hashtext(:place))")
_LEAVE = text("SELECT pg_advisory_unlock(:ours, hashtext(:place))")
_STILL = text("SELECT 1")
# To be run in the transaction that posts; it is told once that is stored.
TELL = text(f"NOTIFY {POSTED}")


class Place:
    """A place this process holds."""

    def __init__(self, connection: AsyncConnection | None = None) -> None:
        self._connection = connection

    async def check(self) -> None:
        """Raise a fault of the database if the place may be another's by now."""
        if self._connection is not None:
            await self._connection.execute(_STILL)


@asynccontextmanager
async def hold(engine: AsyncEngine, place: str, heard: Callable[[], None]) -> AsyncIterator[Place]:
    """Give `place` once it is free, and give it back on leaving; `heard` is told of what others post."""
    if engine.dialect.name != "postgresql":
        yield Place()
        return
    named = {"ours": _OURS, "place": place}
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        while not (await connection.execute(_TAKE, named)).scalar():  # noqa: ASYNC110
            await asyncio.sleep(_AGAIN)
        driver: Any = (await connection.get_raw_connection()).driver_connection
        tell = _told(heard)
        await driver.add_listener(POSTED, tell)
        try:
            yield Place(connection)
        finally:
            with contextlib.suppress(Exception):  # a connection that is gone has left already
                await driver.remove_listener(POSTED, tell)
                await connection.execute(_LEAVE, named)


def _told(heard: Callable[[], None]) -> Callable[..., None]:
    def tell(*_: object) -> None:
        heard()

    return tell
