"""`gaps` and `report`: what was asked and not answered, and the digest of a week."""

import asyncio
import datetime
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot import tending
from bot.advice import encoders
from bot.advice.encoders import Encoder
from bot.advice.knowledge import COUNTRIES, LANGUAGES, Knowledge, load
from bot.app import open_store
from bot.cli.parts import configured, moment, put, shown_progress, today
from bot.errors import BotError, UsageError
from bot.insight import digest, reports, sheets
from bot.insight import uses as counting
from bot.insight.digest import Title
from bot.insight.gaps import Group, Read
from bot.insight.gaps import gaps as grouped
from bot.insight.reports import Logged
from bot.insight.vectors import QuestionVectors

FORMATS = ("md", "json", "csv", "xlsx")
WEEK = datetime.timedelta(days=7)

Since = Annotated[str | None, typer.Option(metavar="DAY", help="from this day on, for example 2026-11-23")]
Until = Annotated[str | None, typer.Option(metavar="DAY", help="up to, not including, this day")]


def gaps(
    *,
    country: Annotated[str | None, typer.Option(help="only from this country: AR BO CO HN UY")] = None,
    language: Annotated[str | None, typer.Option(help="only in this language: es en pt")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, help="how many groups")] = 20,
    meaning: Annotated[
        bool,
        typer.Option("--meaning", help="also by meaning, with the encoder: a minute for 2,000 questions"),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print all groups as JSON")] = False,
) -> None:
    """Group the unanswered questions that are alike, largest first."""
    _one_of(country, COUNTRIES, "--country")
    _one_of(language, LANGUAGES, "--language")
    knowledge = load(configured().knowledge.path)
    logged = asyncio.run(logged_now(knowledge, moment(since, "--since"), moment(until, "--until")))
    encoder = encoders.quickest(configured().advice.encoder) if meaning else None
    if meaning and encoder is None:
        raise BotError("there is no encoder here (advice.encoder); do without --meaning")
    with reading(encoder) as read:
        found = grouped(
            logged.rows,
            read=read,
            country=country,
            language=language,
            out_of_scope=logged.out_of_scope,
            ignored=logged.ignored,
        )
    if as_json:
        print(json.dumps([group.as_data() for group in found], ensure_ascii=False, indent=2))
        return
    for group in found[:limit]:
        print("\n".join(_told(group, tending.topic_titles(knowledge, group.language or LANGUAGES[0]))))
    print(f"{sum(group.count for group in found)} unanswered questions in {len(found)} groups")


def report(
    *,
    since: Since = None,
    until: Until = None,
    format: Annotated[str, typer.Option("--format", help="md, json, csv or xlsx")] = "md",
    language: Annotated[str, typer.Option(help="of the text: es en pt")] = LANGUAGES[0],
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="instead of standard output")] = None,
) -> None:
    """Write the digest of a time, by default the last seven days, with small counts left out."""
    _one_of(format, FORMATS, "--format")
    _one_of(language, LANGUAGES, "--language")
    end = moment(until, "--until") or moment(str(today()), "") or datetime.datetime.now(datetime.UTC)
    start = moment(since, "--since") or end - WEEK
    if start >= end:
        raise UsageError(f"--since {start.date()} is not before --until {end.date()}")
    knowledge = load(configured().knowledge.path)
    logged = asyncio.run(logged_now(knowledge, start, end))
    with reading(encoders.quickest(configured().advice.encoder)) as read:
        shown = digest.digest(reports.report(logged, since=start, until=end, read=read))
    put(_as(format, shown, knowledge, language), output)


def _as(format: str, shown: digest.Digest, knowledge: Knowledge, language: str) -> str | bytes:
    if format == "json":
        return json.dumps(digest.as_data(shown), ensure_ascii=False, indent=2) + "\n"
    if format in sheets.FORMATS:
        return sheets.file(digest.as_rows(shown), digest.COLUMNS, format=format)
    return tending.said_digest(shown, knowledge, language)


def uses(
    *,
    by: Annotated[str, typer.Option(help="resource, topic, country, language or week")] = "resource",
    since: Since = None,
    until: Until = None,
    format: Annotated[str, typer.Option("--format", help="csv, xlsx or jsonl")] = "csv",
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="instead of standard output")] = None,
) -> None:
    """Count answers shown, thought helpful or not, and links opened; small counts are left out."""
    _one_of(by, counting.WAYS, "--by")
    _one_of(format, sheets.FORMATS, "--format")
    knowledge = load(configured().knowledge.path)
    logged = asyncio.run(logged_now(knowledge, moment(since, "--since"), moment(until, "--until")))
    way = next(way for way in counting.WAYS if way == by)
    rows = counting.as_rows(counting.uses(logged.rows, logged.opened, way))
    put(sheets.file(rows, counting.COLUMNS, format=format), output)


COMMANDS = (gaps, report, uses)


@contextmanager
def reading(encoder: Encoder | None) -> Iterator[Read]:
    """Give what reads questions with the encoder, all of them, showing how far it is."""
    with shown_progress("reading the questions") as progress:
        yield QuestionVectors(lambda: encoder, seconds=None, progress=progress).of


async def logged_now(
    knowledge: Knowledge, since: datetime.datetime | None = None, until: datetime.datetime | None = None
) -> Logged:
    """Return the log of a time as it stands in the store."""
    store = await open_store(configured())
    try:
        return await tending.logged(store, knowledge, since=since, until=until)
    finally:
        await store.close()


def _told(group: Group, title: Title) -> list[str]:
    places = " ".join(f"{code or '-'} {count}" for code, count in group.countries.items())
    reasons = ", ".join(f"{why} {count}" for why, count in group.reasons.items())
    nearest = (
        f"nearest {title(group.topic)} ({group.confidence:.2f})" if group.topic else "nearest to no topic"
    )
    head = f"{group.id} {group.language or '-'} {group.count:4d} by {group.people}: {group.name}"
    return [head, f"    {nearest}; {places}; {reasons}", *(f"    - {text}" for text in group.wordings[1:4])]


def _one_of(value: str | None, allowed: Sequence[str], option: str) -> None:
    if value is not None and value not in allowed:
        raise UsageError(f"{option} {value} is not one of {', '.join(allowed)}")
