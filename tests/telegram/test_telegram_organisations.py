"""Two organisations in one process: each with its bot, its knowledge and its database."""

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import tiny_knowledge
from aiohttp import web
from fakegram import Bot, Server
from users import texts
from world import World

ROOT = Path(__file__).parents[2]
TOKENS = {"alfa": "111:ALFA", "beta": "222:BETA"}
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A server that holds any number of bots."""
    server = Server()
    server.bots |= {token: Bot(token, server.cfg) for token in TOKENS.values()}
    runner = web.AppRunner(server.app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield "http://{}:{}".format(*runner.addresses[0][:2])
    await runner.cleanup()


@pytest.fixture
async def served(address: str, tmp_path: Path) -> AsyncIterator[Path]:
    """The program, serving both; what it keeps is in the folder given."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    environment["BOT_ORGANISATIONS"] = "organisations"
    (tmp_path / "organisations").mkdir()
    for name, token in TOKENS.items():
        tiny_knowledge.write(tmp_path / name)
        (tmp_path / name / "messages" / "es.yaml").write_text(f"help: Ayuda de {name}\n")
        (tmp_path / "organisations" / f"{name}.yaml").write_text(
            f"telegram: {{base_url: {address}/bot, base_file_url: {address}/file/bot}}\n"
            f"knowledge: {{path: {name}}}\nadvice: {{encoder: none}}\n"
            f"console: {{listen: 127.0.0.1:{free_port()}}}\n"
        )
        environment[f"{name.upper()}_BOT_TELEGRAM__TOKEN"] = token
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=tmp_path, env=environment | {"PYTHONPATH": str(ROOT)}
    )
    yield tmp_path
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_health_is_at_the_console_and_figures_are_not(served: Path) -> None:
    listen = (served / "organisations" / "alfa.yaml").read_text().rpartition("listen: ")[2].rstrip("}\n")
    async with httpx.AsyncClient(trust_env=False, base_url=f"http://{listen}") as client:
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    ready = await client.get("/readyz")
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.1)  # the process is starting, and tells nobody when it has
        assert (ready.status_code, ready.text) == (200, "ok\n")
        assert (await client.get("/metrics")).status_code == 404


async def test_each_has_its_own(served: Path, address: str) -> None:
    for name, token in TOKENS.items():
        person = World(address, bot=token, timeout=PATIENCE).user(7)
        assert f"Ayuda de {name}" in (await texts(person, "/help"))[0]
        await texts(person, f"necesito un crédito para {name}")
    for name in TOKENS:
        with sqlite3.connect(served / "data" / name / "bot.db") as connection:
            asked = connection.execute("select question from requests").fetchall()
        connection.close()
        assert asked == [(f"necesito un crédito para {name}",)]
