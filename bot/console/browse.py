"""The knowledge as staff see it: topics, resources, what each language has, what ends soon, and a trial."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.advice.knowledge import AUDIENCES, COUNTRIES, LANGUAGES, Knowledge
from bot.console.looking import Looked
from bot.console.visit import Visit
from bot.insight.freshness import Ending, ending
from bot.insight.parity import Line

LONGEST_TRIAL = 500


async def topics(visit: Visit) -> Response:
    """Show every topic by its group, with how much there is of it."""
    knowledge = visit.house.knowledge()
    groups: dict[str, list[Any]] = {}
    for topic in knowledge.topics.values():
        groups.setdefault(topic.group, []).append(topic)
    return visit.page(
        "knowledge.html",
        tab="topics",
        knowledge=knowledge,
        groups=groups,
        reach=_reach(knowledge),
        group_title=lambda group: _said(knowledge, visit.language, f"group.{group}"),
        languages=LANGUAGES,
        countries=COUNTRIES,
    )


async def topic(visit: Visit) -> Response:
    """Show one topic: what it says, how it is asked for, and its resources by country."""
    knowledge = visit.house.knowledge()
    found = knowledge.topics.get(visit.request.path_params["topic"])
    if found is None:
        raise HTTPException(404)
    resources = [item for item in knowledge.resources.values() if found.id in item.topics]
    return visit.page(
        "topic.html",
        topic=found,
        knowledge=knowledge,
        where=knowledge.at("topic", found.id),
        by_country={
            code: [item for item in resources if code in item.countries]
            for code in (*COUNTRIES, "regional", "global")
        },
        languages=LANGUAGES,
    )


async def resources(visit: Visit) -> Response:
    """Show the resources with these words, of this country, topic and state."""
    knowledge, words = visit.house.knowledge(), visit.asked("words")
    country, topic = visit.asked("country", (*COUNTRIES, "regional", "global")), visit.asked("topic")
    looked = Looked(words or "")
    rows = [
        item
        for item in knowledge.resources.values()
        if (country is None or country in item.countries)
        and (topic is None or topic in item.topics)
        and looked.fits(" ".join((*item.title.values(), item.organisation, *item.aliases, item.id)))
    ]
    async with visit.house.store.reading() as now:
        dead = {link.url for link in await now.links() if link.fails > 1}
    return visit.page(
        "resources.html",
        tab="resources",
        rows=rows,
        dead=dead,
        knowledge=knowledge,
        countries=(*COUNTRIES, "regional", "global"),
        where=knowledge.at,
    )


async def parity(visit: Visit) -> Response:
    """Show which text is there in which language, missing, or older than its source."""
    knowledge, house = visit.house.knowledge(), visit.house

    async def make() -> list[Line]:
        return await asyncio.to_thread(house.parity, knowledge, visit.now)

    lines = await house.remembered.get(("parity", knowledge.fingerprint), visit.now, make)
    lacking = [line for line in lines or () if set(line.states.values()) != {"there"}]
    every = visit.asked("all") is not None
    return visit.page(
        "parity.html",
        tab="parity",
        lines=None if lines is None else (lines if every else lacking),
        every=every,
        number_of=len(lines or ()),
        counts={tag: Counter(line.states[tag] for line in lines or ()) for tag in LANGUAGES},
        knowledge=knowledge,
        languages=LANGUAGES,
    )


async def freshness(visit: Visit) -> Response:
    """Show what expires or has to be looked at again, the soonest first; and links that do not open."""
    knowledge = visit.house.knowledge()
    rows: list[Ending] = ending(knowledge.resources.values(), visit.today)
    async with visit.house.store.reading() as now:
        dead = [link for link in await now.links() if link.fails > 1]
    by_address = {item.url: item for item in knowledge.resources.values()}
    return visit.page(
        "freshness.html",
        tab="freshness",
        rows=rows,
        dead=[(link, by_address[link.url]) for link in dead if link.url in by_address],
        knowledge=knowledge,
    )


async def trial(visit: Visit) -> Response:
    """Show how a question would be advised on, and why; nothing is stored."""
    question = (visit.asked("question") or "")[:LONGEST_TRIAL]
    country, audience = visit.asked("country", COUNTRIES), visit.asked("audience", AUDIENCES)
    language = visit.asked("language", LANGUAGES)
    why = None
    if question:
        why = await asyncio.to_thread(
            visit.house.explain,
            question,
            language=language,
            country=country,
            audience=audience,
            day=visit.today,
        )
    return visit.page(
        "trial.html",
        tab="trial",
        question=question,
        why=why,
        knowledge=visit.house.knowledge(),
        countries=COUNTRIES,
        languages=LANGUAGES,
        audiences=AUDIENCES,
    )


def _reach(knowledge: Knowledge) -> Mapping[str, Counter[str]]:
    """Return how many published resources each topic has in each country, `wide` for regional and global."""
    reach: dict[str, Counter[str]] = {id: Counter() for id in knowledge.topics}
    for item in knowledge.resources.values():
        if item.status == "published":
            for id in item.topics:
                reach[id].update(item.countries)
                reach[id]["wide"] += item.wide
                reach[id]["all"] += 1
    return reach


def _said(knowledge: Knowledge, language: str, key: str) -> str:
    return knowledge.messages.get(language, {}).get(key) or key.rpartition(".")[2]
