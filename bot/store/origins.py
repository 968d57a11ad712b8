"""Origins: which of a chat's messages became which event, so that an edited one finds its answer."""

import datetime
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from bot.store.connected import Connected
from bot.store.kept import kept
from bot.store.tables import origins, outbox, people


@dataclass(frozen=True, kw_only=True)
class OriginRow:
    """One version of a message: `update_id` brought it, `event` is the question it is part of."""

    update_id: int
    channel: str
    chat: str
    message: int
    person: str
    event: str
    at: datetime.datetime


# Built once: building a statement costs more than running it.
_ADD = kept(insert(origins))
_IN_ORDER = select(origins).order_by(origins.c.update_id)
_OF_MESSAGE = kept(
    _IN_ORDER.where(origins.c.chat == bindparam("of"), origins.c.message == bindparam("number"))
)
_PARTS = kept(_IN_ORDER.where(origins.c.event == bindparam("of")))


class OriginsReading(Connected):
    """What can be asked about origins."""

    async def origins(self, chat: str, message: int) -> list[OriginRow]:
        """Return the versions of a message, oldest first; none where it became no event."""
        rows = await self._rows(_OF_MESSAGE, {"of": chat, "number": message})
        return [OriginRow(**row) for row in rows]

    async def parts(self, event: str) -> list[OriginRow]:
        """Return every version of every message that is part of `event`, oldest first."""
        return [OriginRow(**row) for row in await self._rows(_PARTS, {"of": event})]


class OriginsWriting(Connected):
    """What can be changed about origins."""

    async def add_origin(self, origin: OriginRow) -> None:
        """Store what a message became."""
        await self._change(_ADD, vars(origin))

    async def move_chat(self, before: str, after: str) -> None:
        """Store the number a chat has now: what waits for it goes there, and who writes as it is known."""
        await self._change(update(outbox).where(outbox.c.chat == before).values(chat=after))
        there = await self._row(select(people.c.id).where(people.c.address == after))
        if there is None:
            await self._change(update(people).where(people.c.address == before).values(address=after))
