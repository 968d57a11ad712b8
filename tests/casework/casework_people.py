"""Who is in these tests, and a courier that keeps what it is given."""

import datetime
from dataclasses import dataclass, field

from bot.conversation.replies import Attachment, Reply
from bot.store import PersonRow, StaffRow, Transaction

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
MIA = StaffRow(id="mia", channel="telegram", address="21", name="Mia")
EVA = StaffRow(id="eva", channel="telegram", address="22", name="Eva")
ZOE = StaffRow(id="zoe", channel="telegram", address="23", name="Zoe", role="editor")
PAT = StaffRow(id="pat", channel="telegram", address="24", name="Pat", role="viewer")
ADA = StaffRow(id="ada", channel="telegram", address="25", name="Ada", role="admin")
STAFF = (MIA, EVA, ZOE, PAT, ADA)


@dataclass
class Satchel:
    """A courier that only keeps what it was given, and numbers it."""

    given: list[tuple[str, str]] = field(default_factory=list)
    attached: list[Attachment] = field(default_factory=list)
    corrects: bool = True
    number: int | None = None

    async def post(self, reply: Reply, person: PersonRow, **_: object) -> int | None:
        self.given.append((person.id, reply.text))
        self.attached += [reply.attachment] if reply.attachment else []
        return self.number

    async def correct(self, reply: Reply, person: PersonRow, **_: object) -> bool:
        self.given.append((person.id, f"corrected: {reply.text}"))
        return self.corrects


async def add_person(transaction: Transaction, id: str, *, channel: str = "telegram") -> None:
    """Store a person."""
    await transaction.add_person(
        PersonRow(
            id=id,
            channel=channel,
            address=f"7-{id}",
            pseudonym=f"p-{id}",
            first_seen=NOON,
            last_seen=NOON,
            language="es",
        )
    )
