"""Rows to test with: the least a row needs, and what the test names."""

import datetime
from typing import Any

from bot.store import CardRow, CaseRow, OriginRow, OutboxRow, PersonRow, RequestRow, Transaction

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


def later(minutes: int) -> datetime.datetime:
    return NOON + datetime.timedelta(minutes=minutes)


def person(id: str = "ana", **values: Any) -> PersonRow:
    given = {"channel": "telegram", "address": f"chat-{id}", "pseudonym": f"p-{id}"}
    return PersonRow(**{"id": id, "first_seen": NOON, "last_seen": NOON, **given, **values})


def request(id: str = "r1", **values: Any) -> RequestRow:
    given = {"person": "ana", "channel": "telegram", "question": "¿cómo facturo?", "outcome": "answer"}
    return RequestRow(**{"id": id, "time": NOON, **given, **values})


def case(id: str = "c1", **values: Any) -> CaseRow:
    return CaseRow(**{"id": id, "person": "ana", "reason": "person", "opened_at": NOON, **values})


def message(chat: str = "chat-ana", **values: Any) -> OutboxRow:
    return OutboxRow(
        **{"chat": chat, "payload": {"text": "hola"}, "created_at": NOON, "due_at": NOON, **values}
    )


def origin(update_id: int, **values: Any) -> OriginRow:
    given = {"channel": "telegram", "chat": "-100", "message": 1, "person": "ana", "event": "e1"}
    return OriginRow(**{"update_id": update_id, "at": NOON, **given, **values})


async def add_a_life(t: Transaction, id: str, words: str) -> None:
    """Leave `words` of a person in every table and in every column that may hold words."""
    who = person(id, address=f"{words} address", state={"question": words}, country=words)
    await t.add_person(who)
    asked = {"question": words, "candidates": [words], "feedback_reason": words}
    await t.add_request(request(f"r-{id}", person=id, **asked))
    await t.add_case(case(f"c-{id}", person=id, request=f"r-{id}", outcome=words), who=words)
    step = await t.add_step(f"c-{id}", NOON, "ana", "said", words)
    await t.add_card(CardRow(case=f"c-{id}", chat="staff"))
    await t.keep_staff_message("staff", step, f"c-{id}", step)
    await t.mail("news", id, NOON)
    number = 1 + max(await t.last_update_id() or 0, 0)
    await t.receive(
        [(number, who.address, {"text": words}), (number + 1, who.address, {"text": words})], NOON
    )
    await t.failed(number, words, NOON)
    await t.receive([(number + 2, "-100", {"text": words})], NOON)
    await t.add_origin(origin(number + 2, person=id))
    await t.post(message(who.address, payload={"text": words}))
    await t.post(message("staff", person=id, payload={"card": words}))
    await t.add_audit(NOON, "staff-1", "person.seen", subject=words, person=id)
    await t.add_consent(id, words, words, language=words, at=NOON)
    await t.subscribe(id, words, country=words, at=NOON)
    await t.add_source(id, words, known=True, at=NOON)
    await t.add_told([f"r-{id}"], NOON)
