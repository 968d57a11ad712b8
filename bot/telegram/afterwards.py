"""What follows a message once it is delivered or given up, in the transaction that notes it.

A row of the outbox with an `after_key` "word:rest" is followed by what was registered for the word: so
that a number Telegram gave is stored if and only if the delivery is, also where the process is killed.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.store import OutboxRow, Transaction


@dataclass(frozen=True)
class Settled:
    """What became of a row: `result` is what Telegram answered, `error` why it was given up."""

    row: OutboxRow
    result: Any = None
    error: str | None = None

    @property
    def argument(self) -> str:
        """What stands behind the word in the key."""
        return (self.row.after_key or "").partition(":")[2]

    @property
    def delivered(self) -> bool:
        """Whether Telegram did what was asked."""
        return self.error is None


Follow = Callable[[Settled, Transaction], Awaitable[None]]


@dataclass
class Afterwards:
    """What follows which word."""

    follow: dict[str, Follow] = field(default_factory=dict)

    def follows(self, row: OutboxRow) -> bool:
        """Say whether something follows this row."""
        return _word(row) in self.follow

    async def happened(self, settled: Settled, transaction: Transaction) -> None:
        """Do what follows, if anything does."""
        follow = self.follow.get(_word(settled.row))
        if follow is not None:
            await follow(settled, transaction)


def _word(row: OutboxRow) -> str:
    return (row.after_key or "").partition(":")[0]
