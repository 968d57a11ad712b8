"""Which key a database is sealed with, and how all of it is sealed with another."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from bot.errors import BotError
from bot.store.columns import SealedId, SealedJson, SealedText
from bot.store.sealing import Sealing
from bot.store.tables import inbox, marks, metadata, people

SEALED_WITH = "sealed_with"
BATCH = 500

_SEALED = (SealedText, SealedId, SealedJson)


def check(connection: Connection, sealing: Sealing | None, database: str) -> None:
    """Refuse a database that holds what this key did not seal; an empty one takes the key from now on."""
    mark = connection.execute(select(marks.c.value).where(marks.c.name == SEALED_WITH)).scalar()
    if mark == (sealing.mark if sealing else None):
        return
    if mark is None and sealing is not None:
        if _holds_people(connection):
            raise BotError(f"database {database} is not sealed yet; run `python -m bot seal` once")
        connection.execute(insert(marks).values(name=SEALED_WITH, value=sealing.mark))
    elif sealing is None:
        raise BotError(
            f"database {database} is sealed; set BOT_PRIVACY__ENCRYPTION_KEY to the key it was sealed with"
        )
    else:
        raise BotError(
            f"database {database} is sealed with another key than BOT_PRIVACY__ENCRYPTION_KEY; "
            "set the former one, or change over with `python -m bot seal --from-key-file FILE`"
        )


async def reseal(connection: AsyncConnection, old: Sealing | None, new: Sealing | None) -> int:
    """Seal everything anew, in the transaction of `connection`; return how many rows were written.

    `old` None: it is plain now; `new` None: it is plain afterwards.
    """
    mark = await connection.scalar(select(marks.c.value).where(marks.c.name == SEALED_WITH))
    if mark != (old.mark if old else None):
        raise BotError("the key given as the former one is not the one the database is sealed with")
    written = 0
    for table in metadata.sorted_tables:
        sealed = [column.name for column in table.columns if isinstance(column.type, _SEALED)]
        if sealed:
            written += await _reseal_table(connection, table, sealed, old, new)
    await connection.execute(delete(marks).where(marks.c.name == SEALED_WITH))
    if new is not None:
        await connection.execute(insert(marks).values(name=SEALED_WITH, value=new.mark))
    return written


def _holds_people(connection: Connection) -> bool:
    return any(
        connection.execute(select(table.primary_key.columns[0]).limit(1)).first() for table in (people, inbox)
    )


async def _reseal_table(
    connection: AsyncConnection, table: Table, sealed: list[str], old: Sealing | None, new: Sealing | None
) -> int:
    keys = list(table.primary_key.columns)
    raw = {name: _raw(table.c[name].type) for name in sealed}
    change = (
        update(table)
        .where(*(key == bindparam(f"key_{key.name}") for key in keys))
        .values({table.c[name]: type_coerce(bindparam(f"new_{name}"), raw[name]) for name in sealed})
    )
    written = 0
    async for rows in _batches(connection, table, raw):
        await connection.execute(
            change,
            [
                {f"key_{key.name}": row[key.name] for key in keys}
                | {f"new_{name}": _changed(table.c[name].type, row[name], old, new) for name in sealed}
                for row in rows
            ],
        )
        written += len(rows)
    return written


async def _batches(
    connection: AsyncConnection, table: Table, raw: dict[str, Any]
) -> AsyncIterator[list[dict[str, Any]]]:
    """Give the rows as they are stored, in the order of their keys."""
    keys = list(table.primary_key.columns)
    stored = [type_coerce(table.c[name], kind).label(name) for name, kind in raw.items()]
    batch = select(*keys, *stored).order_by(*keys).limit(BATCH)
    last: tuple[Any, ...] | None = None
    while True:
        following = batch if last is None else batch.where(tuple_(*keys) > last)
        rows = [dict(row) for row in (await connection.execute(following)).mappings()]
        if not rows:
            return
        last = tuple(rows[-1][key.name] for key in keys)
        yield rows


def _raw(kind: Any) -> Any:
    return JSON() if isinstance(kind, SealedJson) else Text()


def _changed(kind: TypeEngine[Any], value: Any, old: Sealing | None, new: Sealing | None) -> Any:
    if value is None:
        return None
    match kind:
        case SealedJson():
            plain = old.opened_json(value) if old else value
            return new.json(plain) if new else plain
        case SealedId():
            plain = old.opened_id(value) if old else value
            return new.id(plain) if new else plain
    plain = old.opened_text(value) if old else value
    return new.text(plain) if new else plain
