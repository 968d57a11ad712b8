"""Reminders: cases older than their promise, and promises that lapse soon; each said once a working day."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from bot.casework.offices import Office, Offices
from bot.casework.rights import SENSITIVE, Rights
from bot.store import ListedCase, StaffRow, Transaction


@dataclass(frozen=True)
class Reminder:
    """Cases to be reminded of: those of one of the staff that are due, or an office's that are overdue.

    `who` None is the office as a whole.
    """

    office: Office
    cases: tuple[ListedCase, ...]
    who: StaffRow | None = None


async def due(
    offices: Offices, rights: Rights, *, at: datetime.datetime, transaction: Transaction
) -> list[Reminder]:
    """Return the reminders of this day that were not given yet, and note them as given.

    Nobody is reminded while their office is closed. Sensitive cases are named to who sees them alone.
    """
    waiting = await transaction.cases(state="waiting")
    found = await _overdue(offices, waiting, at, transaction)
    return found + await _soon(offices, rights, waiting, at, transaction)


async def _overdue(
    offices: Offices, waiting: Sequence[ListedCase], at: datetime.datetime, transaction: Transaction
) -> list[Reminder]:
    found = []
    for office in offices:
        today = office.hours.here(at).date()
        late = tuple(
            case
            for case in waiting
            if case.reason != SENSITIVE
            and offices.named(case.office) is office
            and case.promised is not None
            and case.promised < today
        )
        if late and office.hours.is_open(at) and await transaction.once(f"overdue:{office.name}:{today}", at):
            for case in late:
                await transaction.touch_case(case.id)
            found.append(Reminder(office, late))
    return found


async def _soon(
    offices: Offices,
    rights: Rights,
    waiting: Sequence[ListedCase],
    at: datetime.datetime,
    transaction: Transaction,
) -> list[Reminder]:
    """Remind each of the staff of what is theirs and lapses by the next working day, or did already."""
    found = []
    for who in await transaction.staff():
        theirs = tuple(
            case
            for case in waiting
            if (case.assigned_to == who.id or _named(case, who, rights))
            and case.promised is not None
            and case.promised <= _tomorrow(offices.named(case.office), at)
        )
        if not theirs:
            continue
        office = offices.named(theirs[0].office)
        today = office.hours.here(at).date()
        if office.hours.is_open(at) and await transaction.once(f"due:{who.id}:{today}", at):
            found.append(Reminder(office, theirs, who))
    return found


def _named(case: ListedCase, who: StaffRow, rights: Rights) -> bool:
    return case.reason == SENSITIVE and case.assigned_to is None and rights.sees(case, who)


def _tomorrow(office: Office, at: datetime.datetime) -> datetime.date:
    return office.hours.next_day(office.hours.here(at).date())
