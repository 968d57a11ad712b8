"""What can be asked of the store, and what can be changed in it, inside one transaction."""

from bot.store.asked import AskedReading
from bot.store.audit import AuditReading, AuditWriting
from bot.store.cards import CardsReading, CardsWriting
from bot.store.care import CareReading, CareWriting
from bot.store.cases import CasesReading, CasesWriting
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
    """Sees the store and changes it: all that is done through it is stored together, or none of it."""
