"""People, one per address."""

import datetime

import pytest
from sqlalchemy.exc import IntegrityError
from store_rows import NOON, later, person

from bot.store import Store


async def test_found_by_address_and_by_id(store: Store) -> None:
    """A person comes back as stored, by either way."""
    ana = person(language="es", country="UY", audience="women", state={"topic": "invoicing", "n": [1, None]})
    async with store.transaction() as t:
        await t.add_person(ana)
        assert await t.person("telegram", "chat-ana") == ana
        assert await t.person_by_id("ana") == ana
        assert await t.person("terminal", "chat-ana") is None
        assert await t.person_by_id("eva") is None


async def test_one_person_at_an_address(store: Store) -> None:
    """Whoever was stored first at an address stays; the second is not stored, and said so."""
    async with store.transaction() as t:
        assert await t.add_person(person())
        assert not await t.add_person(person("eva", address="chat-ana"))
        found = await t.person("telegram", "chat-ana")
    assert found is not None
    assert found.id == "ana"


@pytest.mark.parametrize("same", [{"pseudonym": "p-ana"}, {"id": "ana"}])
async def test_unique(store: Store, same: dict[str, str]) -> None:
    """Two people share neither pseudonym nor id."""
    async with store.transaction() as t:
        await t.add_person(person())
    second = person(**{"id": "eva", "address": "chat-eva", "pseudonym": "p-eva", **same})
    with pytest.raises(IntegrityError):
        async with store.transaction() as t:
            await t.add_person(second)
    assert (await store.counts())["people"] == 1


async def test_same_address_on_another_channel(store: Store) -> None:
    """The same address on two channels is two people."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_person(person("eva", channel="terminal", address="chat-ana"))
    assert (await store.counts())["people"] == 2


async def test_update(store: Store) -> None:
    """An update changes what a turn may change, and only that person."""
    new = {"language": "pt", "country": None, "audience": "women", "state": {"a": 1}, "last_seen": later(5)}
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_person(person("eva"))
        assert await t.update_person("ana", **new)
        assert await t.person_by_id("ana") == person(**new)
        assert await t.person_by_id("eva") == person("eva")
        assert not await t.update_person("nobody", **new)


async def test_blocked(store: Store) -> None:
    """A block is stored with its time, and lifted."""
    async with store.transaction() as t:
        await t.add_person(person())
        assert await t.mark_blocked("telegram", "chat-ana", later(1))
        assert await t.person_by_id("ana") == person(blocked_at=later(1))
        assert await t.mark_blocked("telegram", "chat-ana", None)
        assert await t.person_by_id("ana") == person()
        assert not await t.mark_blocked("telegram", "nowhere", NOON)


async def test_any_zone_goes_in_and_utc_comes_out(store: Store) -> None:
    """Times keep their moment, whatever zone they were said in."""
    montevideo = datetime.timezone(datetime.timedelta(hours=-3))
    async with store.transaction() as t:
        await t.add_person(person(last_seen=NOON.astimezone(montevideo)))
        found = await t.person_by_id("ana")
    assert found is not None
    assert found.last_seen == NOON
    assert found.last_seen.tzinfo == datetime.UTC


async def test_time_without_zone(store: Store) -> None:
    """A time without a zone is a mistake, not a guess."""
    with pytest.raises(Exception, match="no time zone"):
        async with store.transaction() as t:
            await t.add_person(person(last_seen=NOON.replace(tzinfo=None)))
