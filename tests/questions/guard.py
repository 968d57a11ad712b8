"""The guard: labelled questions that are no phrases, what is known to fail, and the figures to keep."""

import datetime
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.advice.advisor import Advisor
from bot.advice.evaluation import Report, evaluate

HERE = Path(__file__).parent
DAY = datetime.date(2026, 11, 23)
KNOWN_FAILURES = HERE / "known_failures.txt"
FIGURES = HERE / "figures.json"
# Shares in per cent; of some, less is better.
BETTER_HIGH = ("right", "helped", "resources@3", "country", "language", "audience")
BETTER_LOW = ("wrong", "false answer")


def rows(name: str = "guard.jsonl") -> list[dict[str, Any]]:
    """Return the labelled questions of a file."""
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def report(advisor: Advisor) -> Report:
    """Return how the guard's questions are advised on."""
    return evaluate(advisor, rows(), day=DAY)


def missed(found: Report) -> dict[str, str]:
    """Return the ids of the questions that fail, each with the outcome it had instead.

    A question passes when it is answered right, shown a fitting resource or offered the right topic;
    when, out of scope, it is not answered; or when its outcome is the one it should have.
    """
    return dict(miss.split(" ", 1) for miss in found.misses)


def figures(found: Report) -> dict[str, float]:
    """Return the figures to keep, in per cent."""
    every = found.figures["all"]
    return {name: round(every[name][0], 2) for name in (*BETTER_HIGH, *BETTER_LOW)}


def known_failures() -> set[str]:
    """Return the ids that are known to fail."""
    return set(KNOWN_FAILURES.read_text(encoding="utf-8").split())


def record(found: Report) -> None:
    """Write what fails now and the figures of now."""
    KNOWN_FAILURES.write_text(_lines(sorted(missed(found))), encoding="utf-8")
    FIGURES.write_text(json.dumps(figures(found), indent=2) + "\n", encoding="utf-8")


def _lines(texts: Iterable[str]) -> str:
    return "".join(f"{text}\n" for text in texts)
