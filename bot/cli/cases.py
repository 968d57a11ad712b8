"""`cases`: what a person has to follow up, and everything the staff do about it, from the terminal."""

import datetime
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from rich.console import Console

from bot.advice import knowledge
from bot.casework.dossier import Dossier, dossier
from bot.casework.exports import CASE_COLUMNS, asked_in, case_row
from bot.casework.rights import OPERATOR
from bot.casework.voice import Voice
from bot.casework.work import OUTCOMES, Casework
from bot.cli.log import Format, Limit, Output, checked, exported, minute, table, with_store
from bot.cli.parts import configured
from bot.cli.staffing import casework
from bot.conversation.privacy import masked
from bot.errors import BotError
from bot.store import Queue, QueuedCase, StaffRow, Store, Transaction

STATES = ("open", "assigned", "answered", "closed", "waiting")

cases = typer.Typer(
    help="What a person has to follow up: list, show, take, reply, note, close, reopen, export.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Identifier = Annotated[str, typer.Argument(metavar="ID")]
As = Annotated[
    str | None, typer.Option("--as", metavar="STAFF", help="who of the staff does it: `staff list`")
]
Act = Callable[[Casework, StaffRow, datetime.datetime, Transaction], Awaitable[object]]


@cases.command("list")
def list_cases(
    *,
    limit: Limit = 20,
    state: Annotated[str | None, typer.Option(help="waiting, open, assigned, answered or closed")] = None,
    of: Annotated[str | None, typer.Option("--of", metavar="STAFF", help="only theirs")] = None,
) -> None:
    """List the cases, who waits longest first."""
    checked("--state", state, STATES)
    rows = with_store(lambda store: store.cases(state=state, assigned_to=of, limit=limit))
    shown = table("id", "opened", "person", "state", "of", "reason", "promised", "question")
    for row in rows:
        shown.add_row(
            row.id,
            minute(row.opened_at),
            row.pseudonym,
            row.state,
            row.assigned_to or "",
            row.reason,
            str(row.promised or ""),
            asked_in(row),
        )
    Console(markup=False).print(shown)


@cases.command("show")
def show_case(identifier: Identifier) -> None:
    """Show one case with each step: who did it, when, and whether it reached the person."""

    async def read(store: Store) -> tuple[QueuedCase | None, Dossier]:
        async with store.reading() as now:
            found = await dossier(identifier, now)
            return await now.queued(identifier), found

    case, found = with_store(read)
    for name, value in (case_row(case) if case else {}).items():
        print(f"{name:12s} {value}")
    for step in found.steps:
        about = f" of {step.about}" if step.about else ""
        delivery = f" ({step.delivery})" if step.delivery else ""
        said = f"  {minute(step.time)} {step.who} {step.what}{about} {masked(step.text or '')}".rstrip()
        print(said + delivery)


@cases.command("take")
def take_case(identifier: Identifier, *, who: As = None) -> None:
    """Make a case yours."""
    _act(who, lambda work, by, at, t: work.take(identifier, by, seen=None, at=at, transaction=t))
    print(f"case {identifier} taken")


@cases.command("release")
def release_case(identifier: Identifier, *, who: As = None) -> None:
    """Give a case back to everyone."""
    _act(who, lambda work, by, at, t: work.release(identifier, by, seen=None, at=at, transaction=t))
    print(f"case {identifier} released")


@cases.command("assign")
def assign_case(
    identifier: Identifier, to: Annotated[str, typer.Argument(metavar="STAFF")], *, who: As = None
) -> None:
    """Give a case to another of the staff."""
    _act(who, lambda work, by, at, t: work.reassign(identifier, by, to=to, seen=None, at=at, transaction=t))
    print(f"case {identifier} is with {to}")


@cases.command("reply")
def reply_to_case(
    identifier: Identifier,
    text: Annotated[str, typer.Argument(help="the answer, as the person will read it")],
    *,
    who: As = None,
) -> None:
    """Answer the person of a case: sent by the running bot, or shown in the next `chat`."""
    _act(who, lambda work, by, at, t: work.reply(identifier, by, text, seen=None, at=at, transaction=t))
    print(f"case {identifier} answered")


@cases.command("note")
def note_case(
    identifier: Identifier,
    text: Annotated[str, typer.Argument(help="for the staff alone")],
    *,
    who: As = None,
) -> None:
    """Write something down in a case, for the staff alone."""
    _act(who, lambda work, by, at, t: work.note(identifier, by, text, at=at, transaction=t))
    print(f"case {identifier} noted")


@cases.command("close")
def close_case(
    identifier: Identifier,
    *,
    outcome: Annotated[str, typer.Option(help=", ".join(OUTCOMES))] = OUTCOMES[0],
    who: As = None,
) -> None:
    """Close a case with its outcome."""
    _act(who, lambda work, by, at, t: work.close(identifier, by, outcome, seen=None, at=at, transaction=t))
    print(f"case {identifier} closed: {outcome}")


@cases.command("reopen")
def reopen_case(identifier: Identifier, *, who: As = None) -> None:
    """Open a closed case again."""
    _act(who, lambda work, by, at, t: work.reopen(identifier, by, seen=None, at=at, transaction=t))
    print(f"case {identifier} reopened")


@cases.command("export")
def export_cases(*, format: Format = "csv", output: Output = None) -> None:
    """Export every case, one row each, with pseudonyms."""

    async def read(store: Store) -> list[QueuedCase]:
        async with store.reading() as now:
            return await now.queue(Queue(states=()))

    exported([case_row(row) for row in with_store(read)], CASE_COLUMNS, format=format, output=output)


def _act(who: str | None, act: Act) -> None:
    """Do something as one of the staff, or as who runs this machine."""
    settings = configured()
    voice = Voice.of(knowledge.load(settings.knowledge.path))
    work = casework(settings, lambda: voice)

    async def acted(store: Store) -> None:
        async with store.transaction() as transaction:
            by = OPERATOR if who is None else await transaction.staff_by_id(who)
            if by is None:
                raise BotError(f"there is no one of the staff with the id {who}; `staff list` shows them")
            await act(work, by, datetime.datetime.now(datetime.UTC), transaction)

    with_store(acted)
