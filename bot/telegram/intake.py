"""Polling: what Telegram has for the bot goes to the inbox before Telegram may forget it."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from bot.store import Store
from bot.telegram.handlers import UPDATES
from bot.telegram.patience import patiently
from bot.telegram.server import Server

# How long Telegram holds a request for updates open, in seconds.
LONG_POLL = 30
# Updates without a chat or a person wait their turn together.
NO_CHAT = "none"


class Intake:
    """Asks for updates, stores them, and tells who works on them; waits out whatever goes wrong."""

    def __init__(self, server: Server, store: Store, *, now: Callable[[], datetime.datetime]):
        self._server = server
        self._store = store
        self._now = now
        self._offset: int | None = None
        self.received: Callable[[], None] = lambda: None

    async def run(self) -> None:
        """Take updates in until cancelled; raise `InvalidToken` where the token is refused."""
        await patiently(self._end_webhook)
        while True:
            await patiently(self.take)

    async def take(self) -> None:
        """Take one batch in. What was asked for is confirmed by asking for what follows it.

        Afterwards the offset is let go: after a quiet week Telegram numbers updates anew, perhaps lower.
        """
        updates = await self._server.updates(self._offset, UPDATES, wait=LONG_POLL)
        if updates:
            rows = [(update["update_id"], chat_of(update), update) for update in updates]
            async with self._store.turn() as transaction:
                await transaction.receive(rows, self._now())
            self.received()
        self._offset = max(update["update_id"] for update in updates) + 1 if updates else None

    async def _end_webhook(self) -> None:
        await self._server.call("deleteWebhook", {})


def chat_of(update: Mapping[str, Any]) -> str:
    """Return whose turn `update` is in: its chat, or its person, whatever kind of update it is."""
    content = next((value for value in update.values() if isinstance(value, dict)), {})
    places = (content.get("message"), content)
    chats = [place.get("chat") for place in places if isinstance(place, dict)]
    for found in (*chats, content.get("from"), content.get("user")):
        if isinstance(found, dict) and isinstance(found.get("id"), int):
            return str(found["id"])
    return NO_CHAT
