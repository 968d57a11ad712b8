"""What the console is handed: the store, the staff, and what it needs of rooms it does not know."""

import datetime
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.advice.knowledge import Knowledge
from bot.casework.rights import OPERATOR, Rights
from bot.casework.work import Casework
from bot.console.pace import Pace
from bot.console.remembered import Remembered
from bot.console.tokens import Tokens
from bot.console.words import Words
from bot.insight.drafting import Drafts
from bot.insight.gaps import Read
from bot.insight.parity import Line
from bot.insight.replaying import Replay
from bot.store import StaffRow, Store


class Explain(Protocol):
    """Tells how a question would be advised on, and why: an `Explanation` of the advice room."""

    def __call__(
        self,
        question: str,
        *,
        language: str | None,
        country: str | None,
        audience: str | None,
        day: datetime.date,
    ) -> Any:
        """Return outcome, setting, candidates and resources, each with what spoke for it."""
        ...


Effect = Callable[[str, datetime.date], Awaitable[Replay]]
"""Tells what publishing a draft would change for the last questions; raises where it cannot be published."""


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything the pages stand on, put together by the composition root. Moments are shown in `zone`."""

    store: Store
    tokens: Tokens
    casework: Casework
    knowledge: Callable[[], Knowledge]
    clock: Callable[[], datetime.datetime]
    drafts: Drafts
    explain: Explain
    parity: Callable[[Knowledge, datetime.datetime], list[Line]]
    read: Read | None = None
    effect: Effect | None = None
    public_url: str
    zone: datetime.tzinfo = datetime.UTC
    session_hours: int = 12
    words: Words = field(default_factory=Words.read)
    remembered: Remembered = field(default_factory=Remembered)
    # Ten wrong links from one address, and 200 in all, in ten minutes: a link has 256 bits, so this only
    # keeps the log and the database quiet.
    sign_in_pace: Pace = field(default_factory=lambda: Pace(times=10, seconds=600))
    all_sign_ins: Pace = field(default_factory=lambda: Pace(times=200, seconds=600))

    @property
    def secure(self) -> bool:
        """Whether people reach the console over https."""
        return self.public_url.startswith("https:")

    @property
    def rights(self) -> Rights:
        """What each of the staff may do and see."""
        return self.casework.rights

    async def staff(self, id: str) -> StaffRow | None:
        """Return one of the staff; None where they are unknown or have left."""
        if id == OPERATOR.id:
            return OPERATOR
        async with self.store.reading() as now:
            found = await now.staff_by_id(id)
        return found if found and found.active else None
