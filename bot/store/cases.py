"""Cases: conversations a person must follow up, and each step taken in them."""

import datetime
from dataclasses import dataclass
from typing import TypedDict, Unpack

from sqlalchemy import insert, select, update

from bot.store.connected import Connected
from bot.store.tables import case_steps, cases, people, requests


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One case: `state` is open, assigned, answered or closed; `outcome` says how it was closed."""

    id: str
    person: str
    reason: str
    opened_at: datetime.datetime
    request: str | None = None
    state: str = "open"
    promised: datetime.date | None = None
    assigned_to: str | None = None
    closed_at: datetime.datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListedCase(CaseRow):
    """A case in a list: with the pseudonym of whose it is, and the question it came from."""

    pseudonym: str
    question: str | None


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One thing that happened in a case: `what` is opened, note, reply, assigned, closed, reopened..."""

    id: int
    case: str
    time: datetime.datetime
    who: str
    what: str
    text: str | None


class CaseChanges(TypedDict, total=False):
    """What may change in a case; what is not named stays."""

    state: str
    assigned_to: str | None
    closed_at: datetime.datetime | None
    outcome: str | None


class CasesReading(Connected):
    """What can be asked about cases."""

    async def case(self, case_id: str) -> CaseRow | None:
        """Return the case with this id, None if there is none."""
        row = await self._row(select(cases).where(cases.c.id == case_id))
        return CaseRow(**row) if row else None

    async def steps(self, case_id: str) -> list[StepRow]:
        """Return what happened in the case, in order."""
        rows = await self._rows(
            select(case_steps).where(case_steps.c.case == case_id).order_by(case_steps.c.id)
        )
        return [StepRow(**row) for row in rows]

    async def open_case_of(self, person_id: str) -> CaseRow | None:
        """Return the person's newest case that is not closed, None if there is none."""
        row = await self._row(
            select(cases)
            .where(cases.c.person == person_id, cases.c.state != "closed")
            .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
            .limit(1)
        )
        return CaseRow(**row) if row else None

    async def cases(
        self, *, id: str | None = None, state: str | None = None, limit: int | None = None
    ) -> list[ListedCase]:
        """Return the cases, of one state or all, who waits longest first; or the one with `id`."""
        listed = (
            select(cases, people.c.pseudonym, requests.c.question)
            .join(people, people.c.id == cases.c.person)
            .outerjoin(requests, requests.c.id == cases.c.request)
            .order_by(cases.c.opened_at, cases.c.id)
            .limit(limit)
        )
        if id is not None:
            listed = listed.where(cases.c.id == id)
        if state is not None:
            listed = listed.where(cases.c.state == state)
        return [ListedCase(**row) for row in await self._rows(listed)]


class CasesWriting(Connected):
    """What can be changed about cases."""

    async def add_case(self, case: CaseRow, *, who: str) -> None:
        """Store a new case with its first step: `who` opened it."""
        await self._change(insert(cases).values(vars(case)))
        await self.add_step(case.id, case.opened_at, who, "opened")

    async def add_step(
        self, case_id: str, time: datetime.datetime, who: str, what: str, text: str | None = None
    ) -> int:
        """Store what happened in a case; return the step's number."""
        step = insert(case_steps).values(case=case_id, time=time, who=who, what=what, text=text)
        return int(await self._value(step.returning(case_steps.c.id)))

    async def set_case(self, case_id: str, **changes: Unpack[CaseChanges]) -> bool:
        """Change what is named of a case and nothing else; return False for an unknown case."""
        return await self._change(update(cases).where(cases.c.id == case_id).values(**changes))
