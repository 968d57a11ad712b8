"""Showing that an answer is being made, when it takes a while."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from telegram.error import TelegramError

from bot.telegram import calls
from bot.telegram.server import Server

# An answer that is quicker needs no sign of work, and one after the answer would stay for five seconds.
PATIENCE = 0.7
SHOWN_FOR = 4.5


@contextlib.asynccontextmanager
async def typing(server: Server, chat: str) -> AsyncIterator[None]:
    """Show `chat` that the bot is typing while the body takes long; never keeps the body waiting."""
    showing: list[asyncio.Task[None]] = []
    # A task only where it is needed: nearly every answer is quicker.
    later = asyncio.get_running_loop().call_later(
        PATIENCE, lambda: showing.append(asyncio.create_task(_show(server, chat)))
    )
    try:
        yield
    finally:
        later.cancel()
        for task in showing:
            task.cancel()


async def _show(server: Server, chat: str) -> None:
    with contextlib.suppress(TelegramError):
        while True:
            call = calls.typing(chat)
            await server.call(call["method"], call["arguments"])
            await asyncio.sleep(SHOWN_FOR)
