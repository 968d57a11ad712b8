"""Questions and cases to look at: the least a row needs, and what the test names."""

import datetime
from typing import Any

from office import NOON

from bot.store import CaseRow, PersonRow, RequestRow, Store


async def person(store: Store, id: str, **values: Any) -> str:
    given: dict[str, Any] = {"channel": "telegram", "address": f"chat-{id}", "pseudonym": f"p-{id}"}
    async with store.transaction() as t:
        await t.add_person(PersonRow(**{"id": id, "first_seen": NOON, "last_seen": NOON, **given, **values}))
    return id


async def question(
    store: Store, id: str, text: str = "¿cómo facturo?", *, ago: float = 1, **values: Any
) -> str:
    """Store a question asked so many hours ago; of ana, where the test names nobody."""
    given: dict[str, Any] = {"person": "ana", "channel": "telegram", "outcome": "answer", "language": "es"}
    row = {"id": id, "time": NOON - datetime.timedelta(hours=ago), "question": text, **given, **values}
    async with store.transaction() as t:
        if await t.person_by_id(row["person"]) is None:
            await t.add_person(
                PersonRow(
                    id=row["person"],
                    channel=row["channel"],
                    address=f"chat-{row['person']}",
                    pseudonym=f"p-{row['person']}",
                    first_seen=NOON,
                    last_seen=NOON,
                    language="es",
                )
            )
        await t.add_request(RequestRow(**row))
    return id


async def case(store: Store, id: str, request: str | None, *, ago: float = 1, **values: Any) -> str:
    """Store a case opened so many hours ago."""
    given: dict[str, Any] = {"person": "ana", "reason": "person"}
    opened = NOON - datetime.timedelta(hours=ago)
    async with store.transaction() as t:
        await t.add_case(
            CaseRow(**{"id": id, "request": request, "opened_at": opened, **given, **values}), who="person"
        )
    return id
