"""Cases: conversations a person must follow up, and each step taken in them."""

import datetime
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack

from sqlalchemy import Select, and_, bindparam, insert, or_, select, update

from bot.store.connected import Connected, held
from bot.store.kept import kept
from bot.store.tables import case_cards, case_steps, cases, outbox, people, requests


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One case: `state` is open, assigned, answered or closed; `outcome` says how it was closed.

    `assigned_to` is the id of one of the staff, `office` the name of the office it was routed to. `version`
    grows with each change by the staff, `changes` with each step of anyone.
    """

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
    version: int = 0
    changes: int = field(default=0, compare=False)
    office: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListedCase(CaseRow):
    """A case in a list: with the pseudonym of whose it is, and the question it came from."""

    pseudonym: str
    question: str | None
    country: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One thing that happened in a case.

    `what` is opened, said (by the person), reply, edited, note, taken, released, reassigned, closed,
    reopened, draft or reminded. `who` is the name it was done under, `staff` the id of who of the staff did
    it. `about` is the step it changes. `outbox` is the message a reply became; `delivery` is what became of
    that: waiting, delivered, failed or blocked, and None where nothing was sent.
    """

    id: int
    case: str
    time: datetime.datetime
    who: str
    what: str
    text: str | None
    staff: str | None = None
    about: int | None = None
    outbox: int | None = None
    delivery: str | None = None


class CaseChanges(TypedDict, total=False):
    """What may change in a case; what is not named stays."""

    state: str
    assigned_to: str | None
    closed_at: datetime.datetime | None
    outcome: str | None
    promised: datetime.date | None
    office: str | None


class CasesReading(Connected):
    """What can be asked about cases."""

    async def case(self, case_id: str) -> CaseRow | None:
        """Return the case with this id, None if there is none."""
        row = await self._row(self._held(_WITH_ID, _WITH_ID_HELD), {"id": case_id})
        return CaseRow(**row) if row else None

    async def steps(self, case_id: str) -> list[StepRow]:
        """Return what happened in the case, in order."""
        rows = await self._rows(_steps().where(case_steps.c.case == case_id).order_by(case_steps.c.id))
        return [_step(row) for row in rows]

    async def step(self, step_id: int) -> StepRow | None:
        """Return the step with this number, None if there is none."""
        row = await self._row(_steps().where(case_steps.c.id == step_id))
        return _step(row) if row else None

    async def step_of_outbox(self, outbox_id: int) -> StepRow | None:
        """Return the step whose message this is, None for any other message."""
        row = await self._row(_steps().where(case_steps.c.outbox == outbox_id))
        return _step(row) if row else None

    async def newest_reply_to(self, person_id: str) -> StepRow | None:
        """Return the last thing the staff wrote to the person, None if they never did."""
        row = await self._row(_NEWEST_REPLY, {"person": person_id})
        return _step(row) if row else None

    async def case_of_message(self, chat: str, message_id: int) -> str | None:
        """Return the case in which the staff wrote this message to a person, None for any other message."""
        found: str | None = await self._value(
            select(case_steps.c.case)
            .join(outbox, outbox.c.id == case_steps.c.outbox)
            .where(outbox.c.chat == chat, outbox.c.message_id == message_id)
            .order_by(case_steps.c.id.desc())
            .limit(1)
        )
        return found

    async def open_case_of(self, person_id: str) -> CaseRow | None:
        """Return the person's newest case that is not closed, None if there is none."""
        row = await self._row(
            select(cases)
            .where(cases.c.person == person_id, cases.c.state != "closed")
            .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
            .limit(1)
        )
        return CaseRow(**row) if row else None

    async def cases_of(self, person_id: str) -> list[CaseRow]:
        """Return all cases of a person, the oldest first."""
        rows = await self._rows(
            select(cases).where(cases.c.person == person_id).order_by(cases.c.opened_at, cases.c.id)
        )
        return [CaseRow(**row) for row in rows]

    async def case_in_hand_of(self, person_id: str) -> CaseRow | None:
        """Return the person's newest case one of the staff has taken, None if there is none."""
        row = await self._row(_IN_HAND, {"person": person_id})
        return CaseRow(**row) if row else None

    async def cases(
        self,
        *,
        state: str | None = None,
        assigned_to: str | None = None,
        promised_by: datetime.date | None = None,
        closed_before: datetime.datetime | None = None,
        limit: int | None = None,
    ) -> list[ListedCase]:
        """Return the cases, who waits longest first.

        `state` is a state, or waiting for what the staff still owe: open or assigned. `promised_by` leaves
        out what was promised for a later day, `closed_before` what was closed later or is not closed.
        """
        listed = (
            select(cases, people.c.pseudonym, requests.c.question, requests.c.country, requests.c.topics)
            .join(people, people.c.id == cases.c.person)
            .outerjoin(requests, requests.c.id == cases.c.request)
            .order_by(cases.c.opened_at, cases.c.id)
            .limit(limit)
        )
        if state == WAITING:
            listed = listed.where(cases.c.state.in_(("open", "assigned")))
        elif state is not None:
            listed = listed.where(cases.c.state == state)
        if assigned_to is not None:
            listed = listed.where(cases.c.assigned_to == assigned_to)
        if promised_by is not None:
            listed = listed.where(cases.c.promised <= promised_by)
        if closed_before is not None:
            listed = listed.where(cases.c.closed_at < closed_before)
        return [
            ListedCase(**row | {"topics": tuple(row["topics"] or ())}) for row in await self._rows(listed)
        ]


class CasesWriting(Connected):
    """What can be changed about cases."""

    async def add_case(self, case: CaseRow, *, who: str) -> None:
        """Store a new case with its first step: `who` opened it."""
        await self._change(insert(cases).values(vars(case)))
        await self.add_step(case.id, case.opened_at, who, "opened")

    async def add_step(
        self,
        case_id: str,
        time: datetime.datetime,
        who: str,
        what: str,
        text: str | None = None,
        *,
        staff: str | None = None,
        about: int | None = None,
        outbox: int | None = None,
    ) -> int:
        """Store what happened in a case; return the step's number."""
        values = {"case": case_id, "time": time, "who": who, "what": what, "text": text}
        step = insert(case_steps).values(**values, staff=staff, about=about, outbox=outbox)
        number = int(await self._value(step.returning(case_steps.c.id)))
        await self.touch_case(case_id)
        return number

    async def touch_case(self, case_id: str) -> bool:
        """Count a change of the case, so that whoever shows it looks again."""
        behind = update(case_cards).where(case_cards.c.case == case_id).values(behind=True)
        found = await self._change(
            update(cases).where(cases.c.id == case_id).values(changes=cases.c.changes + 1)
        )
        await self._change(behind)
        return found

    async def set_case(self, case_id: str, **changes: Unpack[CaseChanges]) -> bool:
        """Change what is named of a case and nothing else; return False for an unknown case."""
        return await self._change(update(cases).where(cases.c.id == case_id).values(**changes))

    async def change_case(self, case_id: str, seen: int, **changes: Unpack[CaseChanges]) -> bool:
        """Change a case that is still as it was `seen`; return False if somebody was first."""
        return await self._change(
            update(cases)
            .where(cases.c.id == case_id, cases.c.version == seen)
            .values(version=seen + 1, **changes)
        )


WAITING = "waiting"
_DELIVERIES = {"waiting": "waiting", "sending": "waiting", "sent": "delivered"}


def _steps() -> Select[Any]:
    """Select steps with what became of the message of each."""
    given_up = or_(outbox.c.state == "failed", outbox.c.state == "dropped")  # a list could not be kept
    return (
        select(case_steps, outbox.c.state.label("sent_state"), people.c.blocked_at)
        .outerjoin(outbox, outbox.c.id == case_steps.c.outbox)
        .outerjoin(people, and_(people.c.id == outbox.c.person, given_up))
    )


def _step(row: dict[str, Any]) -> StepRow:
    state, blocked = row.pop("sent_state"), row.pop("blocked_at")
    delivery = _DELIVERIES.get(state, "blocked" if blocked else "failed") if state else None
    return StepRow(**row, delivery=delivery)


# Built once: these are run for every message, and building a statement costs more than running it.
_WITH_ID = kept(select(cases).where(cases.c.id == bindparam("id")))
_WITH_ID_HELD = held(_WITH_ID)
_IN_HAND = kept(
    select(cases)
    .where(cases.c.person == bindparam("person"), cases.c.state == "assigned")
    .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
    .limit(1)
)
_NEWEST_REPLY = kept(
    _steps()
    .join(cases, cases.c.id == case_steps.c.case)
    .where(cases.c.person == bindparam("person"), case_steps.c.what == "reply")
    .order_by(case_steps.c.id.desc())
    .limit(1)
)
