"""Requests, their feedback, and the list of them."""

from store_rows import NOON, case, later, person, request

from bot.store import Store


async def test_comes_back_as_stored(store: Store) -> None:
    """A request keeps every field."""
    asked = request(
        language="es",
        country="HN",
        audience="women",
        kind="greeting",
        topics=("invoicing", "tax"),
        resources=("hn-sar",),
        candidates=[["invoicing", 0.8], {"lexical": 0.1}],
        confidence=0.75,
        knowledge="f1",
    )
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_request(asked)
        assert await t.request("r1") == asked
        assert await t.request("r2") is None


async def test_feedback(store: Store) -> None:
    """Feedback is stored with its reason; for an unknown request it says so."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_request(request())
        assert await t.set_feedback("r1", "down", "not my country")
        assert await t.request("r1") == request(feedback="down", feedback_reason="not my country")
        assert not await t.set_feedback("r2", "up")


async def test_listed_with_pseudonym_and_newest_case(store: Store) -> None:
    """Each request is one row, even with two cases."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_request(request("r1"))
        await t.add_request(request("r2", time=later(1)))
        await t.add_case(case("c2", request="r1", opened_at=later(2)), who="ana")
        await t.add_case(case("c1", request="r1"), who="ana")
    listed = await store.requests(newest_first=False)
    assert [(row.id, row.pseudonym, row.case) for row in listed] == [
        ("r1", "p-ana", "c2"),
        ("r2", "p-ana", None),
    ]


async def test_filters(store: Store) -> None:
    """The list is cut by time, outcome, country and length; newest first unless told."""
    async with store.transaction() as t:
        await t.add_person(person())
        for minute in range(4):
            country = "UY" if minute % 2 else "HN"
            outcome = "answer" if minute < 2 else "no_match"
            await t.add_request(request(str(minute), time=later(minute), country=country, outcome=outcome))

    async def ids(**filters: object) -> str:
        return "".join(row.id for row in await store.requests(**filters))  # type: ignore[arg-type]

    assert await ids() == "3210"
    assert await ids(newest_first=False) == "0123"
    assert await ids(since=later(1), until=later(3)) == "21"
    assert await ids(outcome="no_match") == "32"
    assert await ids(country="UY", limit=1) == "3"
    assert await ids(since=NOON, outcome="answer", country="HN") == "0"
