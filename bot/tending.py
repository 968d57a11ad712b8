"""Tends the knowledge beside the bot: where what the log and the links teach meets the store.

`insight` computes, `store` keeps; here one is handed to the other, for the command line, the staff
console and what runs on a schedule.
"""

import asyncio
import datetime
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from bot.advice.advisor import Advisor
from bot.advice.knowledge import Knowledge, Resource
from bot.conversation.messages import Messages
from bot.errors import BotError
from bot.insight import digest, links, reports, watching
from bot.insight.asked import Asked, said
from bot.insight.digest import Say, Title
from bot.insight.links import Link
from bot.insight.reports import Case, Logged, Report
from bot.insight.watching import Pause
from bot.store import LinkRow, Store

log = logging.getLogger(__name__)

# So many addresses between two commits: a kill loses minutes of checking, not the night's.
BATCH = 40
DAILY = 24 * 3600.0

Tell = Callable[[Sequence[Link]], Awaitable[None]]


# -- the log --------------------------------------------------------------------------------------


async def logged(
    store: Store,
    knowledge: Knowledge,
    *,
    since: datetime.datetime | None = None,
    until: datetime.datetime | None = None,
) -> Logged:
    """Return the log of a time as it stands in the store, ready for gaps and reports."""
    weeks = {"since": since and reports.monday(since.date()), "until": until and until.date()}
    async with store.reading() as now:
        rows = await now.requests(since=since, until=until, newest_first=False)
        cases, replied = await now.cases(), await now.first_replies()
        ignored, opens = await now.ignored(), await now.opens(**weeks)
    return Logged(
        rows=[Asked.of(row) for row in rows],
        cases=[Case.of(case, replied.get(case.id)) for case in cases],
        opened=reports.by_resource((row.resource, row.count) for row in opens),
        out_of_scope=frozenset(knowledge.out_of_scope),
        ignored=frozenset(said(row.wording) for row in ignored),
    )


async def report(
    store: Store, knowledge: Knowledge, *, since: datetime.datetime, until: datetime.datetime
) -> Report:
    """Return the figures of a time; they are computed in a thread, the loop goes on."""
    found = await logged(store, knowledge, since=since, until=until)
    return await asyncio.to_thread(reports.report, found, since=since, until=until)


async def digest_text(
    store: Store, knowledge: Knowledge, *, since: datetime.datetime, until: datetime.datetime, language: str
) -> str:
    """Return the digest of a time as Markdown, for the staff group or a file."""
    shown = digest.digest(await report(store, knowledge, since=since, until=until))
    return said_digest(shown, knowledge, language)


def said_digest(shown: digest.Digest, knowledge: Knowledge, language: str) -> str:
    """Return a digest as Markdown in one language."""
    titles = {"topic": topic_titles(knowledge, language), "resource": resource_names(knowledge, language)}
    return digest.markdown(shown, say_in(knowledge, language), **titles)


def say_in(knowledge: Knowledge, language: str) -> Say:
    """Return what gives the texts of the knowledge in one language."""
    messages = Messages(knowledge.messages)

    def say(key: str, /, **values: str) -> str:
        return messages.say(language, key, **values)

    return say


def topic_titles(knowledge: Knowledge, language: str) -> Title:
    """Return what gives the title of a topic; the id itself for one that is gone."""

    def title(topic: str) -> str:
        found = knowledge.topics.get(topic)
        return _in(found.title, language) if found else topic

    return title


def resource_names(knowledge: Knowledge, language: str) -> Title:
    """Return what gives the title of a resource and who offers it; the id itself for one that is gone."""

    def name(resource: str) -> str:
        found = knowledge.resources.get(resource)
        return f"{_in(found.title, language)} ({found.organisation})" if found else resource

    return name


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))


# -- links ----------------------------------------------------------------------------------------


async def known_links(store: Store) -> dict[str, Link]:
    """Return the state of each address that was ever checked."""
    async with store.reading() as now:
        return {row.url: Link(**vars(row)) for row in await now.links()}


async def check_links(
    store: Store,
    resources: Iterable[Resource],
    *,
    now: Callable[[], datetime.datetime],
    pause: Pause = asyncio.sleep,
    everything: bool = False,
) -> list[Link]:
    """Check the addresses that are due, or every one, and store what came of it; return those newly dead."""
    listed = list(resources)
    before = await known_links(store)
    urls = links.due(listed, {} if everything else before, now())
    dead: list[Link] = []
    for start in range(0, len(urls), BATCH):
        tried = await watching.check(urls[start : start + BATCH], pause=pause)
        states = [links.after(before.get(item.url), item, now()) for item in tried]
        async with store.transaction() as transaction:
            for state in states:
                await transaction.set_link(LinkRow(**vars(state)))
        dead += links.newly_dead(before, states)
    return dead


async def keep_demoted(store: Store, advisor: Callable[[], Advisor], *, every: float) -> None:
    """Have resources with dead addresses step back in the answers, also after the knowledge was edited."""
    while True:
        try:
            states = (await known_links(store)).values()
            current = advisor()
            current.demote(links.demoted(current.knowledge.resources.values(), states))
        except BotError as fault:
            log.error("dead links are not looked up: %s", fault)
        await asyncio.sleep(every)


async def watch_links(
    store: Store,
    advisor: Callable[[], Advisor],
    *,
    now: Callable[[], datetime.datetime],
    tell: Tell,
    every: float = DAILY,
) -> None:
    """Check the addresses that are due once a day, and tell the staff of those that are dead since."""
    while True:
        try:
            dead = await check_links(store, advisor().knowledge.resources.values(), now=now)
            if dead:
                await tell(dead)
        except BotError as fault:
            log.error("links are not checked: %s", fault)
        await asyncio.sleep(every)
