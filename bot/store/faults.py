"""Faults of a database as one line for a person: what happened to which database, and the way out."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import BotError, reason

# SQLite's own names, without their second half (SQLITE_READONLY_DIRECTORY is SQLITE_READONLY).
_SQLITE_FAULTS = {
    "SQLITE_BUSY": "is in use by another program and stayed locked; stop the other program or try again",
    "SQLITE_CANTOPEN": "cannot be opened: {detail}; check that its folder exists and may be written",
    "SQLITE_CORRUPT": "is damaged: {detail}; restore the last backup",
    "SQLITE_FULL": "cannot be written: the disk is full; free some space and try again (nothing is lost)",
    "SQLITE_IOERR": "cannot be read or written: {detail}; check the disk and the space on it",
    "SQLITE_LOCKED": "is in use by another program and stayed locked; stop the other program or try again",
    "SQLITE_NOTADB": "is not an SQLite database; name another file in database.url",
    "SQLITE_PERM": "cannot be written: {detail}; check its permissions",
    "SQLITE_READONLY": "cannot be written: {detail}; check its permissions and those of its folder",
}

_OTHER_FAULT = "failed: {detail}; check the database and database.url, then try again (nothing is lost)"

# A statement that does not fit is a mistake in the code: it keeps its traceback.
_MISTAKES = (DataError, IntegrityError, ProgrammingError)


class Unavailable(BotError):
    """The database cannot be used for now: nothing was changed, and trying again later may succeed."""


@contextmanager
def named(database: str) -> Iterator[None]:
    """Turn a fault of `database` met inside into a `BotError`."""
    try:
        yield
    except _MISTAKES:
        raise
    except DBAPIError as error:
        raise _fault(database, error.orig or error) from error
    except sqlite3.Error as error:
        raise _fault(database, error) from error
    except PoolTimeout as error:
        raise Unavailable(f"database {database} is too busy; try again (nothing is lost)") from error


@contextmanager
def reached(database: str) -> Iterator[None]:
    """Turn whatever keeps `database` from being connected to into a `BotError`."""
    try:
        with named(database):
            yield
    except OSError as error:
        raise Unavailable(
            f"database {database} cannot be reached: {reason(error)}; "
            "check database.url and that the server runs"
        ) from error


def _fault(database: str, error: BaseException) -> Unavailable:
    code = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
    told = _SQLITE_FAULTS.get(code, _OTHER_FAULT)
    return Unavailable(f"database {database} {told.format(detail=_line(error))}")


def _line(error: BaseException) -> str:
    """Return what `error` says, on one line."""
    return " ".join(str(error).split()) or type(error).__name__
