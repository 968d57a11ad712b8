"""The strict Bot API server, and bots against it, as processes of their own.

Everything is on loopback, and ends with the `with` that began it.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "telegram"))
from world import World  # noqa: E402

TOKEN = "123456:TEST"
PATIENCE = 180.0


@contextmanager
def bot_api(*, limits: bool = False) -> Iterator[World]:
    """Give a Bot API server, with Telegram's limits or without."""
    port = free_port()
    options = ["--port", str(port), "--token", TOKEN, *([] if limits else ["--no-limits"])]
    with started([sys.executable, "tests/telegram/fakegram.py", *options]) as running:
        try:
            world = World(f"http://127.0.0.1:{port}")
            until(lambda: world.stats() is not None)
            yield world
        finally:
            running.kill()


@contextmanager
def process(
    command: list[str], *, log: Path | None = None, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command for as long as the body runs."""
    with started(command, log=log, **environment) as running:
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()


def started(command: list[str], *, log: Path | None = None, **environment: str) -> subprocess.Popen[bytes]:
    """Start a command, its output in `log`, or nowhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    with open(log or os.devnull, "ab") as output:
        return subprocess.Popen(command, cwd=ROOT, env=kept | environment, stdout=output, stderr=output)


def bot_environment(world: World, folder: Path, *, encoder: str = "none", **more: str) -> dict[str, str]:
    """Return how the bot is told to serve `world`, with its database in `folder`."""
    return {
        "BOT_TELEGRAM__TOKEN": TOKEN,
        "BOT_TELEGRAM__BASE_URL": f"{world.base}/bot",
        "BOT_TELEGRAM__BASE_FILE_URL": f"{world.base}/file/bot",
        "BOT_TELEGRAM__PACE": "none",
        "BOT_DATABASE__URL": f"sqlite+aiosqlite:///{folder}/bot.db",
        "BOT_ADVICE__ENCODER": encoder,
        "BOT_CONSOLE__LISTEN": f"127.0.0.1:{free_port()}",
        **more,
    }


def ready(world: World, calls: int = 0) -> None:
    """Wait until a bot asks the server for updates, once more than `calls` times."""
    until(lambda: asked(world) > calls)


def asked(world: World) -> int:
    """Return how often the server was asked for updates."""
    return int(world.stats()["calls"].get("getUpdates", 0))


def until(holds: Any, patience: float = PATIENCE) -> None:
    """Wait until `holds` is true. What is waited for tells nobody: it is asked."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            if holds():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError("what was waited for did not happen")


def cpu_seconds(pid: int) -> float:
    """Return how much processor time a process has used, with its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Return how much memory a process holds, in MB."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
