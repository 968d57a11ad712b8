"""Opened links: counted where it is wanted, never whose, and always led on to the exact address."""

import datetime

import httpx
import pytest
from starlette.applications import Starlette

from bot.advice.knowledge import Knowledge
from bot.cli.console import openings_of
from bot.console.opening import Opening, Openings, route
from bot.conversation.records import Person, Turn
from bot.conversation.replies import Button, Reply
from bot.errors import BotError, UsageError
from bot.settings import load
from bot.store import MEMORY, Store

NOON = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)
OPENINGS = Openings(b"k" * 32, "https://console.example.org/")
GUIDE = "https://example.org/guide"


def asked(store: Store, knowledge: Knowledge) -> httpx.AsyncClient:
    application = Starlette(routes=[route(OPENINGS, store, knowledge=lambda: knowledge, now=lambda: NOON)])
    transport = httpx.ASGITransport(app=application)
    return httpx.AsyncClient(transport=transport, base_url="https://console.example.org")


async def test_an_opened_link_is_counted_and_leads_on(tiny: Knowledge) -> None:
    store = await Store.open(MEMORY)
    address = OPENINGS.address(Opening("guia-global", "export", "UY", "es"))
    async with asked(store, tiny) as client:
        for _ in range(2):
            answer = await client.get(address)
            assert (answer.status_code, answer.headers["location"]) == (303, GUIDE)
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert (await client.head(address)).headers["location"] == GUIDE
    async with store.reading() as now:
        (row,) = await now.opens()
    await store.close()
    assert (row.resource, row.topic, row.country, row.language, row.count) == (
        "guia-global",
        "export",
        "UY",
        "es",
        2,
    )
    assert row.week == datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    "token", ["x", "WyJhIl0.x", "..", OPENINGS.address(Opening("gone")).rpartition("/")[2]]
)
async def test_an_address_that_was_not_made_here_leads_nowhere(tiny: Knowledge, token: str) -> None:
    store = await Store.open(MEMORY)
    async with asked(store, tiny) as client:
        assert (await client.get(f"/go/{token}")).status_code == 404
    async with store.reading() as now:
        assert await now.opens() == []
    await store.close()


def test_another_secret_reads_nothing() -> None:
    token = OPENINGS.address(Opening("guia-global")).rpartition("/")[2]
    assert OPENINGS.read(token) == Opening("guia-global")
    assert Openings(b"o" * 32, "https://console.example.org").read(token) is None


async def test_a_store_that_is_away_does_not_hold_anybody_up(
    tiny: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await Store.open(MEMORY)

    def away() -> None:
        raise BotError("database is away")

    monkeypatch.setattr(store, "transaction", away)
    async with asked(store, tiny) as client:
        answer = await client.get(OPENINGS.address(Opening("guia-global")))
    await store.close()
    assert answer.headers["location"] == GUIDE


def test_links_to_resources_are_led_through_and_nothing_else(tiny: Knowledge) -> None:
    rows = (
        (Button("Guide", url=GUIDE),),
        (Button("Other", url="https://example.org/other"), Button("Menu", "menu")),
    )
    turn = Turn(Person("ana", language="es", country="UY", topic="export"), (Reply((), rows),))
    ((led,), rest) = OPENINGS.through(turn, tiny).replies[0].rows
    assert led.url is not None
    assert led.url.startswith("https://console.example.org/go/")
    assert OPENINGS.read(led.url.rpartition("/")[2]) == Opening("guia-global", "export", "UY", "es")
    assert rest == rows[1]
    assert len(led.url) < 300


def test_links_are_left_as_they_are_unless_the_settings_say_otherwise() -> None:
    assert openings_of(load({})) is None


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"BOT_CONSOLE__PUBLIC_URL": "http://console.example.org", "BOT_CONSOLE__SECRET": "s" * 40},
        {"BOT_CONSOLE__PUBLIC_URL": "https://console.example.org"},
    ],
)
def test_counting_needs_an_address_that_phones_reach_and_a_secret(environment: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"links\.count_opens needs console\.public_url"):
        openings_of(load({"BOT_LINKS__COUNT_OPENS": "true", **environment}))


def test_counting_as_configured() -> None:
    environment = {
        "BOT_LINKS__COUNT_OPENS": "true",
        "BOT_CONSOLE__PUBLIC_URL": "https://console.example.org/",
        "BOT_CONSOLE__SECRET": "s" * 40,
    }
    openings = openings_of(load(environment))
    assert openings is not None
    assert openings.address(Opening("a")).startswith("https://console.example.org/go/")
