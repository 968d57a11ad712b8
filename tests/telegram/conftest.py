"""A strict Bot API server on loopback, a store, and the bot between them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from echo_desk import TEXTS, TOKEN, EchoDesk
from fakegram import Bot, Server
from pydantic import SecretStr
from users import Run, served
from world import World

from bot.settings import TelegramSettings
from bot.store import Store
from bot.telegram.channel import Telegram
from bot.telegram.gathering import AT_ONCE, Pauses


@pytest.fixture
def server() -> Server:
    return Server(TOKEN)


@pytest.fixture
def fake(server: Server) -> Bot:
    """What the server holds for the bot, to be reached into where users cannot."""
    return server.bots[TOKEN]


@pytest.fixture
async def address(server: Server) -> AsyncIterator[str]:
    """Where the server listens."""
    runner = web.AppRunner(server.app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.fixture
def refusals() -> list[str]:
    """What the server may refuse in this test; a test adds to it."""
    return []


@pytest.fixture
async def world(address: str, refusals: list[str]) -> AsyncIterator[World]:
    """The users' side; at the end the server must have refused nothing but what the test expects."""
    world = World(address, timeout=30.0, settle=0.2)
    yield world
    refused = (await asyncio.to_thread(world.stats))["refused"]
    assert [call for call in refused if not any(part in call["error"] for part in refusals)] == []


@pytest.fixture
def settings(address: str) -> TelegramSettings:
    return TelegramSettings(
        token=SecretStr(TOKEN), base_url=f"{address}/bot", base_file_url=f"{address}/file/bot"
    )


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store on a file: one in memory is gone when a bot is stopped in the middle of a reading."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    yield store
    await store.close()


@pytest.fixture
def desk() -> EchoDesk:
    return EchoDesk()


@pytest.fixture
def pauses() -> Pauses:
    """How long short messages are held back: not at all, where a test does not say so."""
    return AT_ONCE


@pytest.fixture
def run(settings: TelegramSettings, store: Store, desk: EchoDesk, pauses: Pauses) -> Run:
    """Return what runs the bot for as long as the body of a `with` runs."""
    return lambda: served(Telegram(settings, store, desk, TEXTS, pauses=pauses))


@pytest.fixture
async def bot(run: Run, world: World) -> AsyncIterator[Telegram]:
    async with run() as telegram:
        yield telegram
