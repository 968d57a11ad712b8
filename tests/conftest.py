"""What many tests share: advisors over the shipped and over a tiny knowledge folder, built once."""

import datetime
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import postgres as postgres_server
import pytest
import tiny_knowledge
from hypothesis import settings

from bot.advice import encoders, knowledge
from bot.advice.advisor import Advisor
from bot.advice.encoders import Encoder
from bot.advice.knowledge import Knowledge

ROOT = Path(__file__).parents[1]
DAY = datetime.date(2026, 11, 23)

# How long an example takes says more of the machine than of the code.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the environment configures, so that it changes no test."""
    for name in [name for name in os.environ if name.startswith("BOT_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Postgres]:
    """A PostgreSQL server, started once."""
    with postgres_server.running() as server:
        server.prepare()
        yield server


@pytest.fixture(scope="session")
def day() -> datetime.date:
    """The day on which everything is asked."""
    return DAY


@pytest.fixture(scope="session")
def cache() -> Path:
    """Where the vectors of the shipped phrases are kept from run to run."""
    return Path(os.environ.get("BOT_ADVICE__CACHE") or ROOT / "data" / "cache")


@pytest.fixture(scope="session")
def shipped() -> Knowledge:
    """The knowledge this project ships."""
    return knowledge.load(ROOT / "knowledge")


@pytest.fixture(scope="session")
def installed() -> Sequence[Encoder]:
    """The encoders that are installed."""
    found = encoders.choose("auto")
    if len(found) < len(encoders.KNOWN):
        pytest.skip("an encoder is not installed here")
    return found


@pytest.fixture(scope="session")
def advisor(shipped: Knowledge, installed: Sequence[Encoder], cache: Path) -> Advisor:
    """The advisor over the shipped knowledge, with all heads."""
    return Advisor(shipped, encoders=installed, cache=cache)


@pytest.fixture(scope="session")
def lexical_advisor(shipped: Knowledge) -> Advisor:
    """The advisor over the shipped knowledge, by words and letters alone."""
    return Advisor(shipped)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny knowledge folder that a test may change."""
    return tiny_knowledge.write(tmp_path / "knowledge")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """The tiny knowledge, loaded once."""
    return knowledge.load(tiny_knowledge.write(tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="session")
def tiny_advisor(tiny: Knowledge) -> Advisor:
    """The advisor over the tiny knowledge, by words and letters alone."""
    return Advisor(tiny)
