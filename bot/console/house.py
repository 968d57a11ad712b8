"""What the console is handed: the store, the staff, and what it needs of rooms it does not know."""

import datetime
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.advice.knowledge import Knowledge
from bot.console.pace import Pace
from bot.console.tokens import Tokens
from bot.console.words import Words
from bot.store import Store

LOCAL = "local"


@dataclass(frozen=True, kw_only=True)
class Member:
    """One of the staff: `role` as in `bot.console.roles`, the first of `languages` is spoken to them."""

    id: str
    name: str
    role: str
    languages: tuple[str, ...] = ()


Members = Callable[[str], Awaitable[Member | None]]
"""Finds one of the staff by id; None where they are unknown or no longer active."""


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything the pages stand on, put together by the composition root."""

    store: Store
    tokens: Tokens
    members: Members
    knowledge: Callable[[], Knowledge]
    clock: Callable[[], datetime.datetime]
    public_url: str
    session_hours: int = 12
    words: Words = field(default_factory=Words.read)
    # Ten links tried from one address, and 200 in all, in ten minutes: a link has 256 bits, so this only
    # keeps the log and the database quiet.
    sign_in_pace: Pace = field(default_factory=lambda: Pace(times=10, seconds=600))
    all_sign_ins: Pace = field(default_factory=lambda: Pace(times=200, seconds=600))

    @property
    def secure(self) -> bool:
        """Whether people reach the console over https."""
        return self.public_url.startswith("https:")
