"""A store on a file, one in memory, and one that is sealed; what holds for one holds for all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import MEMORY, Store
from bot.store.sealing import Sealing


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/data/bot.db"


@pytest.fixture
async def file_store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    yield store
    await store.close()


@pytest.fixture(params=["file", "memory", "sealed"])
async def store(request: pytest.FixtureRequest, url: str) -> AsyncIterator[Store]:
    sealing = Sealing("k" * 43) if request.param == "sealed" else None
    store = await Store.open(MEMORY if request.param == "memory" else url, sealing=sealing)
    yield store
    await store.close()
