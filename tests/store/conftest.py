"""A store on a file, in memory, sealed, and on PostgreSQL; what holds for one holds for all."""

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


@pytest.fixture
async def postgres_url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of a new database with the tables, on PostgreSQL."""
    server = request.getfixturevalue("postgres")
    address = await server.database()
    yield address
    await server.drop(address)


@pytest.fixture
async def postgres_store(postgres_url: str) -> AsyncIterator[Store]:
    store = await Store.open(postgres_url)
    yield store
    await store.close()


@pytest.fixture(params=["file", "postgres"])
async def kept_url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of a new database that outlives its store."""
    if request.param == "file":
        yield request.getfixturevalue("url")
        return
    server = request.getfixturevalue("postgres")
    address = await server.database()
    yield address
    await server.drop(address)


@pytest.fixture(params=["file", "memory", "sealed", "postgres"])
async def store(request: pytest.FixtureRequest, url: str) -> AsyncIterator[Store]:
    server = request.getfixturevalue("postgres") if request.param == "postgres" else None
    address = await server.database() if server else {"memory": MEMORY}.get(request.param, url)
    store = await Store.open(address, sealing=Sealing("k" * 43) if request.param == "sealed" else None)
    yield store
    await store.close()
    if server:
        await server.drop(address)
