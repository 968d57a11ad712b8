"""The inbox: what arrived, kept until it was answered, in order per chat."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, bindparam, func, or_, select, update

from bot.store.connected import Connected, insert_unknown
from bot.store.kept import kept
from bot.store.tables import inbox


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """One update as it arrived: `state` is waiting, done or failed; `chat` None where it has none."""

    update_id: int
    channel: str
    chat: str | None
    received_at: datetime.datetime
    payload: dict[str, Any]
    state: str
    tries: int
    error: str | None
    done_at: datetime.datetime | None


def _waiting(*others: ColumnElement[bool]) -> Select[Any]:
    earlier = inbox.alias()
    is_first = ~(
        select(earlier.c.update_id)
        .where(
            earlier.c.state == "waiting",
            earlier.c.chat == inbox.c.chat,
            earlier.c.update_id < inbox.c.update_id,
        )
        .exists()
    )
    return (
        select(inbox)
        .where(inbox.c.state == "waiting", is_first, *others)
        .order_by(inbox.c.update_id)
        .limit(bindparam("limit"))
    )


@cache
def _returning(on_postgresql: bool) -> Executable:
    return insert_unknown(inbox, on_postgresql, "update_id").returning(inbox.c.update_id)


# Built once: these are run for every update, and building a statement costs more than running it.
_FREE = or_(inbox.c.chat.is_(None), inbox.c.chat.not_in(bindparam("in_hand", expanding=True)))
_WAITING, _WAITING_ALL = _waiting(_FREE), kept(_waiting())
_WAITING_HELD, _WAITING_ALL_HELD = (
    what.with_for_update(skip_locked=True, of=inbox) for what in (_WAITING, _WAITING_ALL)
)
_WAITING_IN = kept(
    select(inbox)
    .where(inbox.c.state == "waiting", inbox.c.chat == bindparam("chat"))
    .order_by(inbox.c.update_id)
    .limit(bindparam("limit"))
)
_BEFORE = kept(
    select(inbox)
    .where(inbox.c.chat == bindparam("chat"), inbox.c.update_id < bindparam("of"))
    .order_by(inbox.c.update_id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_TAKE = (
    select(inbox.c.update_id)
    .where(inbox.c.update_id == bindparam("of"), inbox.c.state == "waiting")
    .with_for_update(skip_locked=True)
)
_DONE = kept(
    update(inbox).where(inbox.c.update_id == bindparam("of")).values(state="done", done_at=bindparam("at"))
)


class InboxReading(Connected):
    """What can be asked about the inbox."""

    async def waiting(self, limit: int, exclude_chats: Collection[str] = ()) -> list[InboxRow]:
        """Return what may be worked on now, oldest first: of each chat only its oldest waiting row.

        What another process has in hand is passed over, and with it what waits behind it.
        """
        if exclude_chats:
            waits = self._held(_WAITING, _WAITING_HELD)
            rows = await self._rows(waits, {"in_hand": list(exclude_chats), "limit": limit})
        else:
            rows = await self._rows(self._held(_WAITING_ALL, _WAITING_ALL_HELD), {"limit": limit})
        return [InboxRow(**row) for row in rows]

    async def waiting_in(self, chat: str, limit: int) -> list[InboxRow]:
        """Return what waits in one chat, oldest first."""
        rows = await self._rows(_WAITING_IN, {"chat": chat, "limit": limit})
        return [InboxRow(**row) for row in rows]

    async def before(self, chat: str, update_id: int, limit: int) -> list[InboxRow]:
        """Return what arrived in the chat before an update, the newest first."""
        rows = await self._rows(_BEFORE, {"chat": chat, "of": update_id, "limit": limit, "offset": 0})
        return [InboxRow(**row) for row in rows]

    async def nth_before(self, chat: str, update_id: int, n: int) -> InboxRow | None:
        """Return the `n`th update of the chat before an update, the first being its neighbour."""
        row = await self._row(_BEFORE, {"chat": chat, "of": update_id, "limit": 1, "offset": n - 1})
        return InboxRow(**row) if row else None

    async def payload(self, update_id: int) -> dict[str, Any]:
        """Return an update as it came; empty for one that is not there or was erased."""
        found = await self._value(select(inbox.c.payload).where(inbox.c.update_id == update_id))
        return found or {}

    async def oldest_waiting(self) -> datetime.datetime | None:
        """Return since when the oldest waiting row waits, None if nothing waits."""
        oldest: datetime.datetime | None = await self._value(
            select(func.min(inbox.c.received_at)).where(inbox.c.state == "waiting")
        )
        return oldest

    async def last_update_id(self) -> int | None:
        """Return the highest update id ever received, None before the first."""
        last: int | None = await self._value(select(func.max(inbox.c.update_id)))
        return last


class InboxWriting(Connected):
    """What can be changed about the inbox."""

    async def receive(
        self,
        updates: Sequence[tuple[int, str | None, dict[str, Any]]],
        at: datetime.datetime,
        *,
        channel: str = "telegram",
    ) -> int:
        """Store each (update_id, chat, payload) that is not known yet; return how many were new."""
        if not updates:
            return 0
        rows = [
            {"update_id": number, "chat": chat, "payload": payload}
            | {"channel": channel, "received_at": at, "state": "waiting", "tries": 0}
            for number, chat, payload in updates
        ]
        new = _returning(self._on_postgresql)
        return len(await self._rows(new, rows))

    async def take(self, update_id: int) -> bool:
        """Take a waiting update in hand until the transaction ends; return False if another has it.

        Where it ends without a word, the update waits again at once. On SQLite one process works on the
        inbox, and knows what it has in hand.
        """
        if not self._on_postgresql:
            return True
        return await self._value(_TAKE, {"of": update_id}) is not None

    async def done(self, update_id: int, at: datetime.datetime) -> bool:
        """Store that the update was dealt with."""
        return await self._change(_DONE, {"of": update_id, "at": at})

    async def failed(self, update_id: int, error: str, at: datetime.datetime) -> bool:
        """Store that the update is given up, and why; the next one of its chat takes its turn."""
        return await self._set_update(update_id, state="failed", error=error, done_at=at)

    async def retry(self, update_id: int) -> bool:
        """Count one more try; the update goes on waiting."""
        return await self._set_update(update_id, tries=inbox.c.tries + 1)

    async def _set_update(self, update_id: int, **values: Any) -> bool:
        return await self._change(update(inbox).where(inbox.c.update_id == update_id).values(**values))
