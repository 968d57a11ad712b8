"""A store on a file and one in memory; what holds for one holds for the other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import MEMORY, Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/data/bot.db"


@pytest.fixture
async def file_store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    yield store
    await store.close()


@pytest.fixture(params=["file", "memory"])
async def store(request: pytest.FixtureRequest, url: str) -> AsyncIterator[Store]:
    store = await Store.open(url if request.param == "file" else MEMORY)
    yield store
    await store.close()
