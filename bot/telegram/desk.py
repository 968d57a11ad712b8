"""What the Telegram edge asks of the composition: a turn of the conversation for each event."""

import datetime
from collections.abc import Sequence
from typing import Protocol

from bot.conversation.events import Event
from bot.conversation.offers import Offer
from bot.conversation.records import Turn
from bot.store import PersonRow, Transaction

# The channel's name in the store.
CHANNEL = "telegram"


class Desk(Protocol):
    """Answers events of people, and writes what must be remembered into the transaction it is given."""

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
        """Return the turn `event` leads to; the edge sends its replies within the same transaction.

        `stored` is who writes, where that was just read; it saves reading it again.
        """
        ...

    async def offers(
        self, person: PersonRow | None, text: str, *, hint_language: str | None, day: datetime.date
    ) -> Sequence[Offer]:
        """Return what fits the words `text` that a person is typing in some chat; records nothing."""
        ...
