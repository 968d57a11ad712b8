"""All questions: by every filter and by their words, newest first; and each one whole."""

import datetime
import re
import unicodedata

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.advice.knowledge import AUDIENCES, COUNTRIES, LANGUAGES
from bot.casework.rights import SENSITIVE
from bot.console.visit import Visit
from bot.conversation.privacy import masked
from bot.store import Asked, ListedRequest, Mark

OUTCOMES = ("answer", "clarify", "no_match", "smalltalk", "handoff", "sensitive")
FEEDBACK = ("up", "down", "none")
A_PAGE = 50
WORD = re.compile(r"\w+")


async def listed(visit: Visit) -> Response:
    """Show the questions that fit the filters, identifiers masked, what needs care left out."""
    wanted, words = wanted_of(visit), visit.asked("words")
    found = Looked(words) if words else None
    async with visit.house.store.reading() as now:
        rows = await now.asked(
            wanted,
            before=mark_of(visit.asked("before")),
            limit=A_PAGE + 1,
            matches=found.fits if found else None,
        )
        count = None if found else await now.asked_count(wanted)
    shown = [row for row in rows[:A_PAGE] if not (found and row.outcome == SENSITIVE)]
    return visit.page(
        "questions.html",
        rows=shown,
        count=count,
        older=mark(rows[A_PAGE - 1]) if len(rows) > A_PAGE else None,
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


class Looked:
    """Words that are looked for: each must begin a word of the question, accents and capitals aside.

    Only what a reader may see is searched: an identifier that is masked is not found.
    """

    def __init__(self, text: str):
        self._words = [f" {word}" for word in WORD.findall(folded(text))]

    def fits(self, question: str) -> bool:
        """Say whether the question has every word, as far as it is shown."""
        return self._in(question) and self._in(masked(question))

    def _in(self, text: str) -> bool:
        spaced = " " + " ".join(WORD.findall(folded(text)))
        return all(word in spaced for word in self._words)


def folded(text: str) -> str:
    """Return `text` in small letters without accents."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def mark(row: ListedRequest) -> str:
    """Return where a row stands in the list, as an address carries it."""
    return f"{row.time.isoformat()} {row.id}"


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
