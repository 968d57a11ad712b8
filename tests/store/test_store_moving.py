"""Moving to another database: everything, or nothing."""

import pytest
from store_rows import NOON, add_a_life, message, person

from bot.errors import BotError
from bot.store import Store
from bot.store.sealing import Sealing

KEY = Sealing("k" * 43)


@pytest.fixture
async def lived(url: str) -> str:
    """A sealed file in which people left something in every table."""
    store = await Store.open(url, sealing=KEY)
    async with store.transaction() as t:
        for name in ("ana", "eva", "Ñandú", "zoe", "Zoe"):
            await add_a_life(t, name, f"palabras de {name}")
    async with store.transaction() as t:
        last = await t.post(message("chat-ana", person="ana"))
        await t.drop_for_chat("chat-ana", NOON, "x")
    assert last
    await store.close()
    return url


@pytest.mark.parametrize("to", ["postgres", "file"])
async def test_everything_arrives(
    lived: str, to: str, request: pytest.FixtureRequest, tmp_path: object
) -> None:
    """Every row of every table is there, sealed with the same key, and numbering goes on."""
    server = request.getfixturevalue("postgres") if to == "postgres" else None
    target = await server.database(empty=True) if server else f"sqlite+aiosqlite:///{tmp_path}/other.db"
    moved = await Store.move(lived, target)
    before, after = await Store.open(lived, sealing=KEY), await Store.open(target, sealing=KEY)
    try:
        assert await before.counts() == await after.counts() == moved
        for name in ("ana", "Ñandú"):
            assert await before.export_person(name) == await after.export_person(name) != {}
        async with before.transaction() as old, after.transaction() as new:
            assert await new.post(message()) == await old.post(message())
            assert await new.add_person(person("new"))
    finally:
        await before.close()
        await after.close()
        if server:
            await server.drop(target)


async def test_only_to_an_empty_one(lived: str, postgres_url: str) -> None:
    """A database that holds something is left as it is."""
    store = await Store.open(postgres_url)
    async with store.transaction() as t:
        await t.add_person(person())
    await store.close()
    with pytest.raises(BotError, match="has rows in people already; move to an empty one"):
        await Store.move(lived, postgres_url)


async def test_what_does_not_arrive_whole_is_not_moved(
    lived: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a checksum differs nothing is moved."""
    from bot.store import moving

    real = moving.checksum

    async def wrong(connection: object, table: object) -> tuple[int, str]:
        count, digest = await real(connection, table)  # type: ignore[arg-type]
        return count, digest + connection.dialect.name

    monkeypatch.setattr(moving, "checksum", wrong)
    with pytest.raises(BotError, match="did not arrive whole"):
        await Store.move(lived, postgres_url)
    store = await Store.open(postgres_url)
    assert set((await store.counts()).values()) == {0}
    await store.close()
