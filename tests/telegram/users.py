"""Acting as users without blocking the bot, which runs on the same loop."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from world import Reply, User, World

from bot.telegram.channel import Telegram

# Runs the bot for as long as the body of a `with` runs.
Run = Callable[[], contextlib.AbstractAsyncContextManager[Telegram]]

PATIENCE = 30.0


async def say(user: User, text: str, **more: Any) -> list[Reply]:
    """Write `text`; return what the bot did until it was quiet (with `timeout=0`: do not wait)."""
    return await asyncio.to_thread(user.say, text, **more)


async def send(user: User, **content: Any) -> list[Reply]:
    """Send something that is not text."""
    return await asyncio.to_thread(user.act, "send", **content)


async def press(user: User, text: str | None = None, **more: Any) -> list[Reply]:
    """Press a button."""
    return await asyncio.to_thread(user.press, text, **more)


async def texts(user: User, text: str, **more: Any) -> list[str]:
    """Write `text`; return the texts of what the bot did."""
    return [reply.text for reply in await say(user, text, **more)]


async def answers(user: User) -> list[str]:
    """Return the bot's messages as the user sees them now."""
    screen = await asyncio.to_thread(user.screen)
    return [message["text"] for message in screen if message["from"]["is_bot"]]


async def quiet(user: User, seconds: float = 0.4) -> None:
    """Wait until the bot did something in the user's chat, and then nothing for a while."""
    await asyncio.to_thread(user.w.replies, user.id, 0, settle=seconds)


async def until(world: World, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return the server's figures once they are as expected. The server tells nobody: it is asked."""
    async with asyncio.timeout(PATIENCE):
        while True:
            stats = await asyncio.to_thread(world.stats)
            if holds(stats):
                return stats
            await asyncio.sleep(0.02)
