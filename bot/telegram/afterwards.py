"""What follows a message once it is delivered or given up, in the transaction that notes it.

A row of the outbox with an `after_key` "word:rest" is followed by what was registered for the word: so
that a number Telegram gave is stored if and only if the delivery is, also where the process is killed.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.store import OutboxRow, Transaction, Unavailable
from bot.telegram import faults

log = logging.getLogger(__name__)


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
        """Do what follows, if anything does.

        Where that fails, what was done of it is taken back and the row keeps the error: what is sent stays
        sent, and the next one takes its turn. Raises `Unavailable` where the database cannot be used.
        """
        follow = self.follow.get(_word(settled.row))
        if follow is None:
            return
        try:
            async with transaction.part():
                await follow(settled, transaction)
        except Unavailable:
            raise
        except Exception as error:
            log.error("what follows message %s: %s", settled.row.id, faults.placed(error))
            if settled.delivered:
                await transaction.note_error(settled.row.id, faults.placed(error))


def _word(row: OutboxRow) -> str:
    return (row.after_key or "").partition(":")[0]
