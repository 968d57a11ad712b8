"""The strict Bot API server as a process of its own, which goes on while the bot is killed."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "telegram"))
from serving import World, bot_api


@pytest.fixture
def api() -> Iterator[World]:
    with bot_api() as world:
        yield world
