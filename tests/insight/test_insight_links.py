"""The dead-link watch: what two failures mean, and how addresses are asked. Only a server of this test is."""

import asyncio
import datetime
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from logged import NOON

from bot.advice.knowledge import Knowledge
from bot.insight import links, watching
from bot.insight.links import Link, Tried

URL = "https://example.org/a"
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def state(*steps: tuple[datetime.timedelta, bool | None]) -> Link:
    link = None
    for after, opens in steps:
        link = links.after(link, Tried(URL, opens, 200 if opens else 404), NOON + after)
    assert link is not None
    return link


@pytest.mark.parametrize(
    ("steps", "fails", "dead"),
    [
        ([(0 * DAY, True)], 0, False),
        ([(0 * DAY, False)], 1, False),
        ([(0 * DAY, False), (1 * DAY, False)], 2, True),
        ([(0 * DAY, False), (1 * HOUR, False), (2 * HOUR, False)], 1, False),
        ([(0 * DAY, False), (1 * HOUR, False), (1 * DAY, False)], 2, True),
        ([(0 * DAY, False), (1 * DAY, False), (2 * DAY, True)], 0, False),
        ([(0 * DAY, False), (1 * DAY, None), (2 * DAY, False)], 2, True),
        ([(0 * DAY, None), (1 * DAY, None)], 0, False),
        ([(0 * DAY, False), (1 * DAY, True), (2 * DAY, False)], 1, False),
    ],
)
def test_two_failures_on_two_days_are_an_end(
    steps: list[tuple[datetime.timedelta, bool | None]], fails: int, dead: bool
) -> None:
    link = state(*steps)
    assert (link.fails, link.dead) == (fails, dead)
    assert (link.failing_since is not None) == (fails > 0)


def test_what_was_never_tried_is_due_first(tiny: Knowledge) -> None:
    resources = tiny.resources.values()
    now = NOON + 10 * DAY
    old = {url: Link(url=url, checked_at=NOON) for url in ("https://example.org/hn/credito",)}
    fresh = {url: Link(url=url, checked_at=now - DAY) for url in ("https://example.org/red",)}
    failed = {url: Link(url=url, checked_at=now - DAY, fails=1) for url in ("https://example.org/guide",)}
    order = links.due(resources, old | fresh | failed, now)
    assert order[-2:] == ["https://example.org/hn/credito", "https://example.org/guide"]
    assert "https://example.org/red" not in order
    assert len(order) == 5


def test_a_dead_address_demotes_each_of_its_resources(tiny: Knowledge) -> None:
    dead = Link(url="https://example.org/red", checked_at=NOON, fails=2)
    alive = Link(url="https://example.org/guide", checked_at=NOON, fails=1)
    assert links.demoted(tiny.resources.values(), [dead, alive]) == {"red-regional"}
    assert links.newly_dead({}, [dead, alive]) == [dead]
    assert links.newly_dead({dead.url: dead}, [dead]) == []


# -- on the wire ---------------------------------------------------------------------------------


class Site:
    """A site that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.robots = ""
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self.answer)
        self.server = TestServer(app, host="127.0.0.1")

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self.asked.append((request.method, path, request.headers["User-Agent"]))
        if path == "/robots.txt":
            return web.Response(text=self.robots) if self.robots else web.Response(status=404)
        if path == "/slow":
            await asyncio.Event().wait()
        if path == "/moved":
            raise web.HTTPMovedPermanently("/200")
        if path == "/circle":
            raise web.HTTPFound("/circle")
        if path == "/get-only" and request.method == "HEAD":
            return web.Response(status=405)
        if path == "/endless":
            return web.Response(body=b"x" * 1_000_000, status=403 if request.method == "HEAD" else 200)
        return web.Response(status=int(path[1:]) if path[1:].isdigit() else 200)

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    await site.server.start_server()
    yield site
    await site.server.close()


async def at_once(_: float) -> None:
    """Pause for no time."""


@pytest.mark.parametrize(
    ("path", "opens", "status"),
    [
        ("/200", True, 200),
        ("/404", False, 404),
        ("/410", False, 410),
        ("/500", False, 500),
        ("/403", None, 403),
        ("/429", None, 429),
        ("/503", None, 503),
        ("/moved", True, 200),
        ("/get-only", True, 200),
        ("/endless", True, 200),
        ("/circle", False, None),
    ],
)
async def test_what_an_answer_says(site: Site, path: str, opens: bool | None, status: int | None) -> None:
    (tried,) = await watching.check([site.url(path)], pause=at_once)
    assert (tried.opens, tried.status) == (opens, status)


async def test_no_answer_is_a_failure_that_says_why(site: Site, unused_tcp_port: int) -> None:
    slow, nobody = site.url("/slow"), f"http://127.0.0.1:{unused_tcp_port}/"
    tried = {item.url: item for item in await watching.check([slow, nobody], patience=0.2, pause=at_once)}
    assert (tried[slow].opens, tried[slow].note) == (False, "no answer in time")
    assert (tried[nobody].opens, tried[nobody].note) == (False, "no connection")


async def test_it_says_who_it_is_and_pauses_between_two_questions(site: Site) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    await watching.check([site.url("/200"), site.url("/a"), site.url("/b"), site.url("/a")], pause=pause)
    assert pauses == [watching.PAUSE_SECONDS] * 2
    assert [(method, path) for method, path, _ in site.asked] == [
        ("GET", "/robots.txt"), ("HEAD", "/200"), ("HEAD", "/a"), ("HEAD", "/b"),
    ]  # fmt: skip
    assert {agent for _, _, agent in site.asked} == {watching.AGENT}


async def test_what_robots_txt_forbids_is_not_asked(site: Site) -> None:
    site.robots = "User-agent: *\nDisallow: /private\n"
    tried = await watching.check([site.url("/private/a"), site.url("/open")], pause=at_once)
    assert [(item.opens, item.note) for item in tried] == [(True, None), (None, "robots.txt asks not to")]
    assert [path for _, path, _ in site.asked] == ["/robots.txt", "/open"]


async def test_nothing_to_check_asks_nobody() -> None:
    assert await watching.check([]) == []
