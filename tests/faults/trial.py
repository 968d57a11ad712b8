"""One run of the bot among people, with all that can go wrong around it."""

import asyncio
import contextlib
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from crowd import Count, Crowd
from serving import World, asked, bot_environment, started, until

COMMAND = ["nice", sys.executable, "-m", "bot", "run"]
# Bytes a file may have while the disk is full.
SMALL = 32_768
# What the server does to a share of the calls while the bot is killed.
ILLS: tuple[dict[str, Any], ...] = (
    {"method": "sendMessage", "kind": "drop_after", "p": 0.01},
    {"method": "sendMessage", "kind": "drop", "p": 0.01},
    {"method": "sendMessage", "kind": "garbage", "p": 0.01},
    {"method": "sendMessage", "kind": 502, "p": 0.01},
    {"method": "sendMessage", "kind": 429, "seconds": 1, "p": 0.01},
    {"method": "sendMessage", "kind": "delay", "seconds": 2, "p": 0.02},
    {"method": "getUpdates", "kind": "drop_after", "p": 0.05},
    {"method": "getUpdates", "kind": "garbage", "p": 0.05},
    {"method": "getUpdates", "kind": 409, "p": 0.02},
    {"method": "getUpdates", "kind": 502, "p": 0.05},
)


class Trial:
    """One run: a server, a crowd, and the bot between them, which comes and goes."""

    def __init__(
        self,
        world: World,
        folder: Path,
        *,
        people: int,
        pause: tuple[float, float],
        seed: int = 7,
        hold: float = 7.0,
        database: str = "",
        **environment: str,
    ):
        self.world = world
        self.folder = folder
        self.hold = hold  # seconds each ill lasts; the bot waits five for a locked database
        self.environment = bot_environment(world, folder, **environment)
        self.on_file = not database
        if database:
            self.environment["BOT_DATABASE__URL"] = database
        self.url = self.environment["BOT_DATABASE__URL"]
        self.crowd = Crowd(world.base, people, pause=pause, seed=seed)
        self.chance = random.Random(seed)  # noqa: S311
        self.bot: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start the bot, and wait until it asks for updates."""
        calls = await self._asked()
        self.bot = started(COMMAND, log=self.folder / "bot.log", **self.environment)
        await asyncio.to_thread(until, lambda: asked(self.world) > calls)

    async def kill(self) -> None:
        """End the bot without a word."""
        if self.bot is not None:
            self.bot.send_signal(signal.SIGKILL)
            await asyncio.to_thread(self.bot.wait)

    async def kills(self, number: int) -> None:
        """Kill the bot so many times: mostly at work, sometimes while it starts."""
        await asyncio.to_thread(self.world.faults, *({"times": 10**9, **ill} for ill in ILLS))
        for done in range(1, number + 1):
            if self.chance.random() < 0.1:
                self.bot = started(COMMAND, log=self.folder / "bot.log", **self.environment)
                await asyncio.sleep(self.chance.uniform(0.5, 4))
            else:
                await self.start()
                await asyncio.sleep(self.chance.uniform(0.0, 2.5))
            await self.kill()
            if done % 10 == 0:
                print(f"{done} kills, {sum(map(len, self.crowd.asked.values()))} questions", flush=True)
        await asyncio.to_thread(self.world.faults)

    async def locked(self) -> None:
        """Have another program hold the database for longer than the bot waits for it."""
        other = sqlite3.connect(self.folder / "bot.db", isolation_level=None)
        other.execute("PRAGMA busy_timeout = 5000")
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(self.hold)
        other.execute("ROLLBACK")
        other.close()

    async def moved(self) -> None:
        """Take the database away and bring it back."""
        path = self.folder / "bot.db"
        path.rename(self.folder / "away.db")
        await asyncio.sleep(self.hold)
        if path.exists():
            raise AssertionError("an empty database was made in place of the one that was moved away")
        (self.folder / "away.db").rename(path)

    async def full(self) -> None:
        """Let no file of the bot grow, as on a full disk."""
        if self.bot is None:
            raise AssertionError("the bot runs while its files may not grow")
        before = resource.prlimit(self.bot.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.bot.pid, resource.RLIMIT_FSIZE, (SMALL, before[1]))
        await asyncio.sleep(self.hold)
        resource.prlimit(self.bot.pid, resource.RLIMIT_FSIZE, before)

    async def unreadable(self) -> None:
        """Send updates nobody can read, from people who are not counted."""
        for number, extra in enumerate(({"date": "x"}, {"entities": [5]}, {"from": {}}, {"chat": {}})):
            with contextlib.suppress(RuntimeError):
                await asyncio.to_thread(
                    self.world.user(90_000_000 + number).act, "send", timeout=0, text="¿?", extra=extra
                )
        await asyncio.sleep(self.hold / 3)

    async def run(self, kills: int) -> Count:
        """Do all of it; return the count."""
        stop = asyncio.Event()
        writing = asyncio.create_task(self.crowd.write(stop))
        await self._step("kills", lambda: self.kills(kills))
        await self.start()
        steps = [self.unreadable]
        if self.on_file:
            steps += [self.locked, self.moved, self.full]
        for step in steps:
            await self._step(step.__name__, step)
            await asyncio.sleep(self.hold / 3)
        stop.set()
        await writing
        await self.crowd.settled(self.url, patience=900)
        await self.kill()
        return await self.crowd.count(self.url)

    async def _step(self, name: str, step: Callable[[], Awaitable[None]]) -> None:
        begun = time.monotonic()
        await step()
        print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)

    async def _asked(self) -> int:
        return await asyncio.to_thread(asked, self.world)
