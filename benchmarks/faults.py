"""Kill the bot again and again while people write to it, break all around it, and count every question.

    python benchmarks/faults.py --kills 200 [--people 200] [--seed 7] [--database URL]

The real process runs against the strict Bot API server on loopback, is killed (SIGKILL) at random moments and
started again, while the server loses, delays and garbles answers and says 409, 429 and 502. Then, with the
process running: the database is locked, moved away, and may not grow; updates arrive that cannot be read.
At the end every question must be logged once and answered once. Exit code 1 if one is not.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "faults"))
from serving import bot_api
from trial import Trial


def main() -> int:
    """Run, print the count, and say by the exit code whether something was lost."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    given.add_argument("--kills", type=int, default=200)
    given.add_argument("--people", type=int, default=200)
    given.add_argument("--seed", type=int, default=7)
    given.add_argument("--database", default="")
    given.add_argument("--keep", type=Path, help="leave the database and the log here")
    options = given.parse_args()
    with contextlib.ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        trial = Trial(
            stack.enter_context(bot_api()),
            folder,
            people=options.people,
            pause=(30.0, 90.0),
            seed=options.seed,
            database=options.database,
            BOT_TELEGRAM__PACE="telegram",
        )
        try:
            count = asyncio.run(trial.run(options.kills))
        finally:
            if trial.bot is not None and trial.bot.poll() is None:
                trial.bot.kill()
        print(count)
        print("lost: " + (json.dumps(count.losses) if count.losses else "nothing"))
        return 1 if count.losses else 0


if __name__ == "__main__":
    os.nice(5)
    sys.exit(main())
