"""Records what the kept questions get now: `python tests/questions/record.py`, from the root.

Writes known_failures.txt, the ids of the questions that fail, and figures.json, the figures of each set
that must not get worse. Run it after the knowledge or the advice got better, and commit both files.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import guard

from bot.advisors import Advisors
from bot.settings import Settings


def main() -> None:
    """Record, and print what was recorded."""
    found = guard.reports(Advisors(Settings()).build())
    guard.record(found)
    for name, report in found.items():
        print(f"{name}: {len(report.misses)} known failures of {len(guard.rows(name))} questions")
        for figure, value in guard.figures(report).items():
            print(f"  {figure:12s} {value:.2f}")


if __name__ == "__main__":
    main()
