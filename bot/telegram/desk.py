"""What the Telegram edge asks of the composition: a turn of the conversation for each event."""

from typing import Protocol

from bot.conversation.events import Event
from bot.conversation.records import Turn
from bot.store import Transaction

# The channel's name in the store.
CHANNEL = "telegram"


class Desk(Protocol):
    """Answers events of people, and writes what must be remembered into the transaction it is given."""

    async def handle(
        self, channel: str, address: str, event: Event, *, hint_language: str | None, transaction: Transaction
    ) -> Turn:
        """Return the turn `event` leads to; the edge sends its replies within the same transaction."""
        ...
