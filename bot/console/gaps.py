"""Gaps: unanswered questions that are alike; from a group to a wording, a topic, or aside."""

import asyncio
import datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.advice.knowledge import COUNTRIES, LANGUAGES
from bot.console.visit import Visit
from bot.errors import BotError
from bot.insight.asked import Asked, said
from bot.insight.drafts import Origin
from bot.insight.gaps import Group, gaps, wording_id
from bot.store import IgnoredRow

WEEKS = (4, 12, 26)
A_PAGE = 40


async def listed(visit: Visit, *, fault: str = "", status: int = 200) -> Response:
    """Show the groups of the last weeks, largest first."""
    language, country = visit.asked("language", LANGUAGES), visit.asked("country", COUNTRIES)
    groups = await groups_of(visit, weeks_of(visit), language=language, country=country)
    return visit.page(
        "gaps.html",
        status=status,
        groups=None if groups is None else groups[:A_PAGE],
        number_of=len(groups or ()),
        questions=sum(group.count for group in groups or ()),
        weeks=weeks_of(visit),
        all_weeks=WEEKS,
        topics=visit.house.knowledge().topics,
        countries=COUNTRIES,
        languages=LANGUAGES,
        fault=fault,
    )


async def act(visit: Visit) -> Response:
    """Draft a wording or a topic from a group, or set what it says aside."""
    group = await _group(visit)
    drafts, by, at = visit.house.drafts, visit.staff.name, visit.now
    wording, topic = visit.sent("wording") or group.name, visit.sent("topic")
    language = group.language or LANGUAGES[0]
    try:
        match visit.sent("act"):
            case "wording":
                draft = await asyncio.to_thread(
                    drafts.draft_wording, topic, language, wording, by=by, at=at, origin=Origin(gap=group.id)
                )
            case "topic":
                draft = await asyncio.to_thread(drafts.draft_group, group, by=by, at=at)
            case "ignore":
                await _set_aside(visit, group)
                return visit.go("/gaps", said="gap_ignored")
            case _:
                raise HTTPException(400)
    except BotError as fault:
        return await listed(visit, fault=str(fault), status=400)
    await visit.trail("draft.made", subject=draft.id)
    return visit.go(f"/drafts/{draft.id}", said="drafted")


def weeks_of(visit: Visit) -> int:
    """Return of how many weeks the address asks for."""
    return int(visit.asked("weeks", tuple(map(str, WEEKS))) or WEEKS[0])


async def groups_of(
    visit: Visit, weeks: int, *, language: str | None = None, country: str | None = None
) -> list[Group] | None:
    """Return the groups of unanswered questions of the last weeks; None while they are worked out."""
    house, until = visit.house, visit.now

    async def make() -> list[Group]:
        async with house.store.reading() as now:
            rows = await now.requests(
                since=until - datetime.timedelta(weeks=weeks), newest_first=False, country=country
            )
            ignored = await now.ignored()
        return await asyncio.to_thread(
            lambda: gaps(
                [Asked.of(row) for row in rows],
                language=language,
                country=country,
                out_of_scope=frozenset(house.knowledge().out_of_scope),
                ignored=frozenset(said(row.wording) for row in ignored),
                read=house.read,
            )
        )

    return await house.remembered.get(("gaps", weeks, language, country), until, make)


async def _group(visit: Visit) -> Group:
    """Return the group a form names as it stands now, or else the one its wording is in by now."""
    groups = [group for weeks in WEEKS for group in await groups_of(visit, weeks) or ()]
    id, wording = visit.sent("group"), visit.sent("wording")
    same = (group for group in groups if group.id == id)
    grown = (group for group in groups if wording in group.wordings)
    group = next(same, None) or next(grown, None)
    if group is None:
        raise HTTPException(404)
    return group


async def _set_aside(visit: Visit, group: Group) -> None:
    async with visit.house.store.transaction() as t:
        for wording in group.wordings:
            row = IgnoredRow(
                id=wording_id(group.language, wording),
                language=group.language,
                wording=wording,
                staff=visit.staff.name,
                time=visit.now,
            )
            await t.ignore(row)
        await t.add_audit(visit.now, visit.staff.id, "gap.ignored", subject=group.id)
    visit.house.remembered.forget()
