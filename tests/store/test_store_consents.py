"""Consents with their text, news that can be stopped, and where people came from."""

from store_rows import NOON, later, person

from bot.store import SourceCount, Store


async def test_consent_is_kept_with_its_text(store: Store) -> None:
    """A consent keeps what for, which text in which language, and when; withdrawn, it is still there."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_consent("ana", "profile", "2026-11", language="pt", at=NOON)
        assert await t.withdraw_consent("ana", "profile", later(5))
        assert not await t.withdraw_consent("ana", "profile", later(6))
        (row,) = await t.consents("ana")
    assert (row.purpose, row.version, row.language) == ("profile", "2026-11", "pt")
    assert (row.given_at, row.withdrawn_at) == (NOON, later(5))


async def test_a_new_consent_ends_the_former(store: Store) -> None:
    """Who agrees to a newer text has one consent that counts."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_consent("ana", "profile", "1", language="es", at=NOON)
        await t.add_consent("ana", "profile", "2", language="es", at=later(1))
        rows = await t.consents("ana")
    assert [(row.version, row.withdrawn_at) for row in rows] == [("1", later(1)), ("2", None)]


async def test_news(store: Store) -> None:
    """News go to who asked for the segment, of one country where it is named; not to who stopped them."""
    async with store.transaction() as t:
        for name, country in (("ana", "UY"), ("eva", "HN"), ("bea", None)):
            await t.add_person(person(name, language="es"))
            await t.subscribe(name, "women", country=country, at=NOON)
        await t.subscribe("ana", "women", country="BO", at=later(1))
        await t.unsubscribe("bea", later(2))
        everyone = await t.subscribers("women")
        assert [(row.person, row.country, row.since) for row in everyone] == [
            ("ana", "BO", NOON),
            ("eva", "HN", NOON),
        ]
        assert (everyone[0].channel, everyone[0].address, everyone[0].language) == (
            "telegram",
            "chat-ana",
            "es",
        )
        assert [row.person for row in await t.subscribers("women", country="HN")] == ["eva"]
        assert await t.subscribers("country") == []
        assert (await t.subscriptions("ana"), await t.subscriptions("bea")) == ({"women": "BO"}, {})
        assert not await t.unsubscribe("bea", later(3))


async def test_news_stop_at_a_block(store: Store) -> None:
    """Who blocked the bot is sent no news."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.subscribe("ana", "women", country=None, at=NOON)
        await t.mark_blocked("telegram", "chat-ana", NOON)
        assert await t.subscribers("women") == []


async def test_sources(store: Store) -> None:
    """Each link is counted: how often, and by how many people."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_person(person("eva"))
        for who, minute in (("ana", 0), ("ana", 1), ("eva", 2)):
            await t.add_source(who, "feria", known=False, at=later(minute))
        await t.add_source("eva", "loans", known=True, at=later(3))
        assert await t.sources() == [
            SourceCount(source="feria", known=False, visits=3, people=2),
            SourceCount(source="loans", known=True, visits=1, people=1),
        ]
        assert [row.source for row in await t.sources(since=later(3))] == ["loans"]
        assert [row.visits for row in await t.sources(until=later(2))] == [2]
