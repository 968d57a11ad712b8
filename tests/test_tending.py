"""Tending: who asked is told once, answers of the staff become drafts, reports come from the store."""

import asyncio
import datetime
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot import tending
from bot.advice.advisor import Advisor
from bot.advice.knowledge import load
from bot.conversation.replies import Reply
from bot.insight.drafting import Drafts
from bot.store import (
    BROADCAST,
    MEMORY,
    CaseRow,
    OpensRow,
    PersonRow,
    RequestRow,
    Store,
    Transaction,
    places,
)

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(1)
QUESTION = "cómo saco el permiso para volar drones"


class Post:
    """Keeps what it was to bring; delivers nothing where it is a noticeboard."""

    def __init__(self, *, delivers: bool = True) -> None:
        self.brought: list[tuple[str, Reply, int]] = []
        self._delivers = delivers
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def post(self, reply: Reply, person: PersonRow, *, priority: int, **_: Any) -> int | None:
        if self.meanwhile:
            await self.meanwhile()
        self.brought.append((person.id, reply, priority))
        return len(self.brought) if self._delivers else None

    async def correct(self, *_: Any, **__: Any) -> bool:
        raise AssertionError("nothing is corrected")


@pytest.fixture
def advisor(folder: Path) -> Advisor:
    """An advisor that knows of drones since its latest edit."""
    path = folder / "topics" / "export.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "quiero exportar,", f"quiero exportar, {QUESTION}, volar drones,"
    )
    path.write_text(text, encoding="utf-8")
    return Advisor(load(folder))


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = await Store.open(MEMORY)
    await two_asked(store)
    yield store
    await store.close()


@pytest.fixture
async def two_stores(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Store, Store]]:
    """The stores of two processes on one PostgreSQL."""
    server = request.getfixturevalue("postgres")
    url = await server.database()
    first, second = await Store.open(url), await Store.open(url)
    await two_asked(first)
    yield first, second
    await first.close()
    await second.close()
    await server.drop(url)


async def two_asked(store: Store) -> None:
    async with store.transaction() as now:
        for id in ("ana", "eva"):
            values = {"channel": "telegram", "address": id, "pseudonym": f"p-{id}", "language": "es"}
            await now.add_person(PersonRow(id=id, first_seen=NOON, last_seen=NOON, **values))
        await ask(now, "r1", "ana")
        await ask(now, "r2", "eva")
        await now.subscribe("ana", "answers", country=None, at=NOON)


async def ask(now: Transaction, id: str, person: str, **values: Any) -> None:
    given = {
        "channel": "telegram",
        "question": QUESTION,
        "outcome": "no_match",
        "language": "es",
        "knowledge": "old",
    }
    await now.add_request(RequestRow(**{"id": id, "person": person, "time": NOON, **given, **values}))


async def tell(store: Store, advisor: Advisor, post: Post, *, at: datetime.datetime = NOON + DAY) -> int:
    return await tending.tell_who_asked(store, advisor, {"telegram": post}, now=at)


async def test_who_asked_and_wished_is_told_once(store: Store, advisor: Advisor) -> None:
    post = Post()
    assert await tell(store, advisor, post) == 1
    ((person, reply, priority),) = post.brought
    assert (person, priority) == ("ana", BROADCAST)
    assert [[button.action for button in row] for row in reply.rows] == [["t:export"], ["news_stop"]]
    assert await tell(store, advisor, post, at=NOON + 2 * DAY) == 0
    assert len(post.brought) == 1


async def test_two_processes_that_take_up_the_same_knowledge_tell_once(
    two_stores: tuple[Store, Store], advisor: Advisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second comes while the first is telling: it either waits, or has told already."""
    monkeypatch.setattr(places, "_AGAIN", 0.01)
    first, second = two_stores
    waits, post, theirs = asyncio.Event(), Post(), Post()
    hold = second.alone

    def held(place: str) -> Any:
        waits.set()
        return hold(place)

    monkeypatch.setattr(second, "alone", held)

    async def second_comes() -> None:
        telling.append(asyncio.create_task(tell(second, advisor, theirs)))
        waiting = asyncio.create_task(waits.wait())
        await asyncio.wait([waiting, *telling], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    telling: list[asyncio.Task[int]] = []
    post.meanwhile = second_comes
    assert await tell(first, advisor, post) == 1
    assert await telling[0] == 0
    assert (len(post.brought), theirs.brought) == (1, [])


@pytest.mark.parametrize("days", [31, 400])
async def test_what_was_asked_long_ago_is_let_be(store: Store, advisor: Advisor, days: int) -> None:
    assert await tell(store, advisor, Post(), at=NOON + days * DAY) == 0


async def test_who_stopped_the_news_is_not_told(store: Store, advisor: Advisor) -> None:
    async with store.transaction() as now:
        await now.unsubscribe("ana", NOON)
    assert await tell(store, advisor, Post()) == 0


async def test_what_the_team_has_in_hand_is_left_to_it(store: Store, advisor: Advisor) -> None:
    async with store.transaction() as now:
        await now.add_case(
            CaseRow(id="c1", person="ana", reason="person", request="r1", opened_at=NOON), who="person"
        )
    assert await tell(store, advisor, Post()) == 0


async def test_what_this_knowledge_did_not_answer_is_not_tried_again(store: Store, advisor: Advisor) -> None:
    async with store.transaction() as now:
        await now.forget("ana")
        await now.add_person(
            PersonRow(
                id="mia", channel="telegram", address="m", pseudonym="p-mia", first_seen=NOON, last_seen=NOON
            )
        )
        await ask(now, "r3", "mia", knowledge=advisor.knowledge.fingerprint[:12])
        await now.subscribe("mia", "answers", country=None, at=NOON)
    assert await tell(store, advisor, Post()) == 0


async def test_a_terminal_cannot_be_told(store: Store, advisor: Advisor) -> None:
    assert await tell(store, advisor, Post(delivers=False)) == 0
    async with store.reading() as now:
        assert await now.told() == frozenset()


async def test_an_answer_of_the_staff_becomes_a_draft_with_its_case(folder: Path) -> None:
    drafts = Drafts(folder)
    found: Any = SimpleNamespace(
        language="pt",
        candidates=("export", "loans"),
        country="UY",
        case=SimpleNamespace(id="c1", request="r1"),
    )
    saved = tending.ReplyDrafts(drafts, now=lambda: NOON)
    draft_id = await saved.save(found, "Veja https://example.org/drones", SimpleNamespace(name="Eva"))  # type: ignore[arg-type]
    (draft,) = drafts.listed()
    assert (draft.id, draft.by, draft.origin.case, draft.origin.request) == (draft_id, "Eva", "c1", "r1")
    assert (draft.content["topics"], draft.content["countries"]) == (["export"], ["UY"])


async def test_the_report_of_a_time_comes_from_the_store(store: Store, advisor: Advisor) -> None:
    async with store.transaction() as now:
        await now.count_open(OpensRow(resource="guia-global", week=NOON.date(), country="UY", count=3))
        await now.count_open(OpensRow(resource="guia-global", week=NOON.date()))
    told = await tending.report(store, advisor.knowledge, since=NOON - DAY, until=NOON + DAY)
    assert told.all.asked == 2
    assert told.resources["guia-global"].opened == 4
    (group,) = told.groups
    assert (group.count, group.people) == (2, 2)
