"""Tables to take along: the questions and the cases that fit the filters, with pseudonyms, masked."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.rights import SENSITIVE
from bot.console.looking import Looked
from bot.console.questions import wanted_of as questions_wanted
from bot.console.queue import VIEWS, wanted_of
from bot.console.visit import Visit
from bot.conversation.privacy import masked
from bot.insight import sheets
from bot.store import ListedRequest, QueuedCase, Sought

MOST = 1_000_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
REQUEST_COLUMNS = (
    "id", "time", "person", "language", "country", "audience", "question", "outcome", "topics", "resources",
    "confidence", "feedback", "case",
)  # fmt: skip
CASE_COLUMNS = (
    "id", "opened", "person", "state", "reason", "promised", "assigned_to", "country", "language", "question",
    "request", "closed", "outcome",
)  # fmt: skip
# A spreadsheet takes a file without this mark for one in another encoding.
BOM = "\ufeff"


async def requests(visit: Visit) -> Response:
    """Return the questions as a file."""
    words = visit.asked("words")
    found = Looked(words) if words else None
    async with visit.house.store.reading() as now:
        sought = Sought(found.patterns, found.fits_masked) if found else None
        rows, _ = await now.asked(questions_wanted(visit), limit=MOST, sought=sought)
    return await _file(visit, "requests", [_request(row) for row in rows], REQUEST_COLUMNS)


async def cases(visit: Visit) -> Response:
    """Return the cases as a file."""
    view = visit.asked("view", tuple(VIEWS))
    async with visit.house.store.reading() as now:
        rows = await now.queue(replace(wanted_of(visit), states=VIEWS[view] if view else ()), limit=MOST)
    return await _file(visit, "cases", [_case(row) for row in rows], CASE_COLUMNS)


async def _file(visit: Visit, name: str, rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> Response:
    format = visit.request.path_params["format"]
    if format not in TYPES:
        raise HTTPException(404)
    await visit.trail(f"{name}.exported", subject=str(len(rows)))
    made = await asyncio.to_thread(sheets.file, rows, columns, format=format)
    file = f"{name}-{visit.today}.{format}"
    return Response(
        BOM + made if isinstance(made, str) else made,
        media_type=TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def _request(row: ListedRequest) -> dict[str, Any]:
    return {
        "id": row.id,
        "time": row.time.isoformat(timespec="seconds"),
        "person": row.pseudonym,
        "language": row.language or "",
        "country": row.country or "",
        "audience": row.audience or "",
        "question": "[sensitive]" if row.outcome == SENSITIVE else masked(row.question),
        "outcome": row.outcome,
        "topics": " ".join(row.topics),
        "resources": " ".join(row.resources),
        "confidence": round(row.confidence, 4),
        "feedback": row.feedback or "",
        "case": row.case or "",
    }


def _case(row: QueuedCase) -> dict[str, Any]:
    return {
        "id": row.id,
        "opened": row.opened_at.isoformat(timespec="seconds"),
        "person": row.pseudonym,
        "state": row.state,
        "reason": row.reason,
        "promised": str(row.promised or ""),
        "assigned_to": row.assigned_to or "",
        "country": row.country or "",
        "language": row.language or "",
        "question": "[sensitive]" if row.reason == SENSITIVE else masked(row.question or ""),
        "request": row.request or "",
        "closed": row.closed_at.isoformat(timespec="seconds") if row.closed_at else "",
        "outcome": row.outcome or "",
    }
