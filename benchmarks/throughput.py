"""How many updates a second the bot answers, with everything on the disk, beside a bare echo bot.

    python benchmarks/throughput.py [--rounds 3] [--updates 2000] [--window 64] [--encoder none]
                                    [--database URL]

The two take turns on the same machine, against the same strict Bot API server without limits. Then one
person at a time writes, for the time from message to reply. Prints medians, and the slowest and fastest.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "faults"))
from serving import (
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

QUESTION = "como hago una factura"


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
    options = asked_for.parse_args()
    figures: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as folder, bot_api() as world:
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
