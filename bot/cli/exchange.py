"""`import` and `pack`: resources from a table, and knowledge from and for other organisations, as drafts."""

from pathlib import Path
from typing import Annotated

import typer

from bot.advice.knowledge import load
from bot.cli.parts import configured, put, today, utc_now
from bot.errors import BotError, read_text, reason
from bot.insight import importing, packs
from bot.insight.drafting import Drafts
from bot.insight.drafts import RESOURCE
from bot.insight.packs import Difference

By = Annotated[str, typer.Option(help="who does it, as it is kept with the drafts")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="only show what would be drafted")]
NOBODY_NAMED = "command line"

pack = typer.Typer(
    help="Knowledge to share between organisations: export, import.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def import_resources(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="a table of resources")],
    *,
    by: By = NOBODY_NAMED,
    dry_run: DryRun = False,
) -> int:
    """Draft the resources of a table; name each row that cannot be one, or is known already."""
    try:
        text = importing.decoded(file.read_bytes())
    except OSError as error:
        raise BotError(f"table {file} cannot be read: {reason(error)}; check the path") from None
    folder = Drafts(configured().knowledge.path)
    drafted = [draft.content for draft in folder.listed() if draft.kind == RESOURCE]
    found = importing.read(text, load(folder.knowledge), day=today(), known=drafted)
    if not dry_run:
        folder.draft_table(found.rows, file.name, by=by, at=utc_now())
    for row in found.rows:
        print(f"line {row.line}: {row.item['id']} {'would be ' if dry_run else ''}drafted")
    for fault in (*found.duplicates, *found.faults):
        print(fault)
    print(
        f"{len(found.rows)} drafted, {len(found.duplicates)} known already, {len(found.faults)} not readable"
    )
    return 1 if found.faults else 0


# `import` is a word of the language this is written in.
import_resources.__name__ = "import"
COMMANDS = (import_resources,)


@pack.command("export")
def export_pack(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    organisation: Annotated[str, typer.Option(help="whose knowledge it is")],
    topics: Annotated[str | None, typer.Option(help="ids with commas between; all without it")] = None,
) -> None:
    """Write topics and the resources that serve them to one file, for other organisations."""
    chosen = None if topics is None else [name.strip() for name in topics.split(",") if name.strip()]
    made = packs.export(
        load(configured().knowledge.path), organisation=organisation, day=today(), topics=chosen
    )
    put(made.as_text(), file)
    print(f"{file}: {len(made.topics)} topics, {len(made.resources)} resources, {made.licence}")


@pack.command("import")
def import_pack(
    file: Annotated[Path, typer.Argument(metavar="FILE")], *, by: By = NOBODY_NAMED, dry_run: DryRun = False
) -> None:
    """Show how a pack differs from the own knowledge, and draft what is new or another."""
    made = packs.read(read_text(file, "pack"))
    folder = Drafts(configured().knowledge.path)
    found = packs.difference(made, load(folder.knowledge), tested=folder.tested())
    print(f"{made.organisation}, {made.day}, {made.licence}")
    print("\n".join(_told(found)))
    if not dry_run:
        print(f"{len(folder.draft_pack(made, found, by=by, at=utc_now()))} drafts")


def _told(found: Difference) -> list[str]:
    told = [f"new topic {topic.id}" for topic in found.topics]
    for topic_id, phrases in found.wordings.items():
        told.append(f"topic {topic_id}: {sum(map(len, phrases.values()))} wordings that are not here")
    told += [f"new resource {item.id}: {next(iter(item.title.values()))}" for item in found.resources]
    for edit in found.edited:
        told.append(f"{edit.item.id} is another there:")
        told += [f"    {name}: {here} | {there}" for name, (here, there) in edit.changes.items()]
    told += [f"resource {item.id}: {why}" for item, why in found.duplicates]
    return [*told, f"{found.same} the same"]
