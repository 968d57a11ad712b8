"""What can be asked of the store, and what can be changed in it, inside one transaction."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy import text

from bot.store.asked import AskedReading
from bot.store.audit import AuditReading, AuditWriting
from bot.store.cards import CardsReading, CardsWriting
from bot.store.care import CareReading, CareWriting
from bot.store.cases import CasesReading, CasesWriting
from bot.store.connected import Statements
from bot.store.consents import ConsentsReading, ConsentsWriting
from bot.store.inbox import InboxReading, InboxWriting
from bot.store.jobs import JobsReading, JobsWriting
from bot.store.learning import LearningReading, LearningWriting
from bot.store.origins import OriginsReading, OriginsWriting
from bot.store.outbox import OutboxReading, OutboxWriting
from bot.store.people import PeopleReading, PeopleWriting
from bot.store.queue import QueueReading
from bot.store.requests import RequestsReading, RequestsWriting
from bot.store.retention import RetentionWriting
from bot.store.sign_ins import SignInsReading, SignInsWriting
from bot.store.staff import StaffReading, StaffWriting


class Reading(
    PeopleReading,
    RequestsReading,
    CasesReading,
    InboxReading,
    OriginsReading,
    OutboxReading,
    CareReading,
    AskedReading,
    QueueReading,
    SignInsReading,
    AuditReading,
    LearningReading,
    ConsentsReading,
    CardsReading,
    StaffReading,
    JobsReading,
):
    """Sees the store as it was at one moment; changes nothing."""


_MARK, _BACK, _ON = (text(word) for word in ("SAVEPOINT part", "ROLLBACK TO part", "RELEASE part"))
Aside = Callable[[], AbstractAsyncContextManager[Reading]]


class Transaction(
    Reading,
    PeopleWriting,
    RequestsWriting,
    CasesWriting,
    InboxWriting,
    OriginsWriting,
    OutboxWriting,
    CareWriting,
    SignInsWriting,
    AuditWriting,
    RetentionWriting,
    ConsentsWriting,
    LearningWriting,
    CardsWriting,
    StaffWriting,
    JobsWriting,
):
    """Sees the store and changes it: all that is done through it is stored together, or none of it.

    On PostgreSQL the people and cases it reads stay as they are until it ends, unless it changes them.
    """

    _changes = True

    def __init__(self, connection: Statements, *, aside: Aside | None = None) -> None:
        super().__init__(connection)
        self._aside = aside

    @asynccontextmanager
    async def part(self) -> AsyncIterator[None]:
        """Have what is done inside taken back where it raises, and nothing else with it."""
        await self._connection.execute(_MARK)
        try:
            yield
        except BaseException:
            await self._connection.execute(_BACK)
            await self._connection.execute(_ON)
            raise
        await self._connection.execute(_ON)

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[Reading]:
        """Give what is stored without taking the turn to write; it may have changed by the first statement.

        Where nothing is waited for to write, this is the transaction itself.
        """
        if self._aside is None:
            yield self
        else:
            async with self._aside() as reading:
                yield reading
