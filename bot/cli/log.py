"""`requests` and `cases`: what was asked, and what a person has to follow up."""

import asyncio
import datetime
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.advice import knowledge
from bot.app import open_store
from bot.cli.parts import configured, put
from bot.conversation.messages import Messages, lines
from bot.conversation.privacy import masked
from bot.conversation.replies import Reply, Span
from bot.errors import BotError, UsageError
from bot.insight import sheets
from bot.store import ListedCase, ListedRequest, OutboxRow, StepRow, Store
from bot.telegram import calls
from bot.telegram.calls import Place
from bot.telegram.desk import CHANNEL

Result = TypeVar("Result")
OUTCOMES = ("answer", "clarify", "no_match", "smalltalk", "handoff", "sensitive")
STATES = ("open", "assigned", "answered", "closed")
COLUMNS = (
    "id",
    "time",
    "person",
    "language",
    "country",
    "audience",
    "question",
    "outcome",
    "topics",
    "resources",
    "confidence",
    "feedback",
    "case",
)
CASE_COLUMNS = (
    "id",
    "opened",
    "person",
    "state",
    "reason",
    "promised",
    "question",
    "request",
    "closed",
    "outcome",
)

requests = typer.Typer(
    help="What was asked: list, show, export.", no_args_is_help=True, rich_markup_mode=None
)
cases = typer.Typer(
    help="What a person has to follow up: list, show, reply, close, export.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Limit = Annotated[int, typer.Option(min=1, help="how many")]
Output = Annotated[Path | None, typer.Option(metavar="FILE", help="instead of standard output")]
Format = Annotated[str, typer.Option("--format", help="csv, xlsx or jsonl")]


@requests.command("list")
def list_requests(
    *, limit: Limit = 20, outcome: Annotated[str | None, typer.Option(help="only this outcome")] = None
) -> None:
    """List the latest questions."""
    _check("--outcome", outcome, OUTCOMES)
    rows = _with_store(lambda store: store.requests(outcome=outcome, limit=limit))
    table = _table("id", "time", "person", "outcome", "topics", "question")
    for row in rows:
        table.add_row(
            row.id, _minute(row.time), row.pseudonym, row.outcome, " ".join(row.topics), _asked(row)
        )
    Console(markup=False).print(table)


@requests.command("show")
def show_request(identifier: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show one question with everything that is kept of it."""
    rows = _with_store(lambda store: store.requests(id=identifier))
    if not rows:
        raise BotError(f"there is no request {identifier}; `requests list` shows the latest")
    for name, value in (*_request_row(rows[0]).items(), ("candidates", json.dumps(rows[0].candidates))):
        print(f"{name:12s} {value}")


@requests.command("export")
def export_requests(*, format: Format = "csv", output: Output = None) -> None:
    """Export every question, one row each, with pseudonyms."""
    rows = _with_store(lambda store: store.requests(newest_first=False))
    _export([_request_row(row) for row in rows], COLUMNS, format=format, output=output)


@cases.command("list")
def list_cases(
    *,
    limit: Limit = 20,
    state: Annotated[str | None, typer.Option(help="open, assigned, answered or closed")] = None,
) -> None:
    """List the cases, who waits longest first."""
    _check("--state", state, STATES)
    rows = _with_store(lambda store: store.cases(state=state, limit=limit))
    table = _table("id", "opened", "person", "state", "reason", "promised", "question")
    for row in rows:
        table.add_row(
            row.id,
            _minute(row.opened_at),
            row.pseudonym,
            row.state,
            row.reason,
            str(row.promised or ""),
            _case_question(row),
        )
    Console(markup=False).print(table)


@cases.command("show")
def show_case(identifier: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show one case with each step, who did it and when."""

    async def read(store: Store) -> tuple[ListedCase | None, list[StepRow]]:
        async with store.reading() as now:
            found = await now.cases(id=identifier)
            return (found[0] if found else None), await now.steps(identifier)

    case, steps = _with_store(read)
    if case is None:
        raise BotError(f"there is no case {identifier}; `cases list` shows them")
    for name, value in _case_row(case).items():
        print(f"{name:12s} {value}")
    for step in steps:
        print(f"  {_minute(step.time)} {step.who} {step.what} {masked(step.text or '')}".rstrip())


@cases.command("reply")
def reply_to_case(
    identifier: Annotated[str, typer.Argument(metavar="ID")],
    text: Annotated[str, typer.Argument(help="the answer, as the person will read it")],
) -> None:
    """Answer the person of a case: sent by the running bot, or shown in the next `chat`."""

    async def reply(store: Store, speaker: Messages) -> bool:
        now = datetime.datetime.now(datetime.UTC)
        async with store.transaction() as transaction:
            case = await transaction.case(identifier)
            person = await transaction.person_by_id(case.person) if case else None
            if case is None or person is None:
                return False
            await transaction.add_step(case.id, now, "staff", "reply", text)
            await transaction.set_case(case.id, state="answered")
            if person.channel == CHANNEL:
                heading = (Span(speaker.say(person.language or "es", "person.answer"), "strong"),)
                for call in calls.message(Reply((heading, *lines(text))), Place(person.address)):
                    row = OutboxRow(
                        chat=person.address, payload=call, created_at=now, due_at=now, person=person.id
                    )
                    await transaction.post(row)
            return True

    if not text.strip():
        raise UsageError("the answer is empty")
    speaker = Messages(knowledge.load(configured().knowledge.path).messages)
    if not _with_store(lambda store: reply(store, speaker)):
        raise BotError(f"there is no case {identifier}; `cases list` shows them")
    print(f"case {identifier} answered")


@cases.command("close")
def close_case(
    identifier: Annotated[str, typer.Argument(metavar="ID")],
    *,
    outcome: Annotated[str, typer.Option(help="how it ended, in a word")] = "answered",
) -> None:
    """Close a case with its outcome."""

    async def close(store: Store) -> bool:
        async with store.transaction() as transaction:
            if await transaction.case(identifier) is None:
                return False
            now = datetime.datetime.now(datetime.UTC)
            await transaction.set_case(identifier, state="closed", closed_at=now, outcome=outcome)
            await transaction.add_step(identifier, now, "staff", "closed", outcome)
            return True

    if not _with_store(close):
        raise BotError(f"there is no case {identifier}; `cases list` shows them")
    print(f"case {identifier} closed: {outcome}")


@cases.command("export")
def export_cases(*, format: Format = "csv", output: Output = None) -> None:
    """Export every case, one row each, with pseudonyms."""
    rows = _with_store(lambda store: store.cases())
    _export([_case_row(row) for row in rows], CASE_COLUMNS, format=format, output=output)


def _check(option: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise UsageError(f"{option} {value} is not one of {', '.join(allowed)}")


def _with_store(work: Callable[[Store], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        store = await open_store(configured())
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def _request_row(row: ListedRequest) -> dict[str, str]:
    return {
        "id": row.id,
        "time": row.time.isoformat(timespec="seconds"),
        "person": row.pseudonym,
        "language": row.language or "",
        "country": row.country or "",
        "audience": row.audience or "",
        "question": _asked(row),
        "outcome": row.outcome,
        "topics": " ".join(row.topics),
        "resources": " ".join(row.resources),
        "confidence": f"{row.confidence:.4f}",
        "feedback": row.feedback or "",
        "case": row.case or "",
    }


def _asked(row: ListedRequest) -> str:
    """Return the question as others may see it: identifiers masked, what needs care left out."""
    return "[sensitive]" if row.outcome == "sensitive" else masked(row.question)


def _case_question(row: ListedCase) -> str:
    return "[sensitive]" if row.reason == "sensitive" else masked(row.question or "")


def _case_row(row: ListedCase) -> dict[str, str]:
    return {
        "id": row.id,
        "opened": row.opened_at.isoformat(timespec="seconds"),
        "person": row.pseudonym,
        "state": row.state,
        "reason": row.reason,
        "promised": str(row.promised or ""),
        "question": _case_question(row),
        "request": row.request or "",
        "closed": row.closed_at.isoformat(timespec="seconds") if row.closed_at else "",
        "outcome": row.outcome or "",
    }


def _export(
    rows: list[dict[str, Any]], columns: tuple[str, ...], *, format: str, output: Path | None
) -> None:
    if format not in sheets.FORMATS:
        raise UsageError(f"--format {format} is not one of {', '.join(sheets.FORMATS)}")
    put(sheets.file(rows, columns, format=format), output)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _minute(time: datetime.datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M")
