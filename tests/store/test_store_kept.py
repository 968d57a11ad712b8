"""Statements kept ready find and change what SQLAlchemy's own way does, with the same care and errors."""

import contextlib
from typing import Any

import pytest
from sqlalchemy import bindparam, event, select
from sqlalchemy.exc import IntegrityError, StatementError
from store_rows import NOON, later, message, origin, person, request

from bot.store import Store
from bot.store.kept import kept
from bot.store.tables import people, requests


async def test_both_ways_find_the_same(file_store: Store) -> None:
    """Moments come back in UTC and JSON as it was, none is left out."""
    plain = select(people).where(people.c.id == bindparam("of"))
    async with file_store.turn() as t:
        await t.add_person(person(state={"topic": "ñandú"}))
        given = {"of": "ana"}
        assert await t._rows(kept(plain), given) == await t._rows(plain, given)
        assert await t._row(kept(plain), {"of": "nobody"}) is None
        assert await t._value(kept(plain), {"of": "nobody"}) is None
        assert await t._value(kept(plain), given) == "ana"


async def test_kept_statements_pass_by(file_store: Store) -> None:
    """A statement that is kept is run by the driver; another, and one with a list of values, is not."""
    run: list[str] = []

    def note(_: object, __: object, statement: str, *___: Any) -> None:
        run.append(statement)

    assert file_store._commits is not None
    event.listen(file_store._commits._engine, "before_cursor_execute", note)
    several = kept(select(people.c.id).where(people.c.id.in_(bindparam("of", expanding=True))))
    async with file_store.turn() as t:
        await t.add_person(person())
        assert run == ["BEGIN IMMEDIATE"]
        assert await t._rows(several, {"of": ["ana", "eva"]}) == [{"id": "ana"}]
        assert await t._rows(several, {"of": ["eva"]}) == []
        assert len(run) == 3


async def test_all_that_is_marked_is_kept(file_store: Store) -> None:
    """What a turn of a person who is known runs is kept, and a round of the sender, every statement of it."""
    async with file_store.turn() as t:
        await t.add_person(person())
        await t.receive([(9, "chat-ana", {"text": "hola"})], NOON)
        await t.waiting(16)
        await t.waiting_in("chat-ana", 6)
        await t.before("chat-ana", 9, 12)
        await t.consents("ana")
        await t.subscriptions("ana")
        await t.case_in_hand_of("ana")
        await t.newest_reply_to("ana")
        await t.behind("chat-ana")
        await t.add_or_revise_request(request())
        await t.update_person("ana", language="es", country=None, audience=None, state={}, last_seen=NOON)
        number = await t.post(message())
        await t.next_in_line(NOON, 200)
        assert len(await t.sending(number)) == 1
        await t.all_sent([(number, 7)], NOON)
        await t.add_origin(origin(1))
        await t.done(9, NOON)
    assert file_store._commits is not None
    assert len(file_store._commits._known) == 18
    assert None not in file_store._commits._known.values()


async def test_once_for_each(file_store: Store) -> None:
    """What is given several times is run several times, and all that it met is counted and given back."""
    async with file_store.turn() as t:
        rows = [(1, "a", {"n": 1}), (2, "b", {"n": 2})]
        assert await t.receive(rows, NOON) == 2
        assert await t.receive([*rows, (3, "a", {"n": 3})], NOON) == 1
        sent = [await t.post(message(chat=f"chat {n}")) for n in range(3)]
        assert [row.id for row in await t.sending(*sent[:2], 99)] == sent[:2]
        await t.all_sent([(sent[0], 7), (sent[1], None)], NOON)
        assert [(await t.message(n)).state for n in sent] == ["sent", "sent", "waiting"]  # type: ignore[union-attr]


async def test_a_mistake_keeps_its_name(file_store: Store) -> None:
    """What does not fit is the same error, without the words that were stored."""
    with pytest.raises(IntegrityError) as caught:
        async with file_store.turn() as t:
            await t.add_request(request(question="un secreto"))
    assert "secreto" not in str(caught.value)
    async with file_store.turn() as t:
        with pytest.raises(StatementError):
            await t._rows(kept(select(people).where(people.c.id == bindparam("of"))), {"other": "ana"})


async def test_what_is_taken_back(file_store: Store) -> None:
    """What a kept statement changed goes with its piece of work, and stays with it."""
    with contextlib.suppress(ZeroDivisionError):
        async with file_store.turn() as t:
            assert await t.add_person(person())
            raise ZeroDivisionError
    async with file_store.turn() as t:
        assert await t.add_person(person())
        assert not await t.add_person(person())
        await t.add_request(request(time=later(1)))
        assert await t._value(select(requests.c.time)) == later(1)
        assert later(1) > NOON
