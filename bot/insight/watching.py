"""The dead-link watch's way out: asks each address, politely and within bounds. Only run where it is wanted.

It says who it is, keeps to robots.txt, asks a host one thing at a time with a pause between, tries HEAD
before GET, reads little, and gives up after a while.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import aiohttp

from bot.insight.links import Tried

AGENT = "sme-bot-links/1.0 (checks that links of a small-business guide still open)"
TIMEOUT_SECONDS = 20.0
PAUSE_SECONDS = 2.0
HOSTS_AT_ONCE = 4
MOST_BYTES = 65_536
MOST_REDIRECTS = 5
# What servers say who know no HEAD, or have it treated as an attack: then GET decides.
HEAD_DECIDES_NOT = frozenset({400, 401, 403, 404, 405, 406, 500, 501, 503})
# A door that is closed to programs says nothing of the page behind it.
CLOSED_TO_PROGRAMS = frozenset(
    {401, 403, 405, 406, 407, 408, 418, 423, 425, 429, 451, 503, 520, 521, 522, 523}
)

Pause = Callable[[float], Awaitable[None]]


async def check(
    urls: Iterable[str], *, patience: float = TIMEOUT_SECONDS, pause: Pause = asyncio.sleep
) -> list[Tried]:
    """Return what came of each address: a few hosts at once, each host one by one.

    `patience` is for how many seconds one answer is waited for.
    """
    by_host: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        by_host.setdefault(urlsplit(url).netloc.casefold(), []).append(url)
    hosts, results = iter(by_host.values()), list[Tried]()
    limit = aiohttp.ClientTimeout(total=patience)
    headers = {"User-Agent": AGENT, "Accept": "text/html,application/pdf,*/*;q=0.5"}
    async with aiohttp.ClientSession(timeout=limit, headers=headers) as session:

        async def work() -> None:
            for addresses in hosts:
                results.extend(await _host(session, addresses, pause))

        async with asyncio.TaskGroup() as group:
            for _ in range(min(HOSTS_AT_ONCE, len(by_host))):
                group.create_task(work())
    return sorted(results, key=lambda tried: tried.url)


async def _host(session: aiohttp.ClientSession, urls: list[str], pause: Pause) -> list[Tried]:
    robots = await _robots(session, urls[0])
    tried: list[Tried] = []
    for url in urls:
        if robots is not None and not robots.can_fetch(AGENT, url):
            tried.append(Tried(url, None, note="robots.txt asks not to"))
            continue
        if tried:
            await pause(PAUSE_SECONDS)
        tried.append(await _try(session, url))
    return tried


async def _robots(session: aiohttp.ClientSession, url: str) -> RobotFileParser | None:
    """Return the host's rules for programs, None where it gives none."""
    parts = urlsplit(url)
    try:
        async with session.get(
            f"{parts.scheme}://{parts.netloc}/robots.txt", max_redirects=MOST_REDIRECTS
        ) as answer:
            if answer.status != 200:
                return None
            text = (await answer.content.read(MOST_BYTES)).decode("utf-8", "replace")
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
        return None
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    return rules


async def _try(session: aiohttp.ClientSession, url: str) -> Tried:
    try:
        status = await _status(session, "HEAD", url)
        if status in HEAD_DECIDES_NOT:
            status = await _status(session, "GET", url)
    except aiohttp.TooManyRedirects:
        return Tried(url, False, note="redirects in a circle")
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
        return Tried(url, False, note=_said(error))
    if status < 400:
        return Tried(url, True, status)
    return Tried(url, None if status in CLOSED_TO_PROGRAMS else False, status)


async def _status(session: aiohttp.ClientSession, method: str, url: str) -> int:
    async with session.request(method, url, allow_redirects=True, max_redirects=MOST_REDIRECTS) as answer:
        if method == "GET":
            await answer.content.read(MOST_BYTES)
        return answer.status


def _said(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its host is not known"
    if isinstance(error, aiohttp.ClientSSLError):
        return "its certificate is not valid"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "no connection"
    return type(error).__name__
