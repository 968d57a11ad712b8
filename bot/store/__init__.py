"""The store: the only room that speaks SQL. It keeps rows and their order, and never knows what they mean."""

from bot.store.asked import Asked, Mark, Sought
from bot.store.audit import AuditRow
from bot.store.cards import CardRow
from bot.store.cases import CaseRow, ListedCase, StepRow
from bot.store.consents import ConsentRow, SourceCount, SubscriptionRow
from bot.store.engine import MEMORY
from bot.store.faults import Unavailable
from bot.store.inbox import InboxRow
from bot.store.learning import IgnoredRow, LinkRow, OpensRow
from bot.store.origins import OriginRow
from bot.store.outbox import BROADCAST, CONVERSATION, STAFF, OutboxRow, Queued
from bot.store.people import PersonRow
from bot.store.queue import Queue, QueuedCase
from bot.store.requests import ListedRequest, RequestRow
from bot.store.retention import Purged
from bot.store.sealing import Sealing
from bot.store.sign_ins import SessionRow
from bot.store.staff import StaffRow
from bot.store.store import Store
from bot.store.transaction import Reading, Transaction

__all__ = [
    "BROADCAST",
    "CONVERSATION",
    "MEMORY",
    "STAFF",
    "Asked",
    "AuditRow",
    "CardRow",
    "CaseRow",
    "ConsentRow",
    "IgnoredRow",
    "InboxRow",
    "LinkRow",
    "ListedCase",
    "ListedRequest",
    "Mark",
    "OpensRow",
    "OriginRow",
    "OutboxRow",
    "PersonRow",
    "Purged",
    "Queue",
    "Queued",
    "QueuedCase",
    "Reading",
    "RequestRow",
    "Sealing",
    "SessionRow",
    "Sought",
    "SourceCount",
    "StaffRow",
    "StepRow",
    "Store",
    "SubscriptionRow",
    "Transaction",
    "Unavailable",
]
