"""A desk of ten lines: it says what it was told, and does on demand what a conversation may do."""

import asyncio
from dataclasses import dataclass, field

from bot.conversation.events import Event, Pressed, Said, Sent
from bot.conversation.records import Person, Turn
from bot.conversation.replies import Button, Reply, Span
from bot.store import PersonRow, Transaction
from bot.telegram.texts import Texts

TOKEN = "123456:TEST-secret-half"
TEXTS = Texts(
    apology={"es": "Perdón, algo falló.", "en": "Sorry, something failed."},
    commands={"es": {"start": "Empezar"}, "en": {"start": "Start"}},
    description={"es": "Para negocios pequeños.", "en": "For small businesses."},
    short_description={"es": "Guías y servicios."},
)
MENU = (
    (Button("Uno", action="one"), Button("Nota", action="note")),
    (Button("Sitio", url="https://example.org"),),
)


@dataclass
class EchoDesk:
    """Says what it was told. "menu" brings buttons; "long" many lines; "fail" an exception."""

    seen: list[Event] = field(default_factory=list)
    failures: int = 0
    gate: asyncio.Event | None = None

    async def handle(
        self, channel: str, address: str, event: Event, *, hint_language: str | None, transaction: Transaction
    ) -> Turn:
        """Return the echo of `event`."""
        if self.gate:
            await self.gate.wait()
        person = await _person(channel, address, event, hint_language, transaction)
        self.seen.append(event)
        return Turn(Person(person), self._replies(event))

    def _replies(self, event: Event) -> tuple[Reply, ...]:
        match event:
            case Said(text="fail") | Pressed(action="fail"):
                self.failures += 1
                raise ValueError("a secret of the person")
            case Said(text="menu"):
                return (plain("Menú", rows=MENU),)
            case Said(text="long"):
                return (plain(*["línea " * 20] * 60, rows=MENU),)
            case Said(text="two"):
                return (plain("uno"), plain("dos"))
            case Said():
                return (plain(event.text),)
            case Pressed(action="note"):
                return (Reply(lines=(), notice="anotado"),)
            case Pressed():
                return (Reply(lines=((Span(event.action, "strong"),),), rows=MENU, edits=True),)
            case Sent():
                return (plain(f"{event.kind} {event.caption}".strip()),)
        return ()


def plain(*lines: str, rows: tuple[tuple[Button, ...], ...] = ()) -> Reply:
    """Return a reply of plain lines."""
    return Reply(lines=tuple((Span(line),) for line in lines), rows=rows)


async def _person(channel: str, address: str, event: Event, language: str | None, store: Transaction) -> str:
    if await store.person(channel, address) is None:
        await store.add_person(
            PersonRow(
                id=f"id-{address}",
                channel=channel,
                address=address,
                pseudonym=f"p-{address}",
                first_seen=event.at,
                last_seen=event.at,
                language=language,
            )
        )
    return f"id-{address}"
