"""Three replicas on one PostgreSQL behind a round-robin, of which the one that sends is killed."""

from pathlib import Path

import pytest
import tiny_knowledge
from replicas import Replicas, one_of_three_killed
from serving import World


async def test_one_of_three_killed(api: World, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Order per chat is kept, nothing is lost or said twice, and another takes over within ten seconds."""
    server = request.getfixturevalue("postgres")
    url = await server.database(empty=True)
    knowledge = tiny_knowledge.write(tmp_path / "knowledge")
    three = Replicas(api, tmp_path, url, number=3, BOT_KNOWLEDGE__PATH=str(knowledge))
    count, waited = await one_of_three_killed(three, people=12, pause=(0.3, 1.5), seconds=4.0)
    await server.drop(url)
    assert count.losses == {}
    assert count.answered == count.asked > 12
    assert waited < 10
