"""`drafts`: from a gap or a reply to knowledge, on the command line."""

import asyncio
from typing import Annotated

import typer

from bot.advice import encoders
from bot.advice.knowledge import load
from bot.app import open_store
from bot.cli.learning import show
from bot.cli.parts import advisor_for, configured, today, utc_now
from bot.cli.reporting import logged_now, reading
from bot.errors import BotError
from bot.insight import replaying
from bot.insight.drafting import Drafts
from bot.insight.drafts import Draft, Origin
from bot.insight.gaps import Group, wording_id
from bot.insight.gaps import gaps as grouped
from bot.store import IgnoredRow

drafts = typer.Typer(
    help="Proposed changes of the knowledge: list, show, add, publish, reject.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Id = Annotated[str, typer.Argument(metavar="ID")]
By = Annotated[str, typer.Option(help="who does it, as it is kept with the draft")]
Case = Annotated[str | None, typer.Option(help="the case it came from")]
NOBODY_NAMED = "command line"


@drafts.command("list")
def list_drafts(*, state: Annotated[str, typer.Option(help="open, published or rejected")] = "open") -> None:
    """List the drafts, the oldest first."""
    if state not in ("open", "published", "rejected"):
        raise BotError(f"--state {state} is not one of open, published, rejected")
    folder = _folder()
    for draft in folder.listed(state=state):
        print(f"{draft.id} {draft.at:%Y-%m-%d} {draft.kind:8s} {draft.target}: {_gist(draft)}")
    for fault in folder.faults() if state == "open" else ():
        print(fault)


@drafts.command("show")
def show_draft(identifier: Id) -> None:
    """Show one open draft as its file holds it."""
    print(_folder().draft(identifier).as_text(), end="")


@drafts.command("wording")
def draft_wording(
    topic: Annotated[str, typer.Argument(metavar="TOPIC")],
    language: Annotated[str, typer.Argument(metavar="LANGUAGE", help="es, en or pt")],
    wording: Annotated[str, typer.Argument(metavar="WORDING", help="as people type it")],
    *,
    by: By = NOBODY_NAMED,
    case: Case = None,
) -> None:
    """Draft a wording for a topic."""
    _added(_folder().draft_wording(topic, language, wording, by=by, at=utc_now(), origin=Origin(case=case)))


@drafts.command("topic")
def draft_topic(
    gap: Annotated[str, typer.Argument(metavar="GAP", help="the id `gaps` shows")], *, by: By = NOBODY_NAMED
) -> None:
    """Draft a topic from a group of unanswered questions."""
    _added(_folder().draft_group(_group(gap), by=by, at=utc_now()))


@drafts.command("resource")
def draft_resource(
    reply: Annotated[str, typer.Argument(help="what was answered, with the address in it")],
    *,
    topic: Annotated[list[str] | None, typer.Option(help="a topic it serves; may be given again")] = None,
    country: Annotated[str | None, typer.Option(help="AR BO CO HN UY; regional without it")] = None,
    language: Annotated[str, typer.Option(help="of the answer: es en pt")] = "es",
    title: Annotated[str, typer.Option(help="the publisher's own title")] = "",
    by: By = NOBODY_NAMED,
    case: Case = None,
) -> None:
    """Draft a resource from an answer of the staff."""
    draft = _folder().draft_reply(
        reply,
        language=language,
        topics=topic or (),
        country=country,
        title=title,
        by=by,
        at=utc_now(),
        origin=Origin(case=case),
    )
    _added(draft)


@drafts.command("publish")
def publish_draft(
    identifier: Id,
    *,
    by: By = NOBODY_NAMED,
    replay: Annotated[
        bool, typer.Option("--replay", help="show what it changes for the questions logged so far")
    ] = False,
) -> None:
    """Put a draft into the knowledge, if the whole folder is still good with it."""
    folder = _folder()
    before = advisor_for(None) if replay else None
    published = folder.publish(identifier, by=by, at=utc_now())
    print(f"{published.file} changed")
    if before is not None:
        logged = asyncio.run(logged_now(before.knowledge))
        questions = [replaying.logged(row) for row in logged.rows if row.is_question and row.question]
        show(replaying.compare(before, advisor_for(None), questions, day=today()))


@drafts.command("reject")
def reject_draft(
    identifier: Id,
    *,
    by: By = NOBODY_NAMED,
    note: Annotated[str | None, typer.Option(help="why")] = None,
) -> None:
    """Turn a draft down; its wordings are not shown as gaps again."""
    at = utc_now()
    rejected = _folder().reject(identifier, by=by, at=at, note=note)
    rows = [
        IgnoredRow(id=wording_id(language, text), language=language, wording=text, staff=by, time=at)
        for language, text in rejected.wordings
    ]
    asyncio.run(_ignore(rows))
    print(f"{rejected.id} rejected; {len(rows)} wordings set aside")


async def _ignore(rows: list[IgnoredRow]) -> None:
    store = await open_store(configured())
    try:
        async with store.transaction() as transaction:
            for row in rows:
                await transaction.ignore(row)
    finally:
        await store.close()


def _folder() -> Drafts:
    return Drafts(configured().knowledge.path)


def _group(gap: str) -> Group:
    """Return the group `gaps` shows under this id, by letters or, where there is an encoder, by meaning."""
    settings = configured()
    logged = asyncio.run(logged_now(load(settings.knowledge.path)))
    for name in ("none", settings.advice.encoder):
        with reading(encoders.quickest(name)) as read:
            found = grouped(logged.rows, out_of_scope=logged.out_of_scope, ignored=logged.ignored, read=read)
        for group in found:
            if group.id == gap:
                return group
    raise BotError(f"there is no gap {gap} now; `python -m bot gaps` shows them")


def _added(draft: Draft) -> None:
    print(f"{draft.id} drafted: {_gist(draft)}")


def _gist(draft: Draft) -> str:
    if draft.wordings:
        return "; ".join(text for _, text in draft.wordings[:3])
    return str(next(iter((draft.content.get("title") or {"": draft.content.get("id")}).values())))
