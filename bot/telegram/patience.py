"""Waiting out what passes by itself: a network that is away, a busy server, a full disk."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.errors import BotError
from bot.telegram import faults

log = logging.getLogger(__name__)

Result = TypeVar("Result")

# Seconds.
SHORTEST_WAIT, LONGEST_WAIT = 0.5, 30.0


async def patiently(
    step: Callable[[], Awaitable[Result]],
    passing: tuple[type[BotError] | type[TelegramError], ...] = (TelegramError, BotError),
) -> Result:
    """Return what `step` gives once it succeeds, waiting longer after each failure that is `passing`.

    A refused token is no use waiting for.
    """
    tries = 0
    while True:
        try:
            return await step()
        except InvalidToken:
            raise
        except passing as error:
            wait = asked_wait(error) if isinstance(error, RetryAfter) else back_off(tries)
            log.warning("%s; next try in %.1f s", _plain(error), wait)
        tries += 1
        await asyncio.sleep(wait)


async def rested(wake: asyncio.Event, seconds: float) -> None:
    """Wait until `wake` is set, `seconds` at most.

    Not with `asyncio.wait_for`: before Python 3.12 it forgets that the task was cancelled where `wake` is set
    in the same moment, and what should end goes on for ever.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await wake.wait()


def back_off(tries: int) -> float:
    """Return how many seconds to wait after `tries` failures in a row: twice as long each time, bounded."""
    return min(LONGEST_WAIT, SHORTEST_WAIT * 2.0 ** min(tries, 10))


def asked_wait(error: RetryAfter) -> float:
    """Return how many seconds the server asks to wait."""
    wait: int | timedelta = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _plain(error: TelegramError | BotError) -> str:
    if isinstance(error, Conflict):
        return "Telegram: another program takes this bot's updates; stop it, or use a token of its own"
    return str(error) if isinstance(error, BotError) else f"Telegram: {faults.told(error)}"
