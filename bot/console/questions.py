"""All questions: by every filter and by their words, newest first; and each one whole."""

import datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.advice.knowledge import AUDIENCES, COUNTRIES, LANGUAGES
from bot.casework.rights import SENSITIVE
from bot.console.looking import Looked
from bot.console.visit import Visit
from bot.store import Asked, Mark, Sought

OUTCOMES = ("answer", "clarify", "no_match", "smalltalk", "handoff", "sensitive")
FEEDBACK = ("up", "down", "none")
A_PAGE = 50


async def listed(visit: Visit) -> Response:
    """Show the questions that fit the filters, identifiers masked, what needs care left out."""
    wanted, words = wanted_of(visit), visit.asked("words")
    found = Looked(words) if words else None
    async with visit.house.store.reading() as now:
        rows, older = await now.asked(
            wanted,
            before=mark_of(visit.asked("before")),
            limit=A_PAGE,
            sought=Sought(found.patterns, found.fits_masked) if found else None,
        )
        count = None if found else await now.asked_count(wanted)
    shown = [row for row in rows if not (found and row.outcome == SENSITIVE)]
    return visit.page(
        "questions.html",
        rows=shown,
        count=count,
        older=mark(older.time, older.id) if older else None,
        topics=visit.house.knowledge().topics,
        countries=COUNTRIES,
        languages=LANGUAGES,
        outcomes=OUTCOMES,
        feedback=FEEDBACK,
        audiences=AUDIENCES,
        filtered=any(visit.request.query_params.get(name) for name in FILTERS),
    )


FILTERS = (
    "words",
    "since",
    "until",
    "country",
    "language",
    "outcome",
    "topic",
    "feedback",
    "audience",
    "resource",
)


async def shown(visit: Visit) -> Response:
    """Show one question with all that is kept of it; what needs care only to those named for it."""
    id = visit.request.path_params["request"]
    async with visit.house.store.reading() as now:
        found = await now.requests(id=id)
    if not found:
        raise HTTPException(404)
    request = found[0]
    if request.outcome == SENSITIVE and not visit.reads_sensitive:
        raise HTTPException(403)
    await visit.trail("question.seen", subject=request.id, person=request.person)
    knowledge = visit.house.knowledge()
    return visit.page("question.html", row=request, knowledge=knowledge)


def wanted_of(visit: Visit) -> Asked:
    """Return what the parameters of the address ask for."""
    zone = visit.house.zone
    until = day_of(visit.asked("until"), zone)
    return Asked(
        since=day_of(visit.asked("since"), zone),
        until=until and until + datetime.timedelta(days=1),
        country=visit.asked("country", COUNTRIES),
        language=visit.asked("language"),
        outcome=visit.asked("outcome", OUTCOMES),
        topic=visit.asked("topic"),
        feedback=visit.asked("feedback", FEEDBACK),
        audience=visit.asked("audience", AUDIENCES),
        resource=visit.asked("resource"),
    )


def mark(time: datetime.datetime, id: str) -> str:
    """Return a place in a list as an address carries it."""
    return f"{time.isoformat()} {id}"


def mark_of(text: str | None) -> Mark | None:
    """Return the place an address names, None where it names none."""
    time, _, id = (text or "").partition(" ")
    try:
        moment = datetime.datetime.fromisoformat(time)
    except ValueError:
        return None
    return Mark(moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC), id)


def day_of(text: str | None, zone: datetime.tzinfo) -> datetime.datetime | None:
    """Return the beginning of the day a field of a form names."""
    try:
        day = datetime.date.fromisoformat(text or "")
    except ValueError:
        return None
    return datetime.datetime.combine(day, datetime.time(), zone)
