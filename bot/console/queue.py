"""The queue: who waits for an answer, longest first, by every filter."""

from dataclasses import replace

from starlette.responses import Response

from bot.advice.knowledge import COUNTRIES, LANGUAGES
from bot.casework.rights import SENSITIVE
from bot.console.questions import mark, mark_of
from bot.console.visit import Visit
from bot.store import Queue

A_PAGE = 50
REASONS = ("unanswered", "none_of_these", "person", "feedback", "connect", "sensitive")
# What a reader looks at: the states it is made of; `overdue` and `mine` narrow the first.
VIEWS = {
    "waiting": ("open", "assigned"),
    "mine": ("open", "assigned", "answered"),
    "overdue": ("open", "assigned"),
    "open": ("open",),
    "assigned": ("assigned",),
    "answered": ("answered",),
    "closed": ("closed",),
}
FILTERS = ("reason", "country", "language", "assigned")
NOBODY = "nobody"


async def listed(visit: Visit) -> Response:
    """Show the cases that fit the filters, with how many there are of each kind."""
    view = visit.asked("view", tuple(VIEWS)) or "waiting"
    wanted = wanted_of(visit)
    async with visit.house.store.reading() as now:
        counts = await now.queue_counts(wanted, today=visit.today, reader=visit.staff.id)
        seen = replace(wanted, states=VIEWS[view])
        if view == "mine":
            seen = replace(seen, assigned_to=visit.staff.id)
        if view == "overdue":
            seen = replace(seen, overdue=visit.today)
        rows = await now.queue(seen, after=mark_of(visit.asked("after")), limit=A_PAGE + 1)
        staff = {row.id: row for row in await now.staff(active=None)}
    last = rows[A_PAGE - 1] if len(rows) > A_PAGE else None
    return visit.page(
        "queue.html",
        view=view,
        counts={**counts, "waiting": counts["open"] + counts["assigned"]},
        views=tuple(VIEWS),
        rows=rows[:A_PAGE],
        later=mark(last.opened_at, last.id) if last else None,
        staff=staff,
        topics=visit.house.knowledge().topics,
        reasons=REASONS if visit.reads_sensitive else REASONS[:-1],
        countries=COUNTRIES,
        languages=LANGUAGES,
        filtered=any(visit.request.query_params.get(name) for name in FILTERS),
    )


def wanted_of(visit: Visit) -> Queue:
    """Return what the parameters of the address ask for, whatever the state."""
    assigned = visit.asked("assigned")
    return Queue(
        states=(),
        reason=visit.asked("reason", REASONS),
        country=visit.asked("country", COUNTRIES),
        language=visit.asked("language", LANGUAGES),
        assigned_to="" if assigned == NOBODY else assigned,
        without=() if visit.reads_sensitive else (SENSITIVE,),
    )
