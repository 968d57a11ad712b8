"""Columns with a care of their own: moments in UTC, and what is sealed where the database has a key.

The key goes with the engine: `seal` leaves it at the engine's dialect, which every column is handed.
"""

import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Engine, Text, TypeDecorator
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.sealing import Sealing

_PLACE = "sme_bot_sealing"


def seal(engine: AsyncEngine | Engine, sealing: Sealing | None) -> None:
    """Have the sealed columns of `engine` written and read with `sealing`, or plainly with None."""
    setattr(engine.dialect, _PLACE, sealing)


def sealing_of(dialect: Dialect) -> Sealing | None:
    """Return what the database of `dialect` is sealed with."""
    found: Sealing | None = getattr(dialect, _PLACE, None)
    return found


class Moment(TypeDecorator[datetime.datetime]):
    """A point in time: goes in with any zone, comes out in UTC; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime.datetime | None, dialect: Dialect
    ) -> datetime.datetime | None:
        """Return `value` in UTC, as it is stored."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; the store keeps moments, in UTC")
        return value and value.astimezone(datetime.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime.datetime | None:
        """Return the stored `value` in UTC; SQLite gives it back without its zone."""
        if value is None:
            return None
        moment: datetime.datetime = value
        return (
            moment.replace(tzinfo=datetime.UTC) if moment.tzinfo is None else moment.astimezone(datetime.UTC)
        )


class SealedText(TypeDecorator[str]):
    """What a person wrote. It cannot be compared or searched by the database where there is a key."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return `value` as it is stored."""
        sealing = sealing_of(dialect)
        return value if value is None or sealing is None else sealing.text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the stored `value` as it was written."""
        sealing = sealing_of(dialect)
        return value if value is None or sealing is None else sealing.opened_text(value)


class SealedId(TypeDecorator[str]):
    """An id of the outside world that leads to a person. Only its equality can be asked for."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return `value` as it is stored."""
        sealing = sealing_of(dialect)
        return value if value is None or sealing is None else sealing.id(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the stored `value` as it was given."""
        sealing = sealing_of(dialect)
        return value if value is None or sealing is None else sealing.opened_id(value)


class SealedJson(TypeDecorator[Any]):
    """A value of JSON that may hold what a person wrote; sealed, it is one text."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return `value` as it is stored."""
        sealing = sealing_of(dialect)
        return value if value is None or sealing is None else sealing.json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the stored `value` as it was given."""
        sealing = sealing_of(dialect)
        return value if value is None or sealing is None else sealing.opened_json(value)
