"""Care of the data: what of it belongs to a person, to hand it over or to erase it, and how much there is."""

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update

from bot.store.connected import Connected
from bot.store.people import PersonRow
from bot.store.tables import (
    audit,
    case_cards,
    case_steps,
    cases,
    consents,
    inbox,
    mailings,
    metadata,
    origins,
    outbox,
    people,
    requests,
    sources,
    staff_messages,
    subscriptions,
    told,
)

# Tables that hold nothing of anybody who asks.
IMPERSONAL = frozenset({"ignored", "jobs_done", "links", "marks", "opens", "sessions", "sign_ins", "staff"})

Belongings = list[tuple[Table, ColumnElement[bool]]]


def belongings(person: PersonRow) -> Belongings:
    """Return each table with what in it belongs to the person, those that point to others first."""
    own_cases = select(cases.c.id).where(cases.c.person == person.id)
    own_updates = select(origins.c.update_id).where(origins.c.person == person.id)
    return [
        (outbox, or_(outbox.c.person == person.id, outbox.c.chat == person.address)),
        (
            inbox,
            (inbox.c.channel == person.channel)
            & or_(inbox.c.chat == person.address, inbox.c.update_id.in_(own_updates)),
        ),
        (origins, origins.c.person == person.id),
        (case_steps, case_steps.c.case.in_(own_cases)),
        (case_cards, case_cards.c.case.in_(own_cases)),
        (staff_messages, staff_messages.c.case.in_(own_cases)),
        (mailings, mailings.c.person == person.id),
        (cases, cases.c.person == person.id),
        (told, told.c.request.in_(select(requests.c.id).where(requests.c.person == person.id))),
        (requests, requests.c.person == person.id),
        (audit, audit.c.person == person.id),
        (consents, consents.c.person == person.id),
        (subscriptions, subscriptions.c.person == person.id),
        (sources, sources.c.person == person.id),
        (people, people.c.id == person.id),
    ]


@dataclass(frozen=True)
class Waits:
    """What waits: how many rows, and since when the oldest (None: nothing waits)."""

    inbox: int
    inbox_since: datetime.datetime | None
    outbox: int
    outbox_since: datetime.datetime | None
    open_cases: int
    open_case_since: datetime.datetime | None


class CareReading(Connected):
    """What can be asked about the data as a whole."""

    async def waits(self) -> Waits:
        """Return what waits to be answered, to be sent, and for the staff."""
        found: list[Any] = []
        for oldest, state in (
            (inbox.c.received_at, inbox.c.state == "waiting"),
            (outbox.c.created_at, outbox.c.state.in_(("waiting", "sending"))),
            (cases.c.opened_at, cases.c.state.in_(("open", "assigned"))),
        ):
            row = await self._row(
                select(func.count().label("rows"), func.min(oldest).label("since")).where(state)
            )
            found += [row["rows"], row["since"]] if row else [0, None]
        return Waits(*found)

    async def counts(self) -> dict[str, int]:
        """Return how many rows each table has."""
        return {
            name: int(await self._value(select(func.count()).select_from(table)))
            for name, table in metadata.tables.items()
        }

    async def export_person(self, person_id: str) -> dict[str, list[dict[str, Any]]]:
        """Return all rows stored about the person, by table, ready for JSON; empty for an unknown person."""
        person = await self._row(select(people).where(people.c.id == person_id))
        if person is None:
            return {}
        return {
            table.name: [
                _plain(row)
                for row in await self._rows(select(table).where(theirs).order_by(*table.primary_key))
            ]
            for table, theirs in reversed(belongings(PersonRow(**person)))
        }


class CareWriting(Connected):
    """What can be done to the data as a whole."""

    async def forget(self, person_id: str, *, upto: int | None = None) -> bool:
        """Erase everything of the person in every table; return False for an unknown person.

        Of an update only its number stays, so that it is not taken for a new one if it arrives again. With
        `upto`, the update that brought the wish, what was written after it still waits for its answer.
        The words leave the file itself with `Store.compact`.
        """
        person = await self._row(select(people).where(people.c.id == person_id))
        if person is None:
            return False
        for table, theirs in belongings(PersonRow(**person)):
            if table is inbox:
                await self._blank(theirs, upto)
            else:
                await self._change(delete(table).where(theirs))
        return True

    async def _blank(self, theirs: ColumnElement[bool], upto: int | None) -> None:
        if upto is not None:
            theirs &= (inbox.c.state != "waiting") | (inbox.c.update_id <= upto)
        await self._change(
            update(inbox).where(theirs).values(chat=None, payload={}, error=None, state="done")
        )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in row.items()
    }
