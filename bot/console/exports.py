"""Tables to take along: the questions and the cases that fit the filters, with pseudonyms, masked."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.exports import CASE_COLUMNS, REQUEST_COLUMNS, case_row, request_row
from bot.console.looking import Looked
from bot.console.questions import wanted_of as questions_wanted
from bot.console.queue import VIEWS, wanted_of
from bot.console.visit import Visit
from bot.insight import sheets
from bot.store import Sought

MOST = 1_000_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A spreadsheet takes a file without this mark for one in another encoding.
BOM = "\ufeff"


async def requests(visit: Visit) -> Response:
    """Return the questions as a file."""
    words = visit.asked("words")
    found = Looked(words) if words else None
    async with visit.house.store.reading() as now:
        sought = Sought(found.patterns, found.fits_masked) if found else None
        rows, _ = await now.asked(questions_wanted(visit), limit=MOST, sought=sought)
    return await _file(visit, "requests", [request_row(row) for row in rows], REQUEST_COLUMNS)


async def cases(visit: Visit) -> Response:
    """Return the cases as a file."""
    view = visit.asked("view", tuple(VIEWS))
    async with visit.house.store.reading() as now:
        rows = await now.queue(replace(wanted_of(visit), states=VIEWS[view] if view else ()), limit=MOST)
    return await _file(visit, "cases", [case_row(row) for row in rows], CASE_COLUMNS)


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
