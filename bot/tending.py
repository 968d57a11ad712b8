"""Tends the knowledge beside the bot: where what the log and the links teach meets the store.

`insight` computes, `store` keeps; here one is handed to the other, for the command line, the staff
console and what runs on a schedule.
"""

import asyncio
import dataclasses
import datetime
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence

from bot.advice.advisor import Advisor
from bot.advice.knowledge import Knowledge, Resource
from bot.casework.courier import Courier
from bot.casework.dossier import Dossier
from bot.conversation.known_now import ANSWERS, known_now
from bot.conversation.messages import FALLBACK, Messages
from bot.errors import BotError
from bot.insight import digest, links, replaying, reports, telling, watching
from bot.insight.asked import NO_MATCH, Asked, Outcomes, said
from bot.insight.digest import Say, Title
from bot.insight.drafting import Drafts
from bot.insight.drafts import Origin
from bot.insight.gaps import Read
from bot.insight.links import Link
from bot.insight.replaying import Logged as Question
from bot.insight.reports import Case, Logged, Report
from bot.insight.uses import Opened, monday
from bot.insight.watching import Pause
from bot.store import BROADCAST, LinkRow, StaffRow, Store

log = logging.getLogger(__name__)

# So many addresses between two commits: a kill loses minutes of checking, not the night's.
BATCH = 40
DAILY = 24 * 3600.0
FINGERPRINT = 12
"""So many signs of the knowledge's fingerprint are kept with a request."""

Apart = Callable[[Callable[[], Report]], Awaitable[Report]]
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
    weeks = {"since": since and monday(since.date()), "until": until and until.date()}
    async with store.reading() as now:
        rows = await now.requests(since=since, until=until, newest_first=False)
        cases, replied = await now.cases(), await now.first_replies()
        ignored, opens = await now.ignored(), await now.opens(**weeks)
    return Logged(
        rows=[Asked.of(row) for row in rows],
        cases=[Case.of(case, replied.get(case.id)) for case in cases],
        opened=[Opened(**vars(row)) for row in opens],
        out_of_scope=frozenset(knowledge.out_of_scope),
        ignored=frozenset(said(row.wording) for row in ignored),
    )


async def last_questions(store: Store, most: int) -> list[Question]:
    """Return the last questions that were asked in words, the newest first, to be advised on again."""
    # Of what is logged, some three in four are questions: smalltalk and topics from a menu are not.
    rows = [Asked.of(row) for row in await store.requests(limit=2 * most)]
    return [replaying.logged(row) for row in rows if row.is_question and row.question.strip()][:most]


async def report(
    store: Store,
    knowledge: Knowledge,
    *,
    since: datetime.datetime,
    until: datetime.datetime,
    read: Read | None = None,
    apart: Apart = asyncio.to_thread,
) -> Report:
    """Return the figures of a time; they are computed `apart`, in a thread, the loop goes on."""
    found = await logged(store, knowledge, since=since, until=until)
    return await apart(lambda: reports.report(found, since=since, until=until, read=read))


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


# -- "you asked, now we know" -----------------------------------------------------------------------


async def tell_who_asked(
    store: Store, advisor: Advisor, couriers: Mapping[str, Courier], *, now: datetime.datetime
) -> int:
    """Tell who asked, was not answered and wished to hear of it, that there is an answer; return how many.

    Looked at are questions of the last 30 days that were logged with another state of the knowledge than
    the advisor's. Each is told once, whatever happens in between: of the processes on one database, each of
    which takes up the new knowledge, one tells at a time, and the next finds it done.
    """
    async with store.alone("telling"):
        return await _tell_who_asked(store, advisor, couriers, now)


async def _tell_who_asked(
    store: Store, advisor: Advisor, couriers: Mapping[str, Courier], now: datetime.datetime
) -> int:
    async with store.reading() as reading:
        wishing = {row.person for row in await reading.subscribers(ANSWERS)}
        if not wishing:
            return 0
        # Of these people alone: the month of an active chamber would hold everything up for seconds.
        rows = await reading.requests(since=now - telling.LONGEST_AGO, subscribed=ANSWERS, newest_first=False)
        told = await reading.told()
    listed = [Asked.of(row) for row in rows]
    why = Outcomes(listed).why_unanswered
    known = advisor.knowledge.fingerprint[:FINGERPRINT]
    people = {row.id: row.person for row in rows}
    open_still = [
        replaying.logged(asked)
        for asked, row in zip(listed, rows, strict=True)
        if row.person in wishing
        and row.knowledge != known
        and asked.is_question
        and row.question
        and why(asked)
    ]
    found = await asyncio.to_thread(replaying.replay, advisor, _as_unanswered(open_still), day=now.date())
    news = telling.to_tell(
        found,
        listed,
        now=now,
        agreed={row.pseudonym for row in rows if row.person in wishing},
        told=told,
        in_hand={row.id for row in rows if row.case is not None},
    )
    messages = Messages(advisor.knowledge.messages)
    done = 0
    for item in news:
        async with store.transaction() as transaction:
            person = await transaction.person_by_id(people[item.request])
            courier = couriers.get(person.channel) if person else None
            if person is None or courier is None or item.request in await transaction.told():
                continue
            language = person.language or item.language or FALLBACK
            reply = known_now(
                item.question, item.topics, language=language, knowledge=advisor.knowledge, messages=messages
            )
            posted = await courier.post(
                reply, person, at=now, key=None, priority=BROADCAST, transaction=transaction
            )
            if posted is not None:  # a terminal has no way to be told
                await transaction.add_told([item.request], now)
                done += 1
    return done


def _as_unanswered(questions: Iterable[Question]) -> Iterator[Question]:
    """Have an answer that was not helpful count as none: another one now is news."""
    for question in questions:
        yield dataclasses.replace(question, outcome=NO_MATCH)


async def keep_telling(
    store: Store,
    advisor: Callable[[], Advisor],
    couriers: Mapping[str, Courier],
    *,
    now: Callable[[], datetime.datetime],
    every: float,
) -> None:
    """Tell who asked, each time the knowledge in use is another one."""
    before = ""
    while True:
        current = advisor()
        if current.knowledge.fingerprint != before:
            try:
                await tell_who_asked(store, current, couriers, now=now())
                before = current.knowledge.fingerprint
            except BotError as fault:
                log.error("who asked is not told: %s", fault)
        await asyncio.sleep(every)


class ReplyDrafts:
    """Keeps answers of the staff as drafts of resources, with the case they came from."""

    def __init__(self, drafts: Drafts, *, now: Callable[[], datetime.datetime]):
        self._drafts = drafts
        self._now = now

    async def save(self, found: Dossier, answer: str, who: StaffRow) -> str:
        """Draft a resource from `answer`; return the draft's id."""
        draft = await asyncio.to_thread(
            self._drafts.draft_reply,
            answer,
            language=found.language or FALLBACK,
            topics=found.candidates[:1],
            country=found.country,
            by=who.name,
            at=self._now(),
            origin=Origin(case=found.case.id, request=found.case.request),
        )
        return draft.id


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
            # One process at a time, of those on one database: what it checked is not due for the next.
            async with store.alone("links"):
                dead = await check_links(store, advisor().knowledge.resources.values(), now=now)
            if dead:
                await tell(dead)
        except BotError as fault:
            log.error("links are not checked: %s", fault)
        await asyncio.sleep(every)
