"""Reminders: once a working day, in office hours, each to whom it is for."""

import datetime

from casework_people import MIA, NOON, add_person

from bot.casework import reminders
from bot.casework.offices import Offices
from bot.casework.reminders import Reminder
from bot.casework.rights import Rights
from bot.casework.work import Casework
from bot.settings import OfficeSettings, StaffSettings
from bot.store import CaseRow, Transaction

OFFICES = Offices.of(StaffSettings(group_id=-1, offices=(OfficeSettings(name="network", person="eva"),)))
RIGHTS = Rights(sensitive=("zoe",))
DAY = datetime.timedelta(days=1)
MORNING = NOON + datetime.timedelta(hours=1)


async def given(now: Transaction, at: datetime.datetime) -> list[tuple[str | None, list[str]]]:
    found: list[Reminder] = await reminders.due(OFFICES, RIGHTS, at=at, transaction=now)
    return [(each.who.id if each.who else None, [case.id for case in each.cases]) for each in found]


async def promise(now: Transaction, case: str, days: int) -> None:
    await now.set_case(case, promised=(NOON + days * DAY).date())


async def test_overdue_once_a_day(now: Transaction) -> None:
    await promise(now, "c1", -1)
    assert await given(now, MORNING) == [(None, ["c1"])]
    assert await given(now, MORNING) == []
    assert await given(now, MORNING + DAY) == [(None, ["c1"])]


async def test_not_before_the_office_opens(now: Transaction) -> None:
    await promise(now, "c1", -1)
    assert await given(now, NOON - datetime.timedelta(hours=6)) == []
    assert await given(now, MORNING) == [(None, ["c1"])]


async def test_what_is_answered_is_not_reminded_of(casework: Casework, now: Transaction) -> None:
    await promise(now, "c1", -1)
    await casework.reply("c1", MIA, "hola", seen=0, at=NOON, transaction=now)
    assert await given(now, MORNING) == []


async def test_who_has_it_is_reminded_before_it_lapses(casework: Casework, now: Transaction) -> None:
    await promise(now, "c1", 1)
    await casework.take("c1", MIA, seen=0, at=NOON, transaction=now)
    assert await given(now, MORNING) == [("mia", ["c1"])]


async def test_the_coordinator_is_reminded_before_it_lapses(now: Transaction) -> None:
    await add_person(now, "bea")
    tomorrow = (NOON + DAY).date()
    await now.add_case(
        CaseRow(
            id="c2",
            person="bea",
            reason="connect",
            opened_at=NOON,
            promised=tomorrow,
            office="network",
            assigned_to="eva",
        ),
        who="person",
    )
    assert await given(now, MORNING) == [("eva", ["c2"])]


async def test_a_sensitive_case_is_named_to_the_named_alone(now: Transaction) -> None:
    await promise(now, "c9", -1)
    assert await given(now, MORNING) == [("zoe", ["c9"])]


async def test_a_card_is_drawn_again_when_the_promise_is_past(now: Transaction) -> None:
    await promise(now, "c1", -1)
    before = await now.case("c1")
    await given(now, MORNING)
    after = await now.case("c1")
    assert before is not None
    assert after is not None
    assert after.changes > before.changes
