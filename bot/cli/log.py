"""`requests`: what was asked."""

import asyncio
import datetime
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.app import open_store
from bot.casework.exports import REQUEST_COLUMNS, asked, request_row
from bot.cli.parts import configured, put
from bot.errors import BotError, UsageError
from bot.insight import sheets
from bot.settings import Settings
from bot.store import Store

Result = TypeVar("Result")
OUTCOMES = ("answer", "clarify", "no_match", "smalltalk", "handoff", "sensitive")
requests = typer.Typer(
    help="What was asked: list, show, export.", no_args_is_help=True, rich_markup_mode=None
)
Limit = Annotated[int, typer.Option(min=1, help="how many")]
Output = Annotated[Path | None, typer.Option(metavar="FILE", help="instead of standard output")]
Format = Annotated[str, typer.Option("--format", help="csv, xlsx or jsonl")]


@requests.command("list")
def list_requests(
    *, limit: Limit = 20, outcome: Annotated[str | None, typer.Option(help="only this outcome")] = None
) -> None:
    """List the latest questions."""
    checked("--outcome", outcome, OUTCOMES)
    rows = with_store(lambda store: store.requests(outcome=outcome, limit=limit))
    shown = table("id", "time", "person", "outcome", "topics", "question")
    for row in rows:
        shown.add_row(row.id, minute(row.time), row.pseudonym, row.outcome, " ".join(row.topics), asked(row))
    Console(markup=False).print(shown)


@requests.command("show")
def show_request(identifier: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show one question with everything that is kept of it."""
    rows = with_store(lambda store: store.requests(id=identifier))
    if not rows:
        raise BotError(f"there is no request {identifier}; `requests list` shows the latest")
    for name, value in (*request_row(rows[0]).items(), ("candidates", json.dumps(rows[0].candidates))):
        print(f"{name:12s} {value}")


@requests.command("export")
def export_requests(*, format: Format = "csv", output: Output = None) -> None:
    """Export every question, one row each, with pseudonyms."""
    rows = with_store(lambda store: store.requests(newest_first=False))
    exported([request_row(row) for row in rows], REQUEST_COLUMNS, format=format, output=output)


def checked(option: str, value: str | None, allowed: tuple[str, ...]) -> None:
    """Refuse a value of an option that is not one of the allowed ones."""
    if value is not None and value not in allowed:
        raise UsageError(f"{option} {value} is not one of {', '.join(allowed)}")


def with_store(work: Callable[[Store], Awaitable[Result]], settings: Settings | None = None) -> Result:
    """Return what `work` gives for the store the settings name: those given, or those of this run."""

    async def run() -> Result:
        store = await open_store(settings or configured())
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def exported(rows: list[sheets.Row], columns: tuple[str, ...], *, format: str, output: Path | None) -> None:
    """Write rows as a file of a format; none of it runs as a formula in a spreadsheet."""
    if format not in sheets.FORMATS:
        raise UsageError(f"--format {format} is not one of {', '.join(sheets.FORMATS)}")
    put(sheets.file(rows, columns, format=format), output)


def table(*columns: str) -> Table:
    """Return an empty table for the terminal."""
    empty = Table(box=None, pad_edge=False)
    for column in columns:
        empty.add_column(column, overflow="fold")
    return empty


def minute(time: datetime.datetime) -> str:
    """Return a time as lists show it, in UTC."""
    return time.strftime("%Y-%m-%d %H:%M")
