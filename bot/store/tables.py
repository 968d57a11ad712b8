"""The tables, the same on SQLite and PostgreSQL; what their rows mean is known elsewhere.

A change here needs a new step in `migrations/versions/`; a test compares the two.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from bot.store.columns import Moment, SealedId, SealedJson, SealedText

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

# What is true of this database as a whole: which key it is sealed with.
marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("address", SealedId, nullable=False),
    Column("pseudonym", Text, nullable=False),
    Column("language", Text),
    Column("country", Text),
    Column("audience", Text),
    Column("sector", Text),
    Column("size", Text),
    Column("women_owned", Boolean),
    Column("state", SealedJson, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("blocked_at", Moment),
    Column("banned_at", Moment),
    UniqueConstraint("channel", "address"),
    UniqueConstraint("pseudonym"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("address", SealedId, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("countries", JSON, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("channel", "address"),
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
    Column("question", SealedText, nullable=False),
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
    Column("version", Integer, nullable=False, server_default="0"),
    Column("changes", Integer, nullable=False, server_default="0"),
    Column("office", Text),
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
    Column("text", SealedText),
    Column("staff", Text),
    Column("about", BigInteger),
    Column("outbox", BigInteger),
    Index(None, "case", "id"),
    Index(None, "outbox"),
    sqlite_autoincrement=True,
)

case_cards = Table(
    "case_cards",
    metadata,
    Column("case", Text, ForeignKey("cases.id"), primary_key=True),
    Column("chat", Text, primary_key=True),
    Column("thread_id", BigInteger),
    Column("message_id", BigInteger),
    Column("shown", Integer),
    Column("pending", BigInteger),
    Column("told", BigInteger),
    Column("behind", Boolean, nullable=False, server_default=true()),
    Index(None, "chat", "thread_id"),
    Index(None, "behind"),
)

staff_messages = Table(
    "staff_messages",
    metadata,
    Column("chat", Text, primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("case", Text, ForeignKey("cases.id"), nullable=False),
    Column("step", BigInteger),
    Index(None, "case"),
    Index(None, "step"),
)

jobs_done = Table(
    "jobs_done",
    metadata,
    Column("key", Text, primary_key=True),
    Column("done_at", Moment, nullable=False),
)

mailings = Table(
    "mailings",
    metadata,
    Column("mailing", Text, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), primary_key=True),
    Column("time", Moment, nullable=False),
    Column("outbox", BigInteger),
    Index(None, "person"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", _Number, primary_key=True, autoincrement=False),
    Column("channel", Text, nullable=False),
    Column("chat", SealedId),
    Column("received_at", Moment, nullable=False),
    Column("payload", SealedJson, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Text),
    Column("done_at", Moment),
    Index(None, "state", "chat", "update_id"),
    Index(None, "chat"),
)

# One row for each version of a message: the update that brought it names the row.
origins = Table(
    "origins",
    metadata,
    Column("update_id", _Number, primary_key=True, autoincrement=False),
    Column("channel", Text, nullable=False),
    Column("chat", SealedId, nullable=False),
    Column("message", BigInteger, nullable=False),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("event", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "chat", "message"),
    Index(None, "event"),
    Index(None, "person"),
)

# Numbers are never used twice (autoincrement): a sender may still hold the number of a row that was erased.
outbox = Table(
    "outbox",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("person", Text, ForeignKey("people.id")),
    Column("chat", SealedId, nullable=False),
    Column("payload", SealedJson, nullable=False),
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
    Column("trace", Text),
    Index(None, "state", "due_at", "id"),
    Index(None, "state", "priority", "id"),
    Index(None, "chat", "state", "id"),
    Index(None, "chat", "after_key"),
    Index(None, "person"),
    sqlite_autoincrement=True,
)

# Tokens are kept as keyed hashes: who reads this file cannot sign in with it.
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token", Text, primary_key=True),
    Column("staff", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", Text, primary_key=True),
    Column("staff", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "staff"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("time", Moment, nullable=False),
    Column("staff", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text),
    Column("person", Text),
    Index(None, "person"),
    Index(None, "staff", "id"),
    sqlite_autoincrement=True,
)

consents = Table(
    "consents",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Index(None, "person", "purpose"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("segment", Text, nullable=False),
    Column("country", Text),
    Column("since", Moment, nullable=False),
    Column("stopped_at", Moment),
    Index(None, "person"),
    Index(None, "segment", "stopped_at"),
)

# By which links people came: a topic, a resource, or whatever name a campaign was given.
sources = Table(
    "sources",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("time", Moment, nullable=False),
    Column("source", Text, nullable=False),
    Column("known", Boolean, nullable=False),
    Index(None, "person"),
    Index(None, "time"),
)

# Wordings that staff set aside: they are not shown as gaps again.
ignored = Table(
    "ignored",
    metadata,
    Column("id", Text, primary_key=True),
    Column("language", Text),
    Column("wording", SealedText, nullable=False),
    Column("staff", Text, nullable=False),
    Column("time", Moment, nullable=False),
)

# Opened links are only ever counted: nothing here leads to who opened them.
opens = Table(
    "opens",
    metadata,
    Column("resource", Text, primary_key=True),
    Column("week", Date, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("country", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

# The state of each address that was tried: how often in a row it failed.
links = Table(
    "links",
    metadata,
    Column("url", Text, primary_key=True),
    Column("checked_at", Moment, nullable=False),
    Column("fails", Integer, nullable=False),
    Column("failing_since", Moment),
    Column("status", Integer),
    Column("note", Text),
)

# Requests whose person was told that there is an answer now: once each.
told = Table(
    "told",
    metadata,
    Column("request", Text, ForeignKey("requests.id"), primary_key=True),
    Column("time", Moment, nullable=False),
)
