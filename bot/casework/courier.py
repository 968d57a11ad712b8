"""How the staff's words reach a person: what each channel has to be able to do."""

import datetime
from typing import Protocol

from bot.conversation.replies import Reply
from bot.store import PersonRow, Transaction


class Courier(Protocol):
    """Brings replies to people of one channel, within the transaction that records them."""

    async def post(
        self,
        reply: Reply,
        person: PersonRow,
        *,
        at: datetime.datetime,
        key: str | None,
        priority: int,
        transaction: Transaction,
    ) -> int | None:
        """Have `reply` sent; return its outbox number, None where the person finds it by looking.

        `key` says what follows once it is delivered or given up.
        """
        ...

    async def correct(
        self, reply: Reply, person: PersonRow, *, outbox: int, at: datetime.datetime, transaction: Transaction
    ) -> bool:
        """Have what was posted as `outbox` say `reply` instead; return False where that is impossible now."""
        ...


class Noticeboard:
    """The terminal: nothing is sent, the person finds the staff's words when they come back."""

    async def post(
        self,
        reply: Reply,
        person: PersonRow,
        *,
        at: datetime.datetime,
        key: str | None,
        priority: int,
        transaction: Transaction,
    ) -> int | None:
        """Leave the words to the steps of the case, where the next conversation reads them."""
        return None

    async def correct(
        self, reply: Reply, person: PersonRow, *, outbox: int, at: datetime.datetime, transaction: Transaction
    ) -> bool:
        """Say that there is no message to correct: the steps are read as they are then."""
        return True
