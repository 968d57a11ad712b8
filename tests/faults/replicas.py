"""Several processes behind one webhook, on one PostgreSQL."""

import asyncio
import contextlib
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from crowd import Count, Crowd, rows_of
from round_robin import round_robin
from serving import TOKEN, World, bot_environment, free_port, started

COMMAND = [sys.executable, "-m", "bot", "run", "--webhook"]
PATIENCE = 180.0
TAKEN_OVER = 10.0
"""Seconds within which another replica has gone on with what a killed one had in hand."""

_PLACE = f"sender {TOKEN.partition(':')[0]}"
_SENDER = f"""
SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE locktype = 'advisory' AND granted AND datname = current_database()
AND objid::bigint = (hashtext('{_PLACE}')::bigint & 4294967295)
"""  # noqa: S608
# From the arrival of an update until it was dealt with, and from a message posted until it was sent.
_LONGEST = """
SELECT (SELECT max(extract(epoch FROM done_at - received_at)) FROM inbox),
    (SELECT max(extract(epoch FROM sent_at - due_at)) FROM outbox)
"""


@dataclass
class Kills:
    """What became of the questions beside so many kills; `of_the_sender` are those that hit who sent.

    `waited` is for how many seconds somebody who wrote at the moment of each kill waited for the answer,
    `refused` how many calls the server refused, by its words.
    """

    count: Count = field(default_factory=Count)
    waited: list[float] = field(default_factory=list)
    of_the_sender: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    longest: tuple[float, float] = (0.0, 0.0)

    @property
    def right(self) -> bool:
        """Say whether nothing was lost, said twice or too late, and nobody sent too fast."""
        return not self.count.losses and not self.refused and max(self.waited) < TAKEN_OVER

    def __str__(self) -> str:
        waited = f"{statistics.median(self.waited):.1f} s, at most {max(self.waited):.1f} s"
        return "\n".join(
            (
                f"{len(self.waited)} kills, {self.of_the_sender} of the one that sent: {self.count}",
                f"who wrote at the kill waited {waited}",
                "the longest in the inbox {:.1f} s, in the outbox {:.1f} s".format(*self.longest),
                f"refused: {dict(self.refused) or 'nothing'}",
            )
        )


class Replicas:
    """So many processes, each listening at a port of its own."""

    def __init__(self, world: World, folder: Path, database: str, *, number: int, **environment: str):
        self.world = world
        self.folder = folder
        self.url = database
        self._number = number
        self._address = ""
        self._more = environment
        self.servers = [f"http://127.0.0.1:{free_port()}" for _ in range(number)]
        self.processes: list[subprocess.Popen[bytes]] = []

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run them behind a balancer; the first one is started first, and so is the one that sends."""
        async with round_robin(self.servers) as self._address:
            try:
                self.processes.append(self._started(0))
                await self._answers(self.servers[0])
                self.processes += [self._started(place) for place in range(1, self._number)]
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

    async def start_again(self, place: int) -> None:
        """Start one that was killed, and wait until it answers."""
        self.processes[place] = self._started(place)
        await self._answers(self.servers[place])

    async def sender(self) -> int | None:
        """Return which connection holds the place of the one that sends, None between two of them."""
        found = await rows_of(self.url, _SENDER)
        return int(found[0][0]) if found else None

    async def takeover(self, user: int) -> float:
        """Return how many seconds a person waits for an answer from now on."""
        begun = time.monotonic()
        ana = self.world.user(user, lang="es")
        replies = await asyncio.to_thread(ana.say, "como hago una factura", timeout=30.0, settle=0.1)
        if not replies:
            raise TimeoutError("nobody answered within half a minute")
        return time.monotonic() - begun

    def _started(self, place: int) -> subprocess.Popen[bytes]:
        told = bot_environment(
            self.world,
            self.folder,
            BOT_DATABASE__URL=self.url,
            BOT_TELEGRAM__LISTEN=self.servers[place].removeprefix("http://"),
            BOT_TELEGRAM__WEBHOOK_URL=f"{self._address}/telegram",
            **self._more,
        )
        return started(COMMAND, log=self.folder / "bot.log", **told)

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


async def killed_in_turn(
    replicas: Replicas, *, people: int, pause: tuple[float, float], kills: int, between: float
) -> Kills:
    """Have a crowd write, and kill one replica after another, each started again before the next."""
    crowd = Crowd(replicas.world.base, people, pause=pause)
    stop, found = asyncio.Event(), Kills()
    async with replicas.running():
        writing = asyncio.create_task(crowd.write(stop))
        for number in range(kills):
            await asyncio.sleep(between)
            place, before = number % len(replicas.servers), await replicas.sender()
            await replicas.kill(place)
            found.waited.append(await replicas.takeover(90_000_001 + number))
            found.of_the_sender += await replicas.sender() != before
            await replicas.start_again(place)
            print(f"{number + 1} kills, {found.waited[-1]:.1f} s", flush=True)
        stop.set()
        await writing
        await crowd.settled(replicas.url)
        found.count = await crowd.count(replicas.url)
        ((inbox, outbox),) = await rows_of(replicas.url, _LONGEST)
        found.longest = float(inbox), float(outbox)
        found.refused.update(call["error"] for call in replicas.world.stats()["refused"])
    return found
