"""Retention: what is older than its time loses its person or goes; what waits for somebody stays."""

import datetime
from pathlib import Path

import pytest
from store_rows import NOON, case, message, person, request

from bot.store import Store, Transaction
from bot.store.origins import OriginRow
from bot.store.retention import NOBODY, Purged

DAY = datetime.timedelta(days=1)
OLD, LATELY = NOON - 400 * DAY, NOON - 3 * DAY
YEAR, MONTH = NOON - 365 * DAY, NOON - 30 * DAY


async def add_years(t: Transaction) -> None:
    """Ana left long ago; Eva came long ago and stayed; Uma has waited for an answer all this time."""
    for id, last_seen in (("ana", OLD), ("eva", LATELY), ("uma", OLD)):
        await t.add_person(person(id, first_seen=OLD, last_seen=last_seen))
    await t.add_request(request("r-ana", person="ana", time=OLD, question="ananas", country="HN"))
    await t.add_request(request("r-eva-old", person="eva", time=OLD, question="papaya"))
    await t.add_request(request("r-eva-new", person="eva", time=LATELY, question="mango"))
    await t.add_request(request("r-uma", person="uma", time=OLD, question="guava"))
    await t.add_case(
        case("c-ana", person="ana", request="r-ana", opened_at=OLD, state="closed", closed_at=OLD), who="ana"
    )
    await t.add_step("c-ana", OLD, "ana", "note", "ananas otra vez")
    await t.add_case(case("c-uma", person="uma", request="r-uma", opened_at=OLD), who="uma")
    await t.receive([(1, "chat-ana", {"text": "ananas"}), (2, "chat-eva", {"text": "mango"})], OLD)
    await t.receive([(3, "chat-uma", {"text": "guava"})], OLD)
    await t.done(1, OLD)
    await t.done(2, LATELY)
    await t.sent(await t.post(message("chat-ana", person="ana", payload={"text": "ananas"})), 7, OLD)
    await t.sent(await t.post(message("chat-eva", person="eva")), 8, LATELY)
    await t.post(message("chat-uma", person="uma", created_at=OLD))


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def purge(store: Store, *, anonymise: bool) -> Purged:
    async with store.transaction() as t:
        return await t.purge(before=YEAR, deliveries_before=MONTH, anonymise=anonymise)


async def test_what_is_old_loses_its_person_and_its_words(store: Store) -> None:
    async with store.transaction() as t:
        await add_years(t)
    assert await purge(store, anonymise=True) == Purged(cases=1, requests=2, people=1, deliveries=1)
    rows = {row.id: row for row in await store.requests()}
    assert {id: (row.person, row.question) for id, row in rows.items()} == {
        "r-ana": (NOBODY, ""),
        "r-eva-old": (NOBODY, ""),
        "r-eva-new": ("eva", "mango"),
        "r-uma": ("uma", "guava"),
    }
    assert rows["r-ana"].country == "HN"
    assert [row.id for row in await store.cases()] == ["c-uma"]
    async with store.reading() as now:
        assert [row.update_id for row in await now.waiting(9)] == [3]
        assert [row.chat for row in await now.due(NOON, 9)] == ["chat-uma"]
    assert await purge(store, anonymise=True) == Purged(0, 0, 0, 0)


async def test_what_is_old_is_deleted_where_that_is_wanted(store: Store) -> None:
    async with store.transaction() as t:
        await add_years(t)
    assert await purge(store, anonymise=False) == Purged(cases=1, requests=2, people=1, deliveries=1)
    assert {row.id for row in await store.requests()} == {"r-eva-new", "r-uma"}


async def test_the_words_leave_the_file(file_store: Store, tmp_path: Path) -> None:
    async with file_store.transaction() as t:
        await add_years(t)
    await purge(file_store, anonymise=True)
    await file_store.compact()
    held = everything_in(tmp_path)
    assert b"mango" in held
    assert b"ananas" not in held
    assert b"papaya" not in held


async def test_origins_and_the_audit_trail_end_too(store: Store) -> None:
    async with store.transaction() as t:
        await t.add_person(person("eva", last_seen=LATELY))
        for number, at in ((1, OLD), (2, LATELY)):
            await t.add_origin(
                OriginRow(
                    update_id=number,
                    channel="telegram",
                    chat="chat-eva",
                    message=number,
                    person="eva",
                    event=f"t{number}",
                    at=at,
                )
            )
            await t.add_audit(at, "s1", "case_seen", person="eva")
    await purge(store, anonymise=True)
    async with store.reading() as now:
        assert [await now.origins("chat-eva", number) == [] for number in (1, 2)] == [True, False]
        assert [row.time for row in await now.audit(limit=9)] == [LATELY]


@pytest.mark.parametrize("anonymise", [True, False])
async def test_the_newest_update_is_remembered(store: Store, anonymise: bool) -> None:
    async with store.transaction() as t:
        await t.receive([(5, "chat", {"text": "x"})], OLD)
        await t.done(5, OLD)
    await purge(store, anonymise=anonymise)
    async with store.transaction() as t:
        assert await t.receive([(5, "chat", {"text": "x"})], NOON) == 0
