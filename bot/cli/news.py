"""`news`: what is written to many who asked for it."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.advice import knowledge
from bot.casework import news as mailing
from bot.casework.voice import Voice
from bot.cli.log import with_store
from bot.cli.parts import configured
from bot.cli.staffing import couriers
from bot.store import Store

news = typer.Typer(
    help="What is written to many who asked for it: send, show.", no_args_is_help=True, rich_markup_mode=None
)


@news.command("send")
def send_news(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the news, in YAML: docs/staff.md")],
    *,
    dry: Annotated[bool, typer.Option("--dry-run", help="only count who would get them")] = False,
) -> None:
    """Write news to who asked for them; the running bot sends them, behind everything else."""
    found = mailing.read(file)
    voice = Voice.of(knowledge.load(configured().knowledge.path))

    async def send(store: Store) -> mailing.Sent:
        async with store.transaction() as transaction:
            return await mailing.send(
                found,
                couriers(),
                voice,
                at=datetime.datetime.now(datetime.UTC),
                transaction=transaction,
                dry=dry,
            )

    sent = with_store(send)
    verb = "would be" if dry else "are"
    print(
        f"news {found.id} {verb} written to {sent.written} people; "
        f"{sent.before} had them before, {sent.unreachable} cannot be reached"
    )


@news.command("show")
def show_news(identifier: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show what became of news: how many messages wait, were sent, or failed."""

    async def count(store: Store) -> dict[str, int]:
        async with store.transaction() as transaction:
            return await mailing.counts(identifier, transaction)

    for state, number in sorted(with_store(count).items()):
        print(f"{state:10s} {number}")
