"""The tables, the same on SQLite and PostgreSQL; what their rows mean is known elsewhere.

A change here needs a new step in `migrations/versions/`; a test compares the two.
"""

import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


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


# SQLite numbers rows by itself only where the column is exactly INTEGER.
_Number = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("pseudonym", Text, nullable=False),
    Column("language", Text),
    Column("country", Text),
    Column("audience", Text),
    Column("state", JSON, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("blocked_at", Moment),
    UniqueConstraint("channel", "address"),
    UniqueConstraint("pseudonym"),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("time", Moment, nullable=False),
    Column("channel", Text, nullable=False),
    Column("language", Text),
    Column("country", Text),
    Column("audience", Text),
    Column("question", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("kind", Text),
    Column("topics", JSON, nullable=False),
    Column("resources", JSON, nullable=False),
    Column("candidates", JSON, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("knowledge", Text, nullable=False),
    Column("feedback", Text),
    Column("feedback_reason", Text),
    Index(None, "time"),
    Index(None, "person", "time"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("request", Text, ForeignKey("requests.id")),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("promised", Date),
    Column("assigned_to", Text),
    Column("closed_at", Moment),
    Column("outcome", Text),
    Index(None, "state", "opened_at"),
    Index(None, "opened_at"),
    Index(None, "person"),
    Index(None, "request"),
)

case_steps = Table(
    "case_steps",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("case", Text, ForeignKey("cases.id"), nullable=False),
    Column("time", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("text", Text),
    Index(None, "case", "id"),
    sqlite_autoincrement=True,
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", _Number, primary_key=True, autoincrement=False),
    Column("channel", Text, nullable=False),
    Column("chat", Text),
    Column("received_at", Moment, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Text),
    Column("done_at", Moment),
    Index(None, "state", "chat", "update_id"),
    Index(None, "chat"),
)

# Numbers are never used twice (autoincrement): a sender may still hold the number of a row that was erased.
outbox = Table(
    "outbox",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("person", Text, ForeignKey("people.id")),
    Column("chat", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Text),
    Column("message_id", BigInteger),
    Column("sent_at", Moment),
    Column("request", Text),
    Column("after_key", Text),
    Index(None, "state", "due_at", "id"),
    Index(None, "chat", "state", "id"),
    Index(None, "person"),
    sqlite_autoincrement=True,
)
