"""One person, by pseudonym: what they asked, their cases, and who of the staff looked at them."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.casework.rights import SENSITIVE
from bot.console.visit import Visit
from bot.store import Asked, PersonRow, Reading

SHOWN = 50


async def shown(visit: Visit) -> Response:
    """Show the person, whose name and address the console does not know."""
    async with visit.house.store.reading() as now:
        person = await _person(visit, now)
        rows, _ = await now.asked(Asked(person=person.id), limit=SHOWN)
        cases = await now.cases_of(person.id)
    await visit.trail("person.seen", subject=person.pseudonym, person=person.id)
    visible = [row for row in rows if row.outcome != SENSITIVE or visit.reads_sensitive]
    return visit.page(
        "person.html",
        person=person,
        rows=visible,
        cases=[case for case in reversed(cases) if visit.house.rights.sees(case, visit.staff)],
        knowledge=visit.house.knowledge(),
    )


async def ban(visit: Visit) -> Response:
    """Let the person get no answers any more, or let them again."""
    banned = visit.sent("banned") == "yes"
    async with visit.house.store.transaction() as t:
        person = await _person(visit, t)
        await t.ban(person.id, visit.now if banned else None)
        what = "person.banned" if banned else "person.allowed"
        await t.add_audit(visit.now, visit.staff.id, what, subject=person.pseudonym, person=person.id)
    return visit.go(f"/people/{person.pseudonym}", said="banned" if banned else "allowed")


async def _person(visit: Visit, now: Reading) -> PersonRow:
    person = await now.person_by_pseudonym(visit.request.path_params["pseudonym"])
    if person is None:
        raise HTTPException(404)
    return person
