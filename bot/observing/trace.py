"""The correlation id: one for each update, from its arrival to the delivery of what it led to."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

NOTHING = "-"
_TRACE: ContextVar[str] = ContextVar("trace", default=NOTHING)


@contextmanager
def traced(trace: str | None) -> Iterator[None]:
    """Let everything logged in the body, by this task and those it starts, carry `trace`."""
    token = _TRACE.set(trace or NOTHING)
    try:
        yield
    finally:
        _TRACE.reset(token)


def current() -> str:
    """Return the id of what is being worked on, or `-`."""
    return _TRACE.get()


class Traced(logging.Filter):
    """Gives each record the id of what was being worked on when it was made."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record."""
        record.trace = current()
        return True
