"""What speaks to the database through one connection, inside one transaction."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from sqlalchemy import CursorResult, Dialect, Executable, Insert, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.kept import kept

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Statements(Protocol):
    """A connection, as far as this room needs one: SQLAlchemy's own, or one of `bot.store.commits`."""

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""
        ...

    async def execute(self, statement: Executable, parameters: Any | None = None, /) -> CursorResult[Any]:
        """Run `statement`, once, or once for each of the parameters."""
        ...


class Connected:
    """Runs statements on the connection it was given, and knows nothing of where that came from."""

    _changes = False

    def __init__(self, connection: Statements) -> None:
        self._connection = connection

    @property
    def _on_postgresql(self) -> bool:
        return self._connection.dialect.name == "postgresql"

    def _held(self, plain: Select[Any], held: Select[Any]) -> Select[Any]:
        """Return `held` where rows that are read must stay as they are until the transaction ends.

        On SQLite there is one writer at a time, and nothing to hold.
        """
        return held if self._changes and self._on_postgresql else plain

    async def _rows(self, statement: Executable, values: Values | None = None) -> list[dict[str, Any]]:
        result = await self._connection.execute(statement, values)
        return [dict(row) for row in result.mappings()]

    async def _row(self, statement: Executable, values: Values | None = None) -> dict[str, Any] | None:
        result = await self._connection.execute(statement, values)
        row = result.mappings().first()
        return None if row is None else dict(row)

    async def _value(self, statement: Executable, values: Values | None = None) -> Any:
        result = await self._connection.execute(statement, values)
        return result.scalar()

    async def _change(self, statement: Executable, values: Values | None = None) -> bool:
        """Run `statement`; return whether it met a row."""
        result = await self._connection.execute(statement, values)
        return result.rowcount > 0


def held(statement: Select[Any]) -> Select[Any]:
    """Return `statement` so that, on PostgreSQL, nobody else changes its rows before the transaction ends."""
    return statement.with_for_update(key_share=True)


@cache
def insert_unknown(table: Table, on_postgresql: bool, *key: str) -> Insert:
    """Return the statement that adds rows to `table` but for those whose `key` is there already."""
    if on_postgresql:
        return postgresql.insert(table).on_conflict_do_nothing(index_elements=list(key))
    return kept(sqlite.insert(table).on_conflict_do_nothing(index_elements=list(key)))
