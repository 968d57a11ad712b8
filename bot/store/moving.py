"""Moving everything from one database to another, as from a file to PostgreSQL, and proving it arrived.

The connections are handed over without a key: what is sealed is moved as it is.
"""

import datetime
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import Column, Table, Text, func, insert, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BotError
from bot.store.columns import SealedId, SealedText
from bot.store.tables import metadata

BATCH = 500


async def move(source: AsyncConnection, target: AsyncConnection, name: str) -> dict[str, int]:
    """Copy every row of every table, sealed as it is; return how many each table has.

    Raises `BotError` where the target, called `name`, holds anything, or afterwards not just the same.
    """
    for table in metadata.sorted_tables:
        if (await target.execute(select(*table.primary_key).limit(1))).first() is not None:
            raise BotError(f"database {name} has rows in {table.name} already; move to an empty one")
    for table in metadata.sorted_tables:
        async for rows in _rows(source, table):
            await target.execute(insert(table), rows)
        await _go_on_numbering(source, target, table)
    counts = {}
    for table in metadata.sorted_tables:
        before, after = await checksum(source, table), await checksum(target, table)
        if before != after:
            raise BotError(
                f"table {table.name} did not arrive whole in {name} ({before[0]} rows, {after[0]} arrived); "
                "nothing was moved, try again with the bot stopped"
            )
        counts[table.name] = after[0]
    return counts


async def checksum(connection: AsyncConnection, table: Table) -> tuple[int, str]:
    """Return how many rows the table has, and a digest of all that is in them, the same on each database."""
    count, digest = 0, hashlib.sha256()
    async for rows in _rows(connection, table):
        count += len(rows)
        for row in rows:
            digest.update(json.dumps(row, default=_plain, sort_keys=True).encode("utf-8", "surrogatepass"))
    return count, digest.hexdigest()


async def _rows(connection: AsyncConnection, table: Table) -> AsyncIterator[list[dict[str, Any]]]:
    """Give the rows as they are stored, in the order of their keys, in batches."""
    keys = list(table.primary_key)
    # Text is ordered byte by byte, as on SQLite: the order of a language is another on each machine.
    bytewise = connection.dialect.name == "postgresql"
    order = [column.collate("C") if bytewise and _is_text(column) else column for column in keys]
    batch = select(table).order_by(*order).limit(BATCH)
    last: tuple[Any, ...] | None = None
    while True:
        following = batch if last is None else batch.where(tuple_(*order) > last)
        rows = [dict(row) for row in (await connection.execute(following)).mappings()]
        if not rows:
            return
        last = tuple(rows[-1][key.name] for key in keys)
        yield rows


async def _go_on_numbering(source: AsyncConnection, target: AsyncConnection, table: Table) -> None:
    """Have the target number new rows after the last number the source ever gave."""
    column = table.autoincrement_column
    if column is None or target.dialect.name != "postgresql":
        return
    last = (await target.execute(select(func.max(column)))).scalar() or 0
    if source.dialect.name == "sqlite" and table.kwargs.get("sqlite_autoincrement"):
        given = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        last = max(last, (await source.execute(given, {"name": table.name})).scalar() or 0)
    if last:
        await target.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"),
            {"table": table.name, "column": column.name, "last": last},
        )


def _is_text(column: Column[Any]) -> bool:
    return isinstance(column.type, Text | SealedText | SealedId)


def _plain(value: Any) -> str:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return str(value)
