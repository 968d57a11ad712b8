"""A dozen people at once, with a bot that is killed meanwhile: `benchmarks/people.py` in small."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from people import Bot, acted
from serving import bot_api, bot_environment


def test_everything_is_as_it_must_be(tmp_path: Path) -> None:
    """Nothing is refused, every button answered, nobody sees another's, every question logged once."""
    with bot_api(limits=True) as world:
        environment = bot_environment(world, tmp_path, BOT_TELEGRAM__PACE="telegram")
        bot = Bot(world, tmp_path, environment)
        try:
            figures, faults = acted(world, bot, tmp_path / "bot.db", count=8, seed=7)
        finally:
            ended = bot.stop()
    assert faults == []
    assert figures["inline queries answered"] == 8
    assert (ended, bot.starts) == (0, 4)
