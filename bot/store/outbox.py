"""The outbox: what is to be sent, kept until it was delivered, in order per chat."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, insert, or_, select, tuple_, update

from bot.store.connected import Connected
from bot.store.kept import kept
from bot.store.places import TELL
from bot.store.tables import outbox

CONVERSATION, STAFF, BROADCAST = 0, 1, 2
"""Priorities: an answer goes before a word to the staff, and that before what goes to many."""


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    """One message. `state` is waiting, sending, sent, failed or dropped; `id` is 0 until it is posted.

    `person` is whom it is about (and whose erasure erases it), `request` what it answers. `after_key`
    belongs to whoever posts, and says what follows once the row is settled; `trace` is the correlation id,
    only kept here. `sent_at` is when the row was settled: sent, failed or dropped.
    """

    chat: str
    payload: dict[str, Any]
    created_at: datetime.datetime
    due_at: datetime.datetime
    priority: int = CONVERSATION
    person: str | None = None
    request: str | None = None
    after_key: str | None = None
    trace: str | None = None
    state: str = "waiting"
    tries: int = 0
    error: str | None = None
    message_id: int | None = None
    sent_at: datetime.datetime | None = None
    id: int = 0


@dataclass(frozen=True, kw_only=True)
class Queued:
    """The place of a message in its queue."""

    id: int
    chat: str
    priority: int


def _urgency(row: OutboxRow) -> tuple[int, int]:
    return row.priority, row.id


def _due(what: Select[Any]) -> Select[Any]:
    other = outbox.alias()
    goes_before = or_(
        other.c.state == "sending",
        tuple_(other.c.priority, other.c.id) < tuple_(outbox.c.priority, outbox.c.id),
    )
    # The states first: so the index on chat and state leads past years of what was sent to a group.
    # Not as a list, which would be written into the statement anew each time (`bot.store.kept`).
    unsettled = and_(
        other.c.chat == outbox.c.chat, or_(other.c.state == "waiting", other.c.state == "sending")
    )
    is_first = ~select(other.c.id).where(unsettled, goes_before).exists()
    # Not the column itself: or SQLite would read all that is due and sort it, to give the first few.
    due_at = func.coalesce(outbox.c.due_at, outbox.c.due_at)
    return (
        what.where(outbox.c.state == "waiting", due_at <= bindparam("now"), is_first)
        .order_by(outbox.c.priority, outbox.c.id)
        .limit(bindparam("limit"))
    )


# Built once: building a statement costs more than running it.
_BEHIND = kept(
    select(func.count())
    .select_from(outbox)
    .where(outbox.c.chat == bindparam("chat"), outbox.c.state == "waiting")
)
_DUE = _due(select(outbox))
_IN_LINE = kept(_due(select(outbox.c.id, outbox.c.chat, outbox.c.priority)))
_SENT = kept(
    update(outbox)
    .where(outbox.c.id == bindparam("of"))
    .values(state="sent", message_id=bindparam("told"), sent_at=bindparam("at"), error=None)
)
_taking = (
    update(outbox)
    .where(outbox.c.state == "waiting")
    .values(state="sending", tries=outbox.c.tries + 1)
    .returning(outbox)
)
_TAKE_ALL = _taking.where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_TAKE = kept(_taking.where(outbox.c.id == bindparam("of")))
_POST = kept(insert(outbox).returning(outbox.c.id))


class OutboxReading(Connected):
    """What can be asked about the outbox."""

    async def due(self, now: datetime.datetime, limit: int) -> list[OutboxRow]:
        """Return what may be sent now, most urgent first, and in each chat nothing before its turn.

        Of each chat at most one row is given, and none while one of it is being sent. Rows as urgent keep the
        order they were posted in; an answer does not stand behind a broadcast.
        """
        rows = await self._rows(_DUE, {"now": now, "limit": limit})
        return [OutboxRow(**row) for row in rows]

    async def next_in_line(self, now: datetime.datetime, limit: int) -> list[Queued]:
        """Return the same as `due`, without what is to be sent."""
        rows = await self._rows(_IN_LINE, {"now": now, "limit": limit})
        return [Queued(**row) for row in rows]

    async def waiting_with_key(self, chat: str) -> list[OutboxRow]:
        """Return what waits for a chat and has something that follows it."""
        rows = await self._rows(
            select(outbox)
            .where(outbox.c.chat == chat, outbox.c.state == "waiting", outbox.c.after_key.is_not(None))
            .order_by(outbox.c.id)
        )
        return [OutboxRow(**row) for row in rows]

    async def stuck(self) -> list[OutboxRow]:
        """Return what a killed process left in `sending`: it may or may not have been delivered."""
        rows = await self._rows(select(outbox).where(outbox.c.state == "sending").order_by(outbox.c.id))
        return [OutboxRow(**row) for row in rows]

    async def sent_since(self, since: datetime.datetime) -> list[tuple[str, datetime.datetime]]:
        """Return to which chats messages were sent from `since` on, and when, the oldest first."""
        lately = (outbox.c.state == "sent") & (outbox.c.sent_at >= since)
        rows = await self._rows(
            select(outbox.c.chat, outbox.c.sent_at).where(lately).order_by(outbox.c.sent_at)
        )
        return [(row["chat"], row["sent_at"]) for row in rows]

    async def message(self, outbox_id: int) -> OutboxRow | None:
        """Return the message with this id, None if there is none."""
        row = await self._row(select(outbox).where(outbox.c.id == outbox_id))
        return OutboxRow(**row) if row else None

    async def after(
        self, chat: str, after_key: str, *, since: datetime.datetime | None = None
    ) -> list[OutboxRow]:
        """Return what was posted to the chat under a key, oldest first."""
        theirs = (outbox.c.chat == chat) & (outbox.c.after_key == after_key)
        if since is not None:
            theirs &= outbox.c.created_at >= since
        rows = await self._rows(select(outbox).where(theirs).order_by(outbox.c.id))
        return [OutboxRow(**row) for row in rows]

    async def behind(self, chat: str) -> int:
        """Return how many messages wait to be sent to the chat."""
        return int(await self._value(_BEHIND, {"chat": chat}))

    async def next_due(self) -> datetime.datetime | None:
        """Return when the next waiting row may be sent, None if nothing waits."""
        due: datetime.datetime | None = await self._value(
            select(func.min(outbox.c.due_at)).where(outbox.c.state == "waiting")
        )
        return due


class OutboxWriting(Connected):
    """What can be changed about the outbox."""

    async def post(self, message: OutboxRow) -> int:
        """Store a message to be sent; return its id. Whoever sends in another process hears of it."""
        values = {name: value for name, value in vars(message).items() if name != "id"}
        result = await self._connection.execute(_POST, values)
        if self._on_postgresql:
            await self._connection.execute(TELL)
        return int(result.scalar_one())

    async def reword(self, outbox_id: int, payload: dict[str, Any]) -> bool:
        """Change what a row will say while it waits; return False once it is being sent or was."""
        return await self._change(
            update(outbox)
            .where(outbox.c.id == outbox_id, outbox.c.state == "waiting")
            .values(payload=payload)
        )

    async def sending(self, *outbox_ids: int) -> list[OutboxRow]:
        """Take waiting rows, count the try, and return them: without those that are gone or taken already."""
        if not outbox_ids:
            return []
        if self._on_postgresql:  # where asking once for each costs a way there and back
            rows = await self._rows(_TAKE_ALL, {"ids": list(outbox_ids)})
        else:
            rows = [row for of in outbox_ids if (row := await self._row(_TAKE, {"of": of}))]
        return sorted((OutboxRow(**row) for row in rows), key=_urgency)

    async def sent(self, outbox_id: int, message_id: int | None, at: datetime.datetime) -> bool:
        """Store that the message was delivered, and the number the channel gave it."""
        return await self._set_message(outbox_id, state="sent", message_id=message_id, sent_at=at, error=None)

    async def all_sent(self, delivered: Sequence[tuple[int, int | None]], at: datetime.datetime) -> None:
        """Store each (id, message id) as delivered."""
        if delivered:
            rows = [{"of": number, "told": message, "at": at} for number, message in delivered]
            await self._connection.execute(_SENT, rows)

    async def postpone(self, outbox_id: int, due_at: datetime.datetime, error: str | None = None) -> bool:
        """Let the message wait again, until `due_at`; `error` says why."""
        return await self._set_message(outbox_id, state="waiting", due_at=due_at, error=error)

    async def note_error(self, outbox_id: int, error: str) -> bool:
        """Store what went wrong after the message was delivered; its state stays."""
        return await self._set_message(outbox_id, error=error)

    async def fail(self, outbox_id: int, error: str, at: datetime.datetime) -> bool:
        """Store that the message is given up, and why; the next one of its chat takes its turn."""
        return await self._set_message(outbox_id, state="failed", error=error, sent_at=at)

    async def drop_for_chat(self, chat: str, at: datetime.datetime, error: str) -> int:
        """Give up all that waits for a chat that takes nothing any more; return how many those were."""
        dropped = (
            update(outbox)
            .where(outbox.c.chat == chat, outbox.c.state == "waiting")
            .values(state="dropped", error=error, sent_at=at)
        )
        return (await self._connection.execute(dropped)).rowcount

    async def _set_message(self, outbox_id: int, **values: Any) -> bool:
        return await self._change(update(outbox).where(outbox.c.id == outbox_id).values(**values))
