"""Reports: how much was asked and answered, by whom, and how long people waited; small counts left out."""

import asyncio
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from bot.advice.knowledge import COUNTRIES
from bot.console import charts
from bot.console.charts import Point
from bot.console.visit import Visit
from bot.insight import suppression
from bot.insight.asked import Asked
from bot.insight.reports import Case, Logged, Report, report, responses
from bot.insight.suppression import Part, Percent
from bot.insight.uses import Opened, Use, monday
from bot.store import Asked as Wanted
from bot.store import Mark

WEEKS = (4, 12, 26)
USUAL = 12
# Read in steps, so that the bot on the same loop is never held up by a report.
STEP = 500
TOPICS, RESOURCES = 12, 10


@dataclass(frozen=True)
class Figures:
    """A report with the median response of each week."""

    report: Report
    responses: Mapping[datetime.date, tuple[float, int]]


@dataclass(frozen=True)
class Row:
    """One row of a table of bars: `count` None is hidden, `share` of one None is not shown."""

    label: str
    count: int | None
    percent: Percent | None
    share: float | None


async def shown(visit: Visit) -> Response:
    """Show the figures of the last weeks."""
    weeks = int(visit.asked("weeks", tuple(map(str, WEEKS))) or USUAL)
    country = visit.asked("country", COUNTRIES)
    figures = await _figures(visit, weeks, country)
    return visit.page(
        "reports.html",
        weeks=weeks,
        all_weeks=WEEKS,
        countries=COUNTRIES,
        figures=figures,
        tables=_tables(visit, figures.report) if figures else {},
        whole=suppression.shares({"all": figures.report.all})[1] if figures else None,
        drawn=_drawn(visit, figures) if figures else {},
        resources=_resources(visit, figures.report) if figures else [],
        small=suppression.small,
        least=suppression.LEAST,
    )


async def _figures(visit: Visit, weeks: int, country: str | None) -> Figures | None:
    house, until = visit.house, visit.now
    # Whole weeks but the last, which goes on.
    since = datetime.datetime.combine(
        monday(until.date()) - datetime.timedelta(weeks=weeks - 1), datetime.time(), datetime.UTC
    )

    async def make() -> Figures:
        rows = await _asked(visit, Wanted(since=since, country=country))
        async with house.store.reading() as now:
            replied = await now.first_replies()
            cases = [
                Case.of(case, replied.get(case.id))
                for case in await now.cases()
                if country in (None, case.country)
            ]
            opens = await now.opens(since=since.date(), until=None)
        logged = Logged(
            rows=rows,
            cases=cases,
            opened=[Opened(**vars(row)) for row in opens],
        )
        found = await asyncio.to_thread(lambda: report(logged, since=since, until=until, grouped=False))
        recent = [case for case in cases if since <= case.opened < until]
        return Figures(found, responses(recent))

    return await house.remembered.get(("report", weeks, country), until, make)


async def _asked(visit: Visit, wanted: Wanted) -> list[Asked]:
    rows: list[Asked] = []
    before: Mark | None = None
    while True:
        async with visit.house.store.reading() as now:
            found, before = await now.asked(wanted, before=before, limit=STEP)
        rows += [Asked.of(row) for row in found]
        if before is None:
            return rows[::-1]
        await asyncio.sleep(0)


# -- tables of bars --------------------------------------------------------------------------------


def _tables(visit: Visit, found: Report) -> dict[str, list[Row]]:
    words, language = visit.house.words, visit.language
    topics = visit.house.knowledge().topics

    def title(id: str) -> str:
        return topics[id].title.get(language, id) if id in topics else id

    def called(kind: str) -> Any:
        return lambda name: words.named(language, kind, name)

    return {
        "topics": _counts(found.topics, title)[:TOPICS],
        "countries": _parts(found.countries, called("country")),
        "languages": _parts(found.languages, called("language")),
        "audiences": _parts(found.audiences, called("women")),
        "outcomes": _counts(found.outcomes, called("outcome")),
    }


def _counts(counts: Mapping[str, int], title: Any) -> list[Row]:
    shown = suppression.suppress(counts).shown
    most = max(counts.values(), default=1)
    return [
        Row(title(name), count, None, None if count is None else count / most)
        for name, count in shown.items()
    ]


def _parts(parts: Mapping[Any, Part], title: Any) -> list[Row]:
    asked = suppression.suppress({name: part.asked for name, part in parts.items()}).shown
    percents, _ = suppression.shares(parts)
    whole = sum(part.asked for part in parts.values()) or 1
    return [
        Row(title(name), count, percents[name], None if count is None else count / whole)
        for name, count in asked.items()
    ]


def _resources(visit: Visit, found: Report) -> list[tuple[str, str, Use]]:
    """Return title, organisation and use of the resources shown most, none of them seldom."""
    known = visit.house.knowledge().resources
    often = [(id, use) for id, use in found.resources.items() if use.shown >= suppression.LEAST]
    return [
        (
            known[id].title.get(visit.language) or next(iter(known[id].title.values())),
            known[id].organisation,
            use,
        )
        for id, use in often
        if id in known
    ][:RESOURCES]


# -- charts ----------------------------------------------------------------------------------------


def _drawn(visit: Visit, figures: Figures) -> dict[str, tuple[Markup, Sequence[Point]]]:
    found, words, language = figures.report, visit.house.words, visit.language
    weeks = sorted(found.weeks)
    percents, _ = suppression.shares({str(week): found.weeks[week] for week in weeks})

    def labelled(week: datetime.date) -> str:
        return f"{week.day} {visit.say(f'month.{week.month}')}"

    share = [
        Point(labelled(week), None if percent is None else percent.value, _percent_said(visit, percent))
        for week, percent in zip(weeks, percents.values(), strict=True)
    ]
    asked = [found.weeks[week].asked for week in weeks]
    many = [
        Point(labelled(week), None, visit.say("reports.hidden"))
        if suppression.small(number)
        else Point(labelled(week), number, words.number(language, number))
        for week, number in zip(weeks, asked, strict=True)
    ]
    waited = [
        Point(labelled(week), None, visit.say("reports.hidden"))
        if suppression.small(number)
        else Point(labelled(week), hours, visit.say("reports.hours", number=words.number(language, hours, 1)))
        for week, (hours, number) in figures.responses.items()
    ]
    return {
        "share": (
            _chart(
                visit, "share", share, charts.line, top=100, ticks=[f"{n} %" for n in (0, 25, 50, 75, 100)]
            ),
            share,
        ),
        "asked": (_chart(visit, "asked", many, charts.columns), many),
        "waited": (_chart(visit, "waited", waited, charts.columns), waited),
    }


def _chart(
    visit: Visit,
    name: str,
    points: Sequence[Point],
    draw: Any,
    *,
    top: float | None = None,
    ticks: Sequence[str] = (),
) -> Markup:
    if top is None:
        top = charts.top_of([point.value for point in points if point.value is not None])
        ticks = [visit.house.words.number(visit.language, top * n / 5) for n in range(6)]
    told = "; ".join(f"{point.label}: {point.said}" for point in points)
    drawing: Markup = draw(
        points, id=f"chart-{name}", title=visit.say(f"reports.chart.{name}"), told=told, top=top, ticks=ticks
    )
    return drawing


def _percent_said(visit: Visit, percent: Percent | None) -> str:
    if percent is None:
        return visit.say("reports.hidden")
    return visit.say(f"reports.bound.{percent.bound}", number=percent.value)
