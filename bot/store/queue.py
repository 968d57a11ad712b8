"""The queue: cases page by page, who waits longest first, and how many there are of each kind."""

import datetime
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from bot.store.asked import Mark
from bot.store.cases import ListedCase
from bot.store.connected import Connected
from bot.store.tables import cases, people, requests

WAITING = ("open", "assigned")
UNCLOSED = (*WAITING, "answered")


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Which cases are wanted; None is any.

    No `states` is every state. `assigned_to` "" is nobody's. `overdue` is the day on which a
    promise counts as broken. Cases of a reason in `without` are left out.
    """

    states: tuple[str, ...] = UNCLOSED
    reason: str | None = None
    country: str | None = None
    language: str | None = None
    assigned_to: str | None = None
    overdue: datetime.date | None = None
    person: str | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QueuedCase(ListedCase):
    """A case in the queue: with the language to answer in."""

    language: str | None

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the case a row holds."""
        return cls(**row | {"topics": tuple(row["topics"] or ())})


class QueueReading(Connected):
    """What can be asked about the queue."""

    async def queue(
        self, wanted: Queue, *, after: Mark | None = None, limit: int | None = None
    ) -> list[QueuedCase]:
        """Return the wanted cases after a mark, who waits longest first."""
        listed = _queued().where(*_wanted(wanted)).order_by(cases.c.opened_at, cases.c.id).limit(limit)
        if after is not None:
            later = or_(cases.c.opened_at > after.time, cases.c.id > after.id)
            listed = listed.where(and_(cases.c.opened_at >= after.time, later))
        return [QueuedCase.of(row) for row in await self._rows(listed)]

    async def queued(self, case_id: str) -> QueuedCase | None:
        """Return one case as the queue shows it, None if there is none."""
        row = await self._row(_queued().where(cases.c.id == case_id))
        return QueuedCase.of(row) if row else None

    async def queue_counts(self, wanted: Queue, *, today: datetime.date, reader: str) -> dict[str, int]:
        """Return how many cases are in each state, `overdue`, `nobody`, and the reader's (`mine`)."""
        waiting = cases.c.state.in_(WAITING)
        kinds = {
            **{state: cases.c.state == state for state in (*UNCLOSED, "closed")},
            "overdue": and_(waiting, cases.c.promised < today),
            "nobody": and_(waiting, cases.c.assigned_to.is_(None)),
            "mine": and_(cases.c.state != "closed", cases.c.assigned_to == reader),
        }
        counted = select(
            *(
                func.coalesce(func.sum(case((kind, 1), else_=0)), 0).label(name)
                for name, kind in kinds.items()
            )
        )
        row = await self._row(_joined(counted).where(*_wanted(wanted)))
        return {name: int(number) for name, number in (row or {}).items()}


def _country() -> ColumnElement[Any]:
    return func.coalesce(requests.c.country, people.c.country)


def _language() -> ColumnElement[Any]:
    return func.coalesce(people.c.language, requests.c.language)


def _queued() -> Select[Any]:
    return _joined(
        select(
            cases,
            people.c.pseudonym,
            requests.c.question,
            requests.c.topics,
            _country().label("country"),
            _language().label("language"),
        )
    )


def _joined(selected: Select[Any]) -> Select[Any]:
    return (
        selected.select_from(cases)
        .join(people, people.c.id == cases.c.person)
        .outerjoin(requests, requests.c.id == cases.c.request)
    )


def _wanted(wanted: Queue) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [cases.c.state.in_(wanted.states)] if wanted.states else []
    if wanted.reason is not None:
        conditions.append(cases.c.reason == wanted.reason)
    if wanted.country is not None:
        conditions.append(_country() == wanted.country)
    if wanted.language is not None:
        conditions.append(_language() == wanted.language)
    if wanted.person is not None:
        conditions.append(cases.c.person == wanted.person)
    if wanted.assigned_to is not None:
        conditions.append(func.coalesce(cases.c.assigned_to, "") == wanted.assigned_to)
    if wanted.overdue is not None:
        conditions.append(and_(cases.c.state.in_(WAITING), cases.c.promised < wanted.overdue))
    if wanted.without:
        conditions.append(cases.c.reason.not_in(wanted.without))
    return conditions
