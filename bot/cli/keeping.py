"""`links`, `parity`, `freshness`: the state of the knowledge, beyond what `check` names."""

import asyncio
import datetime
import json
from typing import Annotated

import typer

from bot import tending
from bot.advice.knowledge import LANGUAGES, load
from bot.app import open_store
from bot.cli.parts import configured, today, utc_now
from bot.insight import parity as texts
from bot.insight.drafting import FOLDER
from bot.insight.freshness import ending
from bot.insight.links import Link, demoted

STATE = "texts.json"

AsJson = Annotated[bool, typer.Option("--json", help="print as JSON")]


def links(
    *,
    check: Annotated[bool, typer.Option(help="ask the addresses that are due: goes to the network")] = False,
    everything: Annotated[bool, typer.Option("--all", help="with --check: ask every address now")] = False,
    as_json: AsJson = False,
) -> None:
    """Show which links do not open, as last checked; nothing is asked of the network without --check."""
    states = asyncio.run(_links(check=check, everything=everything))
    resources = load(configured().knowledge.path).resources.values()
    behind = demoted(resources, states)
    failing = sorted((link for link in states if link.fails), key=lambda link: (-link.fails, link.url))
    if as_json:
        print(json.dumps([_as_data(link) for link in failing], ensure_ascii=False, indent=2))
        return
    for link in failing:
        of = ", ".join(item.id for item in resources if item.url == link.url) or "no resource any more"
        why = link.note or f"status {link.status}"
        print(f"{link.url}\n    {why}; failed {link.fails} times since {link.failing_since:%Y-%m-%d}; {of}")
    print(f"{len(states)} addresses checked so far, {len(failing)} fail, {len(behind)} resources step back")


def parity(
    *,
    as_json: AsJson = False,
    everything: Annotated[bool, typer.Option("--all", help="also what is whole")] = False,
) -> None:
    """Show which texts are missing in a language, or older than the text they were made from."""
    knowledge = load(configured().knowledge.path)
    state = knowledge.folder / FOLDER / STATE
    table = texts.table(knowledge, texts.changes(knowledge, state=state, now=utc_now()))
    lines = [line for line in table if everything or line.lacking]
    if as_json:
        print(json.dumps([line.as_data() for line in lines], ensure_ascii=False, indent=2))
        return
    for line in lines:
        marks = "  ".join(f"{tag} {line.states[tag]:8s}" for tag in LANGUAGES)
        lacking = "; ".join(f"{tag}: {', '.join(said)}" for tag, said in line.lacking.items())
        print(f"{line.kind:9s}{line.id:44s}{marks}{lacking}".rstrip())
    print(f"{len(table)} topics and resources, {sum(bool(line.lacking) for line in table)} lack something")


def freshness(
    *, days: Annotated[int, typer.Option(min=0, help="how many days ahead")] = 14, as_json: AsJson = False
) -> None:
    """List what expires or is to be reviewed within the next days, and what is past."""
    knowledge = load(configured().knowledge.path)
    found = ending(knowledge.resources.values(), today(), within=datetime.timedelta(days))
    if as_json:
        print(json.dumps([item.as_data() for item in found], ensure_ascii=False, indent=2))
        return
    for item in found:
        said = {"expires": "last day", "review": "to be reviewed by"}[item.what]
        print(f"{item.day} {item.resource}: {said}{' (past)' if item.past else ''}")
    print(f"{len(found)} within {days} days or past")


COMMANDS = (links, parity, freshness)


async def _links(*, check: bool, everything: bool) -> list[Link]:
    settings = configured()
    store = await open_store(settings)
    try:
        if check:
            resources = load(settings.knowledge.path).resources.values()
            await tending.check_links(store, resources, now=utc_now, everything=everything)
        return list((await tending.known_links(store)).values())
    finally:
        await store.close()


def _as_data(link: Link) -> dict[str, object]:
    since = link.failing_since
    times = {"checked_at": link.checked_at.isoformat(), "failing_since": since and since.isoformat()}
    return {**vars(link), **times, "dead": link.dead}
