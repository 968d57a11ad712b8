"""Acting as users without blocking the bot, which runs on the same loop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from world import Reply, User, World

from bot.telegram.channel import Telegram

# Runs the bot for as long as the body of a `with` runs.
Run = Callable[[], contextlib.AbstractAsyncContextManager[Telegram]]

PATIENCE = 30.0


@contextlib.asynccontextmanager
async def served(telegram: Telegram) -> AsyncIterator[Telegram]:
    """Run the bot for as long as the body of the `with` runs, and let it end in order."""
    stop = asyncio.Event()
    serving = asyncio.create_task(telegram.run(stop))
    try:
        yield telegram
    finally:
        stop.set()
        await asyncio.wait_for(serving, PATIENCE)


Done = TypeVar("Done")
# The bot's own threads are few, and people wait for it in theirs.
PEOPLE = ThreadPoolExecutor(64, thread_name_prefix="people")


async def apart(act: Callable[..., Done], *args: Any, **more: Any) -> Done:
    """Run what a user does, which waits for the bot, in a thread none of the bot's."""
    return await asyncio.get_running_loop().run_in_executor(PEOPLE, partial(act, *args, **more))


async def say(user: User, text: str, **more: Any) -> list[Reply]:
    """Write `text`; return what the bot did until it was quiet (with `timeout=0`: do not wait)."""
    return await apart(user.say, text, **more)


async def send(user: User, **content: Any) -> list[Reply]:
    """Send something that is not text."""
    return await apart(user.act, "send", **content)


async def press(user: User, text: str | None = None, **more: Any) -> list[Reply]:
    """Press a button."""
    return await apart(user.press, text, **more)


async def texts(user: User, text: str, **more: Any) -> list[str]:
    """Write `text`; return the texts of what the bot did."""
    return [reply.text for reply in await say(user, text, **more)]


async def answers(user: User) -> list[str]:
    """Return the bot's messages as the user sees them now."""
    screen = await apart(user.screen)
    return [message["text"] for message in screen if message["from"]["is_bot"]]


async def quiet(user: User, seconds: float = 0.4) -> None:
    """Wait until the bot did something in the user's chat, and then nothing for a while."""
    await apart(user.w.replies, user.id, 0, settle=seconds)


async def until(world: World, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return the server's figures once they are as expected. The server tells nobody: it is asked."""
    async with asyncio.timeout(PATIENCE):
        while True:
            stats = await apart(world.stats)
            if holds(stats):
                return stats
            await asyncio.sleep(0.02)
