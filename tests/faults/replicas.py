"""Several processes behind one webhook, on one PostgreSQL."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from crowd import Count, Crowd
from round_robin import round_robin
from serving import World, bot_environment, free_port, started

COMMAND = ["nice", sys.executable, "-m", "bot", "run", "--webhook"]
PATIENCE = 90.0


class Replicas:
    """So many processes, each listening at a port of its own."""

    def __init__(self, world: World, folder: Path, database: str, *, number: int, **environment: str):
        self.world = world
        self.folder = folder
        self.url = database
        self._number = number
        self._more = environment
        self.servers = [f"http://127.0.0.1:{free_port()}" for _ in range(number)]
        self.processes: list[subprocess.Popen[bytes]] = []

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run them behind a balancer; the first one is started first, and so is the one that sends."""
        async with round_robin(self.servers) as address:
            try:
                for server in self.servers:
                    self.processes.append(
                        started(COMMAND, log=self.folder / "bot.log", **self._told(server, address))
                    )
                    if server is self.servers[0]:
                        await self._answers(server)
                for server in self.servers[1:]:
                    await self._answers(server)
                yield
            finally:
                for process in self.processes:
                    process.kill()
                    await asyncio.to_thread(process.wait)

    async def kill(self, place: int) -> None:
        """End one of them without a word."""
        self.processes[place].send_signal(signal.SIGKILL)
        await asyncio.to_thread(self.processes[place].wait)

    async def takeover(self, user: int) -> float:
        """Return how many seconds a person waits for an answer from now on."""
        begun = time.monotonic()
        ana = self.world.user(user, lang="es")
        replies = await asyncio.to_thread(ana.say, "como hago una factura", timeout=30.0, settle=0.1)
        if not replies:
            raise TimeoutError("nobody answered within half a minute")
        return time.monotonic() - begun

    def _told(self, server: str, address: str) -> dict[str, str]:
        return bot_environment(
            self.world,
            self.folder,
            BOT_DATABASE__URL=self.url,
            BOT_TELEGRAM__LISTEN=server.removeprefix("http://"),
            BOT_TELEGRAM__WEBHOOK_URL=f"{address}/telegram",
            **self._more,
        )

    async def _answers(self, server: str) -> None:
        async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"{server}/readyz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.1)


async def one_of_three_killed(
    replicas: Replicas, *, people: int, pause: tuple[float, float], seconds: float
) -> tuple[Count, float]:
    """Have a crowd write for so long, and kill the one that sends in the middle; return the count.

    Beside it, how many seconds a person who wrote at the moment of the kill waited for the answer.
    """
    crowd = Crowd(replicas.world.base, people, pause=pause)
    stop = asyncio.Event()
    async with replicas.running():
        writing = asyncio.create_task(crowd.write(stop))
        await asyncio.sleep(seconds / 2)
        await replicas.kill(0)
        waited = await replicas.takeover(90_000_001)
        await asyncio.sleep(seconds / 2)
        stop.set()
        await writing
        await crowd.settled(replicas.url)
        return await crowd.count(replicas.url), waited
