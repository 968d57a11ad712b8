"""A desk of ten lines: it says what it was told, and does on demand what a conversation may do."""

import asyncio
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.conversation.events import Event, Pressed, Said, Sent
from bot.conversation.offers import Offer
from bot.conversation.records import Person, Turn
from bot.conversation.replies import Button, Document, Reply, Span
from bot.store import PersonRow, Transaction
from bot.telegram.texts import Texts

TOKEN = "123456:TEST-secret-half"
TEXTS = Texts(
    apology={"es": "Perdón, algo falló.", "en": "Sorry, something failed."},
    lines={
        "slow": {"es": "Más despacio: en {seconds} segundos.", "en": "Slower: in {seconds} seconds."},
        "banned": {"es": "No puedo responderte."},
        "inline": {"es": "Preguntar", "en": "Ask"},
    },
    commands={"es": {"start": "Empezar"}, "en": {"start": "Start"}},
    group_commands={"es": {"help": "Ayuda"}},
    name={"es": "Asistente", "en": "Assistant"},
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
    deaf: bool = False

    async def handle(
        self,
        channel: str,
        address: str,
        event: Event,
        *,
        hint_language: str | None,
        transaction: Transaction,
        stored: PersonRow | None = None,
    ) -> Turn:
        """Return the echo of `event`."""
        if self.gate:
            await self.gate.wait()
        person = await _person(channel, address, event, hint_language, transaction)
        self.seen.append(event)
        return Turn(Person(person), self._replies(event))

    async def offers(
        self, person: PersonRow | None, text: str, *, hint_language: str | None, day: datetime.date
    ) -> Sequence[Offer]:
        """Offer what is typed, in the language of who types."""
        if text == "fail":
            raise ValueError("a secret of the person")
        language = person.language if person else hint_language
        card = plain(f"{text} ({language})", rows=((Button("Sitio", url="https://example.org"),),))
        return [Offer("one", text, "una línea", card)] if text else []

    def _replies(self, event: Event) -> tuple[Reply, ...]:
        match event:
            case Said(text="fail") | Pressed(action="fail"):
                self.failures += 1
                raise ValueError("a secret of the person")
            case Said(text="menu"):
                return (replace(plain("Menú", rows=MENU), revises=event.revises),)
            case Said(text="long"):
                return (plain(*["línea " * 20] * 60, rows=MENU),)
            case Said(text="two"):
                return (plain("uno"), plain("dos"))
            case Said(text="file"):
                return (replace(plain("Tus datos"), document=Document("datos.json", b'{"a": 1}')),)
            case Said() if self.deaf:
                return (replace(plain("¿cómo?"), revises=event.revises),)
            case Said():
                return (replace(plain(event.text), revises=event.revises),)
            case Pressed(action="note"):
                return (Reply(lines=(), notice="anotado"),)
            case Pressed():
                return (Reply(lines=((Span(event.action, "strong"),),), rows=MENU, edits=True),)
            case Sent():
                return (replace(plain(f"{event.kind} {event.caption}".strip()), revises=event.revises),)
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
