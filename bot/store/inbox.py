"""The inbox: what arrived, kept until it was answered, in order per chat."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, update

from bot.store.connected import Connected, insert_unknown
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


class InboxReading(Connected):
    """What can be asked about the inbox."""

    async def waiting(self, limit: int, exclude_chats: Collection[str] = ()) -> list[InboxRow]:
        """Return what may be worked on now, oldest first: of each chat only its oldest waiting row.

        What another process has in hand is passed over, and with it what waits behind it.
        """
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
        waits = (
            select(inbox)
            .where(
                inbox.c.state == "waiting",
                or_(inbox.c.chat.is_(None), inbox.c.chat.not_in(exclude_chats)),
                is_first,
            )
            .order_by(inbox.c.update_id)
            .limit(limit)
        )
        if self._on_postgresql:
            waits = waits.with_for_update(skip_locked=True, of=inbox)
        rows = await self._rows(waits)
        return [InboxRow(**row) for row in rows]

    async def waiting_in(self, chat: str, limit: int) -> list[InboxRow]:
        """Return what waits in one chat, oldest first."""
        theirs = (inbox.c.state == "waiting") & (inbox.c.chat == chat)
        rows = await self._rows(select(inbox).where(theirs).order_by(inbox.c.update_id).limit(limit))
        return [InboxRow(**row) for row in rows]

    async def before(self, chat: str, update_id: int, limit: int) -> list[InboxRow]:
        """Return what arrived in the chat before an update, the newest first."""
        theirs = (inbox.c.chat == chat) & (inbox.c.update_id < update_id)
        rows = await self._rows(select(inbox).where(theirs).order_by(inbox.c.update_id.desc()).limit(limit))
        return [InboxRow(**row) for row in rows]

    async def arrived(self, chat: str, update_id: int, *, since: datetime.datetime) -> int:
        """Return how many updates of the chat arrived from `since` on, up to and with `update_id`."""
        theirs = (inbox.c.chat == chat) & (inbox.c.update_id <= update_id) & (inbox.c.received_at >= since)
        return int(await self._value(select(func.count()).select_from(inbox).where(theirs)))

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
        new = insert_unknown(inbox, self._on_postgresql, ["update_id"]).returning(inbox.c.update_id)
        return len((await self._connection.execute(new, rows)).all())

    async def take(self, update_id: int) -> bool:
        """Take a waiting update in hand until the transaction ends; return False if another has it.

        Where it ends without a word, the update waits again at once. On SQLite one process works on the
        inbox, and knows what it has in hand.
        """
        if not self._on_postgresql:
            return True
        waits = select(inbox.c.update_id).where(inbox.c.update_id == update_id, inbox.c.state == "waiting")
        return await self._value(waits.with_for_update(skip_locked=True)) is not None

    async def done(self, update_id: int, at: datetime.datetime) -> bool:
        """Store that the update was dealt with."""
        return await self._set_update(update_id, state="done", done_at=at)

    async def failed(self, update_id: int, error: str, at: datetime.datetime) -> bool:
        """Store that the update is given up, and why; the next one of its chat takes its turn."""
        return await self._set_update(update_id, state="failed", error=error, done_at=at)

    async def retry(self, update_id: int) -> bool:
        """Count one more try; the update goes on waiting."""
        return await self._set_update(update_id, tries=inbox.c.tries + 1)

    async def _set_update(self, update_id: int, **values: Any) -> bool:
        return await self._change(update(inbox).where(inbox.c.update_id == update_id).values(**values))
