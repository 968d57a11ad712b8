"""Statements that are built once and run for every update: compiled once, too, and run by the driver itself.

Of the time a statement by key takes, SQLAlchemy spends most on finding out again what it found out the last
time. What is marked with `kept` is remembered with what turns its values into the driver's and back; the
columns keep their care (moments in UTC, sealed words), errors stay SQLAlchemy's.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Dialect, Executable, Select, UpdateBase
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

_MARK = "kept"
_Statement = TypeVar("_Statement", bound=Executable)
_Turn = Callable[[Any], Any]


def kept(statement: _Statement) -> _Statement:
    """Return `statement`, which is built once for the whole program, so that it is compiled once as well."""
    return statement.execution_options(**{_MARK: True})


def is_kept(statement: Executable) -> bool:
    """Say whether the statement was marked."""
    return bool(statement.get_execution_options().get(_MARK))


class Found:
    """What a statement found, as far as this room asks: all of it is read by now."""

    def __init__(self, rows: Sequence[dict[str, Any]], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def mappings(self) -> Self:
        """Return the rows, each a dictionary."""
        return self

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._rows)

    def first(self) -> dict[str, Any] | None:
        """Return the first row, None if there is none."""
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:
        """Return the first value of the first row, None if there is none."""
        return next(iter(self._rows[0].values())) if self._rows else None

    def scalar_one(self) -> Any:
        """Return the one value there is."""
        [row] = self._rows
        return next(iter(row.values()))


class Kept:
    """One statement, compiled for one database and the names of the values it is given."""

    def __init__(self, statement: Select[Any] | UpdateBase, compiled: SQLCompiler, dialect: Dialect) -> None:
        self._text = compiled.string
        self._dialect = dialect
        self._values: list[tuple[str, Any, _Turn | None]] = []
        for name in compiled.positiontup or ():
            bind = compiled.binds[name]
            turn = _impl(bind.type, dialect).bind_processor(dialect)
            self._values.append((bind.key, bind.effective_value, turn))
        columns = [*statement.exported_columns]
        self._names = [str(column.key) for column in columns]
        turns = [_impl(column.type, dialect).result_processor(dialect, None) for column in columns]
        self._turned = [(name, turn) for name, turn in zip(self._names, turns, strict=True) if turn]

    def run(self, connection: Connection, given: Sequence[Mapping[str, Any]]) -> Found:
        """Run the statement once for each of `given`, in whatever transaction the connection is in."""
        driver: Any = connection.connection.dbapi_connection
        rows: list[dict[str, Any]] = []
        met = 0
        try:
            for values in map(self._bound, given):
                cursor = driver.execute(self._text, values)
                if self._names:
                    rows += [dict(zip(self._names, row, strict=True)) for row in cursor]
                met += cursor.rowcount
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                self._text, None, error, sqlite3.Error, hide_parameters=True, dialect=self._dialect
            ) from error
        for row in rows:
            for name, turn in self._turned:
                if row[name] is not None:
                    row[name] = turn(row[name])
        return Found(rows, met)

    def _bound(self, given: Mapping[str, Any]) -> list[Any]:
        return [
            turn(given.get(key, other)) if turn else given.get(key, other)
            for key, other, turn in self._values
        ]


def read(statement: Executable, names: Sequence[str], dialect: Dialect) -> Kept | None:
    """Return the statement as it is kept; None for one that SQLAlchemy has to run, as it is not marked."""
    if not is_kept(statement) or not isinstance(statement, Select | UpdateBase):
        return None
    compiled = _compiled(statement, names, dialect)
    # A list of values is written into the text anew each time.
    again = compiled.post_compile_params or compiled.literal_execute_params
    missing = any(bind.required and bind.key not in names for bind in compiled.binds.values())
    return None if again or missing else Kept(statement, compiled, dialect)


def _compiled(statement: Select[Any] | UpdateBase, names: Sequence[str], dialect: Dialect) -> SQLCompiler:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)  # noqa: S101
    return compiled


def _impl(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)
