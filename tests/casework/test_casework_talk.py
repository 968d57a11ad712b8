"""A person's side: which case a message goes to."""

import datetime

from casework_people import MIA, NOON

from bot.casework import talk
from bot.casework.talk import Attended
from bot.casework.work import Casework
from bot.store import CaseRow, RequestRow, Transaction

HOUR = datetime.timedelta(hours=1)


async def attended(now: Transaction, *, hours: float = 1, case: str | None = None) -> Attended | None:
    return await talk.attended("ana", at=NOON + hours * HOUR, days=7, answered_case=case, reading=now)


async def test_nobody_attends_at_first(now: Transaction) -> None:
    assert await attended(now) is None


async def test_a_case_in_hand_is_attended(casework: Casework, now: Transaction) -> None:
    await casework.take("c1", MIA, seen=0, at=NOON, transaction=now)
    assert await attended(now) == Attended("c1", "assigned", sure=False)


async def test_after_an_answer_for_some_days(casework: Casework, now: Transaction) -> None:
    await casework.reply("c1", MIA, "hola", seen=0, at=NOON, transaction=now)
    assert await attended(now, hours=24 * 6) == Attended("c1", "answered", sure=False)
    assert await attended(now, hours=24 * 8) is None


async def test_until_they_ask_the_bot_something(casework: Casework, now: Transaction) -> None:
    await casework.reply("c1", MIA, "hola", seen=0, at=NOON, transaction=now)
    asked = {"person": "ana", "channel": "telegram", "question": "¿otra?", "outcome": "answer"}
    await now.add_request(RequestRow(id="r2", time=NOON + HOUR, **asked))
    assert await attended(now, hours=2) is None


async def test_an_answer_to_the_staffs_message_is_sure(casework: Casework, now: Transaction) -> None:
    await casework.reply("c1", MIA, "hola", seen=0, at=NOON, transaction=now)
    await casework.close("c1", MIA, "answered", seen=1, at=NOON, transaction=now)
    assert await attended(now) is None
    assert await attended(now, case="c1") == Attended("c1", "closed", sure=True)


async def test_another_persons_case_is_not_theirs(casework: Casework, now: Transaction) -> None:
    assert await talk.attended("eva", at=NOON, days=7, answered_case="c1", reading=now) is None


async def reread(now: Transaction) -> CaseRow:
    case = await now.case("c1")
    assert case is not None
    return case


async def test_what_they_write_makes_it_wait_again(casework: Casework, now: Transaction) -> None:
    await casework.reply("c1", MIA, "hola", seen=0, at=NOON, transaction=now)
    await talk.heard(await reread(now), "gracias, pero no", at=NOON, transaction=now)
    case = await reread(now)
    assert (case.state, case.assigned_to) == ("assigned", "mia")
    last = (await now.steps("c1"))[-1]
    assert (last.who, last.what, last.text) == ("person", "said", "gracias, pero no")


async def test_thanks_leave_an_answered_case_answered(casework: Casework, now: Transaction) -> None:
    await casework.reply("c1", MIA, "hola", seen=0, at=NOON, transaction=now)
    await talk.heard(await reread(now), "mil gracias", waits=False, at=NOON, transaction=now)
    assert (await reread(now)).state == "answered"
    assert (await now.steps("c1"))[-1].text == "mil gracias"


async def test_a_closed_case_is_reopened_by_it(casework: Casework, now: Transaction) -> None:
    await casework.close("c1", MIA, "answered", seen=0, at=NOON, transaction=now)
    await talk.heard(await reread(now), "sigue igual", at=NOON, transaction=now)
    case = await reread(now)
    assert (case.state, case.closed_at, case.outcome) == ("open", None, None)
    assert [step.what for step in await now.steps("c1")][-2:] == ["reopened", "said"]
