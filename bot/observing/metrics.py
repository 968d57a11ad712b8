"""Figures for Prometheus: how much comes in, how it is answered, how long that takes, what waits.

Labels are of few values: kinds, outcomes, methods. None names a person, a chat or a question.
"""

import datetime
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

CONTENT_TYPE = CONTENT_TYPE_LATEST
# Seconds. An answer takes milliseconds, with the encoder some twenty; a send takes one way to Telegram.
FAST = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


@dataclass(frozen=True)
class Queues:
    """What waits in the database: how many, and since when the oldest (None: nothing waits)."""

    inbox: int
    inbox_since: datetime.datetime | None
    outbox: int
    outbox_since: datetime.datetime | None
    open_cases: int
    open_case_since: datetime.datetime | None


class Metrics:
    """The figures of one process. Counting costs microseconds and never fails."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._updates = Counter(
            "bot_updates", "Updates that were dealt with.", ["kind", "result"], registry=self.registry
        )
        self._answers = Counter(
            "bot_requests",
            "Questions by outcome.",
            ["outcome", "language", "country"],
            registry=self.registry,
        )
        self._answered = Histogram(
            "bot_answer_seconds",
            "From an update received to its answer stored.",
            registry=self.registry,
            buckets=FAST,
        )
        self._delivered = Histogram(
            "bot_delivery_seconds",
            "From an answer stored to its delivery.",
            registry=self.registry,
            buckets=FAST,
        )
        self._sends = Counter(
            "bot_sends", "Calls of the Bot API by result.", ["method", "result"], registry=self.registry
        )
        self._waiting = Gauge("bot_waiting", "Rows that wait.", ["queue"], registry=self.registry)
        self._oldest = Gauge(
            "bot_oldest_seconds", "How long the oldest row waits.", ["queue"], registry=self.registry
        )

    def update(self, kind: str, result: str, seconds: float) -> None:
        """Count one update, so long after it was received: `result` is done, retried or failed."""
        self._updates.labels(kind, result).inc()
        self._answered.observe(max(0.0, seconds))

    def request(self, outcome: str, language: str | None, country: str | None) -> None:
        """Count one logged question."""
        self._answers.labels(outcome, language or "unknown", country or "unknown").inc()

    def send(self, method: str, result: str) -> None:
        """Count one call: `result` is delivered, later (to be tried again) or failed."""
        self._sends.labels(method, result).inc()

    def delivered(self, seconds: float) -> None:
        """Count one message delivered so many seconds after it was written."""
        self._delivered.observe(max(0.0, seconds))

    def show(self, queues: Queues, now: datetime.datetime) -> bytes:
        """Return everything in Prometheus' text format."""
        for name, waiting, since in (
            ("inbox", queues.inbox, queues.inbox_since),
            ("outbox", queues.outbox, queues.outbox_since),
            ("cases", queues.open_cases, queues.open_case_since),
        ):
            self._waiting.labels(name).set(waiting)
            self._oldest.labels(name).set((now - since).total_seconds() if since else 0.0)
        return generate_latest(self.registry)
