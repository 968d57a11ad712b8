"""What each message, the sender and the staff's side ask reads no table from end to end, in any year."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import event
from store_rows import NOON, case, later, message, person, request

from bot.store import Store, Transaction
from bot.store.asked import Asked
from bot.store.queue import Queue

# Where such tables are read, an index leads to the rows.
GROWING = {"inbox", "outbox", "requests", "people", "cases", "case_steps", "case_cards", "staff_messages"}


def statements(store: Store) -> list[str]:
    """Return the list that fills with what is run from now on, as SQLite itself sees it."""
    run: list[str] = []

    def note(statement: str) -> None:
        if statement.lstrip().split()[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            run.append(statement)

    def follow(connection: Any, _: object) -> None:
        connection.set_trace_callback(note)

    assert store._commits is not None
    event.listen(store._commits._engine, "connect", follow)
    return run


async def a_turn(t: Transaction) -> None:
    """Do what a message of a person who is known leads to."""
    await t.receive([(9, "chat-ana", {"text": "hola"})], NOON)
    await t.waiting(16)
    await t.waiting(16, exclude_chats=["chat-eva", "chat-uma"])
    await t.waiting_in("chat-ana", 6)
    await t.before("chat-ana", 9, 12)
    await t.nth_before("chat-ana", 9, 9)
    await t.person("telegram", "chat-ana")
    await t.person_by_id("ana")
    await t.case_in_hand_of("ana")
    await t.open_case_of("ana")
    await t.newest_reply_to("ana")
    await t.newest_request_time("ana")
    await t.case_of_message("chat-ana", 7)
    await t.add_or_revise_request(request("r1"))
    await t.update_person("ana", language="es", country=None, audience=None, state={}, last_seen=NOON)
    await t.set_feedback("r1", "up")
    await t.post(message())
    await t.done(9, NOON)


async def a_round(t: Transaction) -> None:
    """Do what the sender does, and what is asked of a process that watches over it."""
    await t.stuck()
    await t.next_in_line(later(1), 200)
    await t.due(later(1), 200)
    await t.sending(1, 2, 3)
    await t.all_sent([(1, 7), (2, 8)], NOON)
    await t.postpone(3, later(2), "busy")
    await t.drop_for_chat("chat-ana", NOON, "blocked")
    await t.mark_blocked("telegram", "chat-ana", NOON)
    await t.next_due()
    await t.oldest_waiting()
    await t.last_update_id()


async def a_look(t: Transaction) -> None:
    """Do what the staff's side does at each turn and every few minutes, and what their pages ask first."""
    await t.stale_cards(1)
    await t.cases_without_card(1)
    await t.set_card("c1", "staff", shown=1)
    await t.touch_case("c1")
    await t.cases(state="waiting")
    await t.queue(Queue(), limit=50)
    await t.queue(Queue(states=("closed",)), limit=50)
    await t.asked(Asked(), limit=50)
    await t.asked(Asked(person="ana"), limit=50)
    await t.person_by_pseudonym("p-ana")
    await t.cases_of("ana")
    await t.steps("c1")
    await t.case_in_thread("staff", 3)
    await t.staff_message("staff", 4)
    await t.messages_of_case("c1", "staff")
    await t.message_of_step(1)
    await t.requests(since=NOON, until=later(7))


async def test_nothing_is_read_from_end_to_end(file_store: Store, tmp_path: Path) -> None:
    """Every statement finds its rows by an index."""
    run = statements(file_store)
    async with file_store.turn() as t:
        await t.add_person(person())
        await t.add_request(request("r0"))
        await t.add_case(case(), who="person")
        for _ in range(3):
            await t.post(message())
    run.clear()
    async with file_store.turn() as t:
        await a_turn(t)
        await a_round(t)
        await a_look(t)
    assert len(run) > 25
    connection = sqlite3.connect(tmp_path / "data/bot.db")
    scans = [
        (detail, statement)
        for statement in run
        for *_, detail in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
        if _reads_all(detail)
    ]
    connection.close()
    assert scans == []


def _reads_all(detail: str) -> bool:
    """Say whether a step of a plan reads a growing table whole, or has to make an index first."""
    words = detail.split()
    scanned = words[0] == "SCAN" and words[1] in GROWING and "USING" not in words
    return scanned or "AUTOMATIC" in words


async def test_the_queue_is_read_in_its_order(file_store: Store, tmp_path: Path) -> None:
    """The first of a long queue are found without sorting it, past years of what a chat was sent."""
    run = statements(file_store)
    async with file_store.glance() as reading:
        await reading.next_in_line(NOON, 200)
    connection = sqlite3.connect(tmp_path / "data/bot.db")
    plan = [detail for *_, detail in connection.execute(f"EXPLAIN QUERY PLAN {run[-1]}")]
    connection.close()
    assert any("ix_outbox_state_priority_id" in detail for detail in plan)
    assert any("ix_outbox_chat_state_id (chat=? AND state=?" in detail for detail in plan)
    assert not any("ORDER BY" in detail for detail in plan)
