"""The real process, killed while people write and everything around it breaks: no question is lost.

A longer run is `python benchmarks/faults.py --kills 200`.
"""

from pathlib import Path

import tiny_knowledge
from serving import World
from trial import Trial


async def test_killed_and_starved(api: World, tmp_path: Path) -> None:
    """Each question is logged once and answered once, however the process ends and whatever is broken."""
    knowledge = tiny_knowledge.write(tmp_path / "knowledge")
    trial = Trial(api, tmp_path, people=12, pause=(0.5, 2.0), hold=1.0, BOT_KNOWLEDGE__PATH=str(knowledge))
    try:
        count = await trial.run(2)
    finally:
        await trial.kill()
    assert count.losses == {}
    assert count.asked > 12
    assert count.answered == count.asked
