"""`staff`: who answers people."""

import datetime
from typing import Annotated

import typer
from rich.console import Console

from bot.advice.knowledge import COUNTRIES, LANGUAGES
from bot.casework import people
from bot.casework.rights import ROLES
from bot.cli.log import checked, table, with_store
from bot.errors import UsageError
from bot.store import StaffRow, Store

staff = typer.Typer(
    help="Who answers people: list, add, remove.", no_args_is_help=True, rich_markup_mode=None
)

Some = Annotated[str, typer.Option(metavar="A,B")]


@staff.command("list")
def list_staff(
    *, everyone: Annotated[bool, typer.Option("--all", help="also those who left")] = False
) -> None:
    """List the staff."""

    async def read(store: Store) -> list[StaffRow]:
        async with store.reading() as now:
            return await now.staff(active=None if everyone else True)

    shown = table("id", "name", "role", "channel", "languages", "countries", "topics", "active")
    for row in with_store(read):
        lists = [" ".join(each) for each in (row.languages, row.countries, row.topics)]
        shown.add_row(row.id, row.name, row.role, row.channel, *lists, "yes" if row.active else "no")
    Console(markup=False).print(shown)


@staff.command("add")
def add_staff(
    name: Annotated[str, typer.Argument(help="as colleagues know them")],
    address: Annotated[str, typer.Argument(help="their Telegram number: docs/staff.md")],
    *,
    role: Annotated[str, typer.Option(help=", ".join(ROLES))] = "agent",
    channel: Annotated[str, typer.Option(help="where they act from")] = "telegram",
    id: Annotated[str, typer.Option(help="instead of one made from the name")] = "",
    languages: Some = "es",
    countries: Some = "",
    topics: Some = "",
) -> None:
    """Add one of the staff; who left before is brought back."""
    checked("--role", role, ROLES)
    checked("--channel", channel, people.CHANNELS)
    if channel == "telegram" and not address.isdecimal():
        raise UsageError(f"{address} is not a Telegram number; it has digits alone, such as 123456789")
    row = StaffRow(
        id=id,
        channel=channel,
        address=address,
        name=name,
        role=role,
        languages=_some("--languages", languages, LANGUAGES),
        countries=_some("--countries", countries, COUNTRIES),
        topics=_some("--topics", topics, None),
    )

    async def add(store: Store) -> StaffRow:
        async with store.transaction() as transaction:
            return await people.add(row, transaction)

    added = with_store(add)
    print(f"{added.name} is on the staff as {added.id} ({added.role})")


@staff.command("remove")
def remove_staff(identifier: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Let one of the staff go; what they did stays, and what they had in hand is free again."""

    now = datetime.datetime.now(datetime.UTC)

    async def remove(store: Store) -> StaffRow:
        async with store.transaction() as transaction:
            return await people.remove(identifier, now, transaction)

    gone = with_store(remove)
    print(f"{gone.name} ({gone.id}) is not on the staff any more")


def _some(option: str, value: str, allowed: tuple[str, ...] | None) -> tuple[str, ...]:
    found = tuple(part.strip() for part in value.split(",") if part.strip())
    for part in found:
        if allowed is not None:
            checked(option, part, allowed)
    return found
