"""Learning in a process of its own, so that the process that answers only reads arrays.

    python -m bot.advice.apart FOLDER CACHE ENCODER [--quietly]

learns the knowledge in FOLDER and leaves what was learned in CACHE, where `Advisor` then finds it. It
tells its progress as lines of two numbers, and ends when the process that started it does.
"""

import contextlib
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.advice import beside, encoders
from bot.advice.encoders import Progress
from bot.errors import BotError

# While answers go on beside it, learning takes what they leave of the processor.
QUIET = 10


def learn(
    folder: Path, *, cache: Path, encoder: str, quietly: bool = False, progress: Progress | None = None
) -> bool:
    """Have a process of its own learn `folder` and say whether it did.

    False where no process can be started, or the folder or the encoder is faulty: whoever then builds the
    `Advisor` learns in place, or hears what is wrong.
    """
    options = ["--quietly"] if quietly else []
    command = [sys.executable, "-m", __name__, str(folder), str(cache), encoder, *options]
    try:
        process = subprocess.Popen(  # noqa: S603 (this program, with paths as arguments)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=_environment(),
        )
    except (OSError, ValueError):
        return False
    with process:
        try:
            for done, total in _told(process.stdout or ()):
                if progress:
                    progress(done, total)
            return process.wait() == 0
        finally:
            process.kill()


def main(arguments: Sequence[str]) -> int:
    """Learn as the arguments say; 0 where all of it is kept."""
    # Its workers import this module, too, but need none of these.
    from bot.advice import knowledge
    from bot.advice.advisor import Advisor

    _end_with_parent()
    gc.disable()  # it lives for seconds, and nearly all it makes it keeps: looking for the rest took a tenth
    folder, cache, encoder, *options = arguments
    if options:
        os.nice(QUIET)
    try:
        with beside.workers() as workers:
            advisor = Advisor(
                knowledge.load(folder, cache=Path(cache)),
                encoders=encoders.choose(encoder),
                cache=Path(cache),
                progress=_tell,
                workers=workers,
            )
    except BotError:
        return 1
    return 1 if advisor.fault else 0


def _environment() -> dict[str, str]:
    """Return this process's environment, without the bot's own secrets, knowing where the bot is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    here = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [here, kept.get("PYTHONPATH")]))
    # Threads of the algebra wait for each other by spinning: one alone finds the odds in a third of the time.
    return kept | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}


def _told(lines: Sequence[str] | Iterator[str]) -> Iterator[tuple[int, int]]:
    for line in lines:
        with contextlib.suppress(ValueError):
            done, total = map(int, line.split())
            yield done, total


def _tell(done: int, total: int) -> None:
    print(done, total, flush=True)


def _end_with_parent() -> None:
    """End as soon as standard input does: nobody writes there, and it closes when the parent ends."""

    def wait() -> None:
        # Not through sys.stdin: its lock would be held while the interpreter ends.
        while os.read(0, 1024):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    # What it starts holds its standard output for as long as it lives: the lines go out by one of its own.
    sys.stdout = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    os._exit(main(sys.argv[1:]))  # to give back what it holds, piece by piece, took a third of a second
