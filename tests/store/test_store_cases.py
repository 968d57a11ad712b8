"""Cases and their steps."""

import datetime

import pytest
from sqlalchemy.exc import IntegrityError
from store_rows import NOON, case, later, person, request

from bot.store import Store


async def test_opened_with_its_first_step(store: Store) -> None:
    """A new case comes back as stored, and says who opened it."""
    opened = case(request="r1", promised=datetime.date(2026, 11, 25))
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_request(request())
        await t.add_case(opened, who="ana")
        assert await t.case("c1") == opened
        assert await t.case("c2") is None
        (step,) = await t.steps("c1")
    assert (step.case, step.time, step.who, step.what, step.text) == ("c1", NOON, "ana", "opened", None)


async def test_steps_in_order(store: Store) -> None:
    """Steps keep the order they were taken in, each with its own number."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_case(case(), who="ana")
        second = await t.add_step("c1", later(1), "mia", "reply", "hola")
        third = await t.add_step("c1", later(1), "mia", "closed")
        steps = await t.steps("c1")
    assert [step.what for step in steps] == ["opened", "reply", "closed"]
    assert [step.id for step in steps[1:]] == [second, third]


async def test_step_of_no_case(store: Store) -> None:
    """A step belongs to a case."""
    with pytest.raises(IntegrityError):
        async with store.transaction() as t:
            await t.add_step("c1", NOON, "mia", "note", "?")


async def test_set_only_what_is_named(store: Store) -> None:
    """A change leaves the rest as it was; None is a value."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_case(case(), who="ana")
        assert await t.set_case("c1", state="assigned", assigned_to="mia")
        assert await t.set_case("c1", state="closed", closed_at=later(9), outcome="solved")
        assert await t.case("c1") == case(
            state="closed", assigned_to="mia", closed_at=later(9), outcome="solved"
        )
        assert await t.set_case("c1", state="open", assigned_to=None, closed_at=None, outcome=None)
        assert await t.case("c1") == case()
        assert not await t.set_case("c2", state="open")


async def test_open_case_of(store: Store) -> None:
    """The open case of a person is the newest that is not closed."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_person(person("eva"))
        await t.add_case(case("c1"), who="ana")
        await t.add_case(case("c2", opened_at=later(1), state="answered"), who="ana")
        await t.add_case(case("c3", opened_at=later(2), state="closed"), who="ana")
        found = await t.open_case_of("ana")
        assert found is not None
        assert found.id == "c2"
        assert await t.open_case_of("eva") is None


async def test_listed_with_pseudonym_and_question(store: Store) -> None:
    """The queue has who waits longest first, with the question if there was one."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.add_request(request())
        await t.add_case(case("c2", opened_at=later(1)), who="ana")
        await t.add_case(case("c1", request="r1"), who="ana")
        await t.add_case(case("c3", state="closed"), who="ana")
    queue = await store.cases(state="open")
    assert [(row.id, row.pseudonym, row.question) for row in queue] == [
        ("c1", "p-ana", "¿cómo facturo?"),
        ("c2", "p-ana", None),
    ]
    assert [row.id for row in await store.cases()] == ["c1", "c3", "c2"]
    assert len(await store.cases(limit=1)) == 1
