"""Retention: what is older than its time is taken away from people, or from the database.

Whatever points at a row that goes, goes with it: the foreign keys of the tables say what that is, so a
new table cannot be forgotten.
"""

import datetime
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, select, update

from bot.store.connected import Connected
from bot.store.tables import (
    audit,
    cases,
    inbox,
    metadata,
    origins,
    outbox,
    people,
    requests,
)

NOBODY = "nobody"
"""Whose the questions are that were taken away from a person: id, address and channel."""
PSEUDONYM_OF_NOBODY = "p-nobody"


@dataclass(frozen=True)
class Purged:
    """How many went: closed cases, questions taken from their people or deleted, people, deliveries."""

    cases: int
    requests: int
    people: int
    deliveries: int


class RetentionWriting(Connected):
    """What can be done to rows that are older than their time."""

    async def purge(
        self, *, before: datetime.datetime, deliveries_before: datetime.datetime, anonymise: bool
    ) -> Purged:
        """Let go of what ended before its moment; what still waits for somebody stays.

        `before` is for closed cases, questions and people; `deliveries_before` for updates that were
        dealt with and messages that were settled. With `anonymise` a question loses its words and its
        person but goes on counting in the figures; without, it is deleted.
        """
        closed = await self._delete(cases, and_(cases.c.state == "closed", cases.c.closed_at < before))
        asked = await self._purge_requests(before, anonymise=anonymise)
        gone = await self._delete(
            people,
            and_(
                people.c.last_seen < before,
                people.c.id != NOBODY,
                people.c.id.not_in(select(cases.c.person).where(cases.c.state != "closed")),
                people.c.id.not_in(select(requests.c.person)),
            ),
        )
        await self._delete(audit, audit.c.time < before)
        return Purged(closed, asked, gone, await self._purge_deliveries(deliveries_before))

    async def _purge_requests(self, before: datetime.datetime, *, anonymise: bool) -> int:
        old = and_(
            requests.c.time < before,
            requests.c.person != NOBODY,
            requests.c.id.not_in(select(cases.c.request).where(cases.c.request.is_not(None))),
        )
        if not anonymise:
            return await self._delete(requests, old)
        if not await self._value(select(func.count()).select_from(requests).where(old)):
            return 0
        await self._make_nobody(before)
        await self._delete_pointing_at(requests, old)
        changed = update(requests).where(old).values(person=NOBODY, question="")
        return (await self._connection.execute(changed)).rowcount

    async def _make_nobody(self, at: datetime.datetime) -> None:
        if await self._row(select(people.c.id).where(people.c.id == NOBODY)) is not None:
            return
        values = {"id": NOBODY, "channel": NOBODY, "address": NOBODY, "pseudonym": PSEUDONYM_OF_NOBODY}
        await self._change(insert(people).values(**values, state={}, first_seen=at, last_seen=at))

    async def _purge_deliveries(self, before: datetime.datetime) -> int:
        """Forget updates and messages, and which became what; the newest update stays known."""
        newest = select(func.max(inbox.c.update_id)).scalar_subquery()
        dealt_with = and_(inbox.c.state != "waiting", inbox.c.done_at < before, inbox.c.update_id != newest)
        settled = and_(outbox.c.state.in_(("sent", "failed", "dropped")), outbox.c.sent_at < before)
        await self._delete(origins, origins.c.at < before)
        return await self._delete(inbox, dealt_with) + await self._delete(outbox, settled)

    async def _delete(self, table: Table, which: ColumnElement[bool]) -> int:
        await self._delete_pointing_at(table, which)
        return (await self._connection.execute(delete(table).where(which))).rowcount

    async def _delete_pointing_at(self, table: Table, which: ColumnElement[bool]) -> None:
        for other in metadata.sorted_tables:
            for key in other.foreign_keys:
                if key.column.table is table and other is not table:
                    theirs = select(key.column).where(which)
                    await self._delete(other, key.parent.in_(theirs))
