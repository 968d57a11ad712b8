"""How long people wait for an answer while a broadcast goes out, in simulated time.

    python benchmarks/pace.py [--to 10000] [--answers 600]

The real sender, outbox and pace under a clock of their own: an hour takes seconds.
"""

import argparse
import asyncio
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "telegram")]
from broadcast import broadcast  # noqa: E402


def main() -> None:
    """Simulate and print."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    given.add_argument("--to", type=int, default=10_000)
    given.add_argument("--answers", type=int, default=600)
    options = given.parse_args()
    outcome = asyncio.run(broadcast(options.to, answers=options.answers))
    parts = statistics.quantiles(outcome.waits, n=20)
    print(f"broadcast to {sum(outcome.news.values())} in {outcome.sky.seconds:.0f} s of simulated time")
    print(f"answers meanwhile {len(outcome.waits)}: median {parts[9]:.2f} s, 95th % {parts[-1]:.2f} s")


if __name__ == "__main__":
    main()
