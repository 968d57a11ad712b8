"""The guard: labelled questions that are no phrases, what is known to fail, and the figures to keep."""

import datetime
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.advice.advisor import Advisor
from bot.advice.evaluation import Report, evaluate

HERE = Path(__file__).parent
DAY = datetime.date(2026, 11, 23)
KNOWN_FAILURES = HERE / "known_failures.txt"
FIGURES = HERE / "figures.json"
# The sets of questions whose figures are kept, each in a file of that name.
KEPT = ("guard", "fresh", "stories")
# Shares in per cent; of some, less is better.
BETTER_HIGH = ("right", "helped", "resources@3", "country", "language", "audience")
BETTER_LOW = ("wrong", "false answer")


def rows(name: str) -> list[dict[str, Any]]:
    """Return the labelled questions of a set."""
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def reports(advisor: Advisor) -> dict[str, Report]:
    """Return how the questions of each kept set are advised on."""
    return {name: evaluate(advisor, rows(name), day=DAY) for name in KEPT}


def missed(found: Report) -> dict[str, str]:
    """Return the ids of the questions that fail, each with the outcome it had instead.

    A question passes when it is answered right, shown a fitting resource or offered the right topic;
    when, out of scope, it is not answered; or when its outcome is the one it should have.
    """
    return dict(miss.split(" ", 1) for miss in found.misses)


def figures(found: Report) -> dict[str, float]:
    """Return the figures to keep, in per cent; what nothing in the set counts for is left out."""
    every = found.figures["all"]
    return {name: round(every[name][0], 2) for name in (*BETTER_HIGH, *BETTER_LOW) if name in every}


def recorded() -> dict[str, dict[str, float]]:
    """Return the figures of each set as they were recorded."""
    kept: dict[str, dict[str, float]] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return kept


def known_failures() -> set[str]:
    """Return the ids that are known to fail, of all sets."""
    return set(KNOWN_FAILURES.read_text(encoding="utf-8").split())


def record(found: Mapping[str, Report]) -> None:
    """Write what fails now and the figures of now."""
    fails = sorted(id for report in found.values() for id in missed(report))
    KNOWN_FAILURES.write_text(_lines(fails), encoding="utf-8")
    now = {name: figures(report) for name, report in found.items()}
    FIGURES.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")


def _lines(texts: Iterable[str]) -> str:
    return "".join(f"{text}\n" for text in texts)
