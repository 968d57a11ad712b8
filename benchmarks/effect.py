"""How long it takes to tell what a draft would change: `python benchmarks/effect.py [--encoder none]`.

A wording is drafted in a copy of the knowledge and tried, as the console does it, on the last 500 of 1,500
made-up questions: once, and again for another draft. Nothing of it is kept, so both times it is learned.
"""

import argparse
import asyncio
import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from console import NOW, seed  # noqa: E402

from bot.advice.knowledge import load as loaded  # noqa: E402
from bot.advisors import Advisors  # noqa: E402
from bot.app import Desk  # noqa: E402
from bot.casework.offices import Offices  # noqa: E402
from bot.cli.console import effects_of  # noqa: E402
from bot.conversation.dialogue import Speaker  # noqa: E402
from bot.insight.drafting import Drafts  # noqa: E402
from bot.settings import load  # noqa: E402
from bot.store import MEMORY, Store  # noqa: E402

WORDINGS = ("me prestan plata para mi carrito de jugos", "dónde consigo plata para la cosecha")


async def measure(encoder: str) -> None:
    """Print how long each draft takes, how much of the processor, and what it adds to the memory."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(ROOT / "knowledge", Path(folder) / "knowledge"))
        given = {"BOT_KNOWLEDGE__PATH": str(copy), "BOT_ADVICE__ENCODER": encoder}
        settings = load({**os.environ, **given})
        store = await Store.open(MEMORY)
        await seed(store, loaded(copy), questions=1_500, cases=0)
        advisors = Advisors(settings)
        desk = Desk(Speaker.of(advisors.build()), offices=Offices.of(settings.staff))
        drafts = Drafts(copy)
        effect = effects_of(drafts, store, desk, advisors)
        for wording in WORDINGS:
            draft = drafts.draft_wording("loans", "es", wording, by="benchmark", at=NOW)
            before, own, child = _memory(), time.process_time(), _children()
            began = time.perf_counter()
            found = await effect(draft.id, NOW.date())
            took, here, there = time.perf_counter() - began, time.process_time() - own, _children() - child
            print(f"{found.different} of {found.asked} otherwise, told in {took:.1f} s")
            print(f"    processor: {here:.1f} s here, {there:.1f} s in the process that learns")
            print(f"    memory: {_memory() - before} MB more at the most")
        await store.close()


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--encoder", default="auto")
    asyncio.run(measure(parser.parse_args().encoder))


if __name__ == "__main__":
    main()
