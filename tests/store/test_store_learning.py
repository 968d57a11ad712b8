"""What the log teaches, kept: wordings set aside, opened links, the state of addresses, who was told."""

import datetime

from store_rows import NOON, case, later, person, request

from bot.store import IgnoredRow, LinkRow, OpensRow, Store

WEEK = datetime.date(2026, 11, 23)


async def test_a_wording_is_set_aside_once_and_can_be_taken_back(store: Store) -> None:
    row = IgnoredRow(id="i1", language="es", wording="miel", staff="staff-1", time=NOON)
    async with store.transaction() as t:
        await t.ignore(row)
        await t.ignore(IgnoredRow(id="i1", language="es", wording="otra", staff="staff-2", time=later(1)))
        await t.ignore(IgnoredRow(id="i2", language=None, wording="x", staff="staff-1", time=later(2)))
    async with store.transaction() as t:
        assert [kept.id for kept in await t.ignored()] == ["i2", "i1"]
        assert (await t.ignored())[1] == row
        assert await t.heed("i2")
        assert not await t.heed("i2")
        assert await t.ignored() == [row]


async def test_opened_links_are_counted(store: Store) -> None:
    async with store.transaction() as t:
        for _ in range(3):
            await t.count_open(OpensRow(resource="uy-credito", week=WEEK, country="UY"))
        await t.count_open(OpensRow(resource="uy-credito", week=WEEK, count=2))
        await t.count_open(OpensRow(resource="red", week=WEEK + datetime.timedelta(7)))
    async with store.reading() as now:
        assert [(row.resource, row.country, row.count) for row in await now.opens()] == [
            ("uy-credito", "", 2),
            ("uy-credito", "UY", 3),
            ("red", "", 1),
        ]
        assert [row.resource for row in await now.opens(since=WEEK + datetime.timedelta(1))] == ["red"]
        assert await now.opens(until=WEEK) == []


async def test_the_latest_check_of_an_address_stands(store: Store) -> None:
    failed = LinkRow(url="https://example.org", checked_at=NOON, fails=1, failing_since=NOON, status=404)
    mended = LinkRow(url="https://example.org", checked_at=later(1), fails=0, status=200)
    async with store.transaction() as t:
        await t.set_link(failed)
        assert await t.links() == [failed]
        await t.set_link(mended)
        assert await t.links() == [mended]


async def test_who_was_told_is_told_once(store: Store) -> None:
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_request(request("r1"))
        await t.add_request(request("r2"))
        await t.add_told(["r1", "r2"], NOON)
        await t.add_told(["r1"], later(1))
        assert await t.told() == {"r1", "r2"}


async def test_the_first_reply_of_a_case_counts(store: Store) -> None:
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_request(request())
        await t.add_case(case("c1", request="r1"), who="person")
        await t.add_case(case("c2"), who="person")
        await t.add_step("c1", later(9), "staff", "reply", "hola")
        await t.add_step("c1", later(5), "staff", "reply", "hola")
        await t.add_step("c2", later(5), "staff", "note", "hola")
        assert await t.first_replies() == {"c1": later(5)}
