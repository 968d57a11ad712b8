"""A person's side of a case: which case a message of theirs belongs to, and what it does to it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from bot.casework.work import REPLY_KEY
from bot.store import CaseRow, OutboxRow, Reading, Transaction


@dataclass(frozen=True)
class Attended:
    """A case whose person is talking with the staff, not with the bot.

    `sure` where they answered a message of the staff itself; otherwise the staff wrote last, or one of
    them has the case in hand. `state` is the case's: assigned, answered or closed.
    """

    case: str
    state: str
    sure: bool


async def attended(
    person_id: str,
    *,
    at: datetime.datetime,
    days: int,
    answered_case: str | None,
    reading: Reading,
) -> Attended | None:
    """Return the case a message of this person goes to now, None where it is for the bot.

    `answered_case` is the case of the staff's message they answer, if they answer one. Without that, it is
    the case one of the staff has in hand, or the one whose answer is the last thing they were told: for
    `days` days, and until they ask the bot something else.
    """
    if answered_case is not None:
        case = await reading.case(answered_case)
        if case is not None and case.person == person_id:
            return Attended(case.id, case.state, sure=True)
    case = await reading.case_in_hand_of(person_id)
    if case is not None:
        return Attended(case.id, case.state, sure=False)
    return await _answered_last(person_id, at - datetime.timedelta(days=days), reading)


async def _answered_last(person_id: str, since: datetime.datetime, reading: Reading) -> Attended | None:
    reply = await reading.newest_reply_to(person_id)
    if reply is None or reply.time < since:
        return None
    asked = await reading.newest_request_time(person_id)
    if asked is not None and asked > reply.time:
        return None
    case = await reading.case(reply.case)
    # After it was closed, only an answer to the staff's message itself opens it again.
    return Attended(case.id, case.state, sure=False) if case and case.state == "answered" else None


async def heard(
    case: CaseRow, text: str, *, waits: bool = True, at: datetime.datetime, transaction: Transaction
) -> None:
    """Keep what the person wrote; where it `waits` for an answer, the case waits for the staff again."""
    state = "assigned" if case.assigned_to else "open"
    if waits and case.state == "closed":
        await transaction.set_case(case.id, state=state, closed_at=None, outcome=None)
        await transaction.add_step(case.id, at, "person", "reopened")
    elif waits and case.state == "answered":
        await transaction.set_case(case.id, state=state)
    await transaction.add_step(case.id, at, "person", "said", text)


async def unreachable(waiting: Sequence[OutboxRow], transaction: Transaction) -> None:
    """Have the cases say so whose replies will not be delivered any more."""
    for row in waiting:
        word, _, case_id = (row.after_key or "").partition(":")
        if word == REPLY_KEY:
            await transaction.touch_case(case_id)
