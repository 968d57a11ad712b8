"""`links`, `parity`, `freshness`: the state of the knowledge, without a network."""

import asyncio
import datetime
import json
from pathlib import Path

import pytest
from ran import NOON, Run

from bot import tending
from bot.insight import watching
from bot.insight.links import Tried
from bot.store import LinkRow, Store


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Answer for the network: every address opens but the one of the global guide."""
    asked: list[list[str]] = []

    async def check(urls: list[str], **_: object) -> list[Tried]:
        asked.append(list(urls))
        return [Tried(url, not url.endswith("guide"), 404 if url.endswith("guide") else 200) for url in urls]

    monkeypatch.setattr(watching, "check", check)
    return asked


def keep(environment: dict[str, str], *rows: LinkRow) -> None:
    async def add() -> None:
        store = await Store.open(environment["BOT_DATABASE__URL"])
        async with store.transaction() as transaction:
            for row in rows:
                await transaction.set_link(row)
        await store.close()

    asyncio.run(add())


def test_nothing_is_asked_without_check(run: Run, no_network: list[list[str]]) -> None:
    assert run("links").out == "0 addresses checked so far, 0 fail, 0 resources step back\n"
    assert no_network == []


def test_what_does_not_open_twice_steps_back(
    run: Run, environment: dict[str, str], no_network: list[list[str]]
) -> None:
    assert run("links", "--check").out.endswith("6 addresses checked so far, 1 fail, 0 resources step back\n")
    assert len(no_network[0]) == 6
    assert run("links", "--check").out.endswith("1 fail, 0 resources step back\n")
    assert len(no_network) == 1
    url = "https://example.org/guide"
    keep(environment, LinkRow(url=url, checked_at=NOON, fails=1, failing_since=NOON, status=404))
    told = run("links", "--check").out
    assert told == (
        f"{url}\n    status 404; failed 2 times since 2026-11-23; guia-global\n"
        "6 addresses checked so far, 1 fail, 1 resources step back\n"
    )
    assert no_network[1:] == [[url]]
    (link,) = json.loads(run("links", "--json").out)
    assert (link["url"], link["dead"], link["failing_since"]) == (url, True, NOON.isoformat())
    run("links", "--check", "--all")
    assert len(no_network[2]) == 6


async def test_the_running_bot_demotes_and_tells(folder: Path, environment: dict[str, str]) -> None:
    """The answers change within one look, and staff hear of it once."""
    from bot.advice.advisor import Advisor
    from bot.advice.knowledge import load

    advisor, told = Advisor(load(folder)), asyncio.Event()
    store = await Store.open(environment["BOT_DATABASE__URL"])
    for url in ("https://example.org/guide",):
        async with store.transaction() as transaction:
            await transaction.set_link(LinkRow(url=url, checked_at=NOON, fails=1, failing_since=NOON))

    async def tell(dead: object) -> None:
        told.set()

    def now() -> datetime.datetime:
        return NOON + datetime.timedelta(2)

    watch = asyncio.create_task(tending.watch_links(store, lambda: advisor, now=now, tell=tell))
    await told.wait()
    watch.cancel()
    demoted = asyncio.Event()
    kept = advisor.demote

    def demote(ids: frozenset[str]) -> None:
        kept(ids)
        assert ids == {"guia-global"}
        demoted.set()

    advisor.demote = demote  # type: ignore[method-assign,assignment]
    keep = asyncio.create_task(tending.keep_demoted(store, lambda: advisor, every=3600))
    await demoted.wait()
    keep.cancel()
    await asyncio.gather(watch, keep, return_exceptions=True)
    await store.close()


def test_parity(run: Run, folder: Path) -> None:
    path = folder / "topics" / "export.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("  pt: Comece por um país.\n", ""), encoding="utf-8"
    )
    line, summary = run("parity").out.splitlines()
    assert line.split()[:2] == ["topic", "export"]
    assert line.endswith("pt missing pt: missing advice")
    assert summary == "10 topics and resources, 1 lack something"
    assert len(run("parity", "--all").out.splitlines()) == 11
    (line,) = json.loads(run("parity", "--json").out)
    assert (line["id"], line["states"]["pt"]) == ("export", "missing")


def test_freshness(run: Run, folder: Path) -> None:
    path = folder / "resources" / "hn.yaml"
    text = path.read_text(encoding="utf-8").replace("review_by: 2027-05-23", "review_by: 2020-01-01", 1)
    path.write_text(text, encoding="utf-8")
    assert run("freshness", "--days", "0").out.startswith(
        "2020-01-01 hn-credito: to be reviewed by (past)\n1 within 0 days or past\n"
    )
    assert json.loads(run("freshness", "--json").out)[0]["resource"] == "hn-credito"
