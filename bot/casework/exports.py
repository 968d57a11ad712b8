"""Requests and cases as they leave the house: with pseudonyms, masked, the same rows on every way out."""

from typing import Any

from bot.casework.rights import SENSITIVE
from bot.conversation.privacy import masked
from bot.store import ListedCase, ListedRequest, QueuedCase

REQUEST_COLUMNS = (
    "id", "time", "person", "language", "country", "audience", "question", "outcome", "topics", "resources",
    "confidence", "feedback", "case",
)  # fmt: skip
CASE_COLUMNS = (
    "id", "opened", "person", "state", "reason", "promised", "assigned", "office", "country", "language",
    "question", "request", "closed", "outcome",
)  # fmt: skip
KEPT_CLOSE = "[sensitive]"


def request_row(row: ListedRequest) -> dict[str, Any]:
    """Return what `REQUEST_COLUMNS` hold of a request: texts, and the confidence as a number."""
    return {
        "id": row.id,
        "time": row.time.isoformat(timespec="seconds"),
        "person": row.pseudonym,
        "language": row.language or "",
        "country": row.country or "",
        "audience": row.audience or "",
        "question": asked(row),
        "outcome": row.outcome,
        "topics": " ".join(row.topics),
        "resources": " ".join(row.resources),
        "confidence": round(row.confidence, 4),
        "feedback": row.feedback or "",
        "case": row.case or "",
    }


def case_row(row: QueuedCase) -> dict[str, Any]:
    """Return what `CASE_COLUMNS` hold of a case, all of it texts."""
    return {
        "id": row.id,
        "opened": row.opened_at.isoformat(timespec="seconds"),
        "person": row.pseudonym,
        "state": row.state,
        "reason": row.reason,
        "promised": str(row.promised or ""),
        "assigned": row.assigned_to or "",
        "office": row.office or "",
        "country": row.country or "",
        "language": row.language or "",
        "question": asked_in(row),
        "request": row.request or "",
        "closed": row.closed_at.isoformat(timespec="seconds") if row.closed_at else "",
        "outcome": row.outcome or "",
    }


def asked(row: ListedRequest) -> str:
    """Return the question as others may see it: identifiers masked, what needs care left out."""
    return KEPT_CLOSE if row.outcome == SENSITIVE else masked(row.question)


def asked_in(row: ListedCase) -> str:
    """Return the question a case came from as others may see it, empty where it came from none."""
    return KEPT_CLOSE if row.reason == SENSITIVE else masked(row.question or "")
