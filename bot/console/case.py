"""One case: what was asked, what the bot showed, what was said since; and what the staff do with it."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, Protocol, TypedDict, Unpack

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from bot.advice.knowledge import Resource
from bot.casework.faults import Closed, Conflict, Empty, NoCase, NotAllowed, Settled, TooLong
from bot.casework.work import LONGEST_REPLY, OUTCOMES
from bot.console.looking import Looked
from bot.console.visit import Visit
from bot.conversation.replies import unmarked
from bot.errors import BotError
from bot.insight.drafts import Origin
from bot.store import CaseRow, QueuedCase, Reading, StepRow, Transaction

FOUND = 8


async def shown(visit: Visit) -> Response:
    """Show the case, to whoever may read it."""
    async with visit.house.store.reading() as now:
        case = await _case(visit, now)
    await visit.trail("case.seen", subject=case.id, person=case.person)
    return await _page(visit)


async def changes(visit: Visit) -> Response:
    """Say how often the case has changed, for a page that is open to notice."""
    async with visit.house.store.reading() as now:
        case = await _case(visit, now)
    return JSONResponse({"changes": case.changes})


async def reply(visit: Visit) -> Response:
    """Send the reply; or bring the box back with a canned text, a resource, what was found, or a preview."""
    act, _, what = visit.sent("act").partition(":")
    text = visit.sent("text")
    match act:
        case "look":
            return await _page(visit, text=text, found=_found(visit, visit.sent("words")))
        case "canned":
            return await _page(visit, text=_joined(text, await _canned(visit, visit.sent("canned"))))
        case "resource":
            return await _page(visit, text=_joined(text, await _resource(visit, what)))
        case "preview":
            return await _page(visit, text=text, preview=text.strip())
    return await _act(visit, "reply", lambda t: _reply(visit, text, t), text=text)


async def correct(visit: Visit) -> Response:
    """Let the last reply say something else, in the person's chat too."""
    text = visit.sent("correction")
    return await _act(visit, "correct", lambda t: _correct(visit, text, t), correction=text)


async def note(visit: Visit) -> Response:
    """Write something down for the staff alone."""
    text = visit.sent("note")
    return await _act(visit, "note", lambda t: _note(visit, text, t), note=text)


async def take(visit: Visit) -> Response:
    """Make the case theirs."""
    return await _act(visit, "take", lambda t: visit.house.casework.take(*_of(visit), **_at(visit, t)))


async def release(visit: Visit) -> Response:
    """Give the case back."""
    return await _act(visit, "release", lambda t: visit.house.casework.release(*_of(visit), **_at(visit, t)))


async def reassign(visit: Visit) -> Response:
    """Give the case to another."""
    to = visit.sent("to")
    work = visit.house.casework
    return await _act(visit, "reassign", lambda t: work.reassign(*_of(visit), to=to, **_at(visit, t)))


async def draft(visit: Visit) -> Response:
    """Draft a resource from the latest reply of the staff, and note in the case that it was."""
    async with visit.house.store.reading() as now:
        case = await _case(visit, now)
        steps = await now.steps(case.id)
    text = unmarked(_said_now(steps, _last_reply(steps)))
    if not text:
        raise HTTPException(404)
    drafts, origin = visit.house.drafts, Origin(case=case.id)
    topics, title = [visit.sent("topic")], visit.sent("title").strip()
    language, by, at = case.language or "es", visit.staff.name, visit.now
    try:
        made = await asyncio.to_thread(
            lambda: drafts.draft_reply(
                text,
                language=language,
                topics=topics,
                country=case.country,
                title=title,
                by=by,
                at=at,
                origin=origin,
            )
        )
    except BotError as fault:
        return await _page(visit, status=400, fault=str(fault))
    async with visit.house.store.transaction() as t:
        await visit.house.casework.link_draft(*_of(visit), made.id, at=at, transaction=t)
        await t.add_audit(at, visit.staff.id, "case.draft", subject=case.id, person=case.person)
    return visit.go(f"/drafts/{made.id}", said="drafted")


def _last_reply(steps: Sequence[StepRow]) -> StepRow | None:
    return next((step for step in reversed(steps) if step.what == "reply"), None)


def _said_now(steps: Sequence[StepRow], reply: StepRow | None) -> str:
    """Return what a reply says since it was last corrected; nothing where there is none."""
    if reply is None:
        return ""
    edited = [step.text for step in steps if step.what == "edited" and step.about == reply.id]
    return (edited[-1] if edited else reply.text) or ""


async def close(visit: Visit) -> Response:
    """Close the case with how it ended."""
    outcome = visit.sent("outcome")
    work = visit.house.casework
    return await _act(visit, "close", lambda t: work.close(*_of(visit), outcome, **_at(visit, t)))


async def reopen(visit: Visit) -> Response:
    """Open a closed case again."""
    return await _act(visit, "reopen", lambda t: visit.house.casework.reopen(*_of(visit), **_at(visit, t)))


# -- acting --------------------------------------------------------------------------------------


class _Written(TypedDict, total=False):
    """What somebody wrote into the page's boxes."""

    text: str
    note: str
    correction: str


class _Work(Protocol):
    def __call__(self, transaction: Transaction, /) -> Awaitable[object]: ...


async def _act(visit: Visit, what: str, work: _Work, **written: Unpack[_Written]) -> Response:
    """Do something in one transaction, and come back to the case; where it failed, with what was written."""
    try:
        async with visit.house.store.transaction() as transaction:
            await work(transaction)
            case = await transaction.case(_id(visit))
            person = case.person if case else None
            await transaction.add_audit(
                visit.now, visit.staff.id, f"case.{what}", subject=_id(visit), person=person
            )
    except NoCase:
        raise HTTPException(404) from None
    except NotAllowed:
        raise HTTPException(403) from None
    except Conflict as conflict:
        return await _page(visit, status=409, conflict=conflict, **written)
    except Closed:
        return await _page(visit, status=409, fault=visit.say("case.is_closed"), **written)
    except Settled:
        return await _page(visit, status=409, fault=visit.say("case.settled"), **written)
    except Empty:
        return await _page(visit, status=400, fault=visit.say("case.empty"), **written)
    except TooLong as fault:
        said = visit.say("case.too_long", longest=fault.longest)
        return await _page(visit, status=400, fault=said, **written)
    except BotError as fault:
        return await _page(visit, status=400, fault=str(fault), **written)
    return visit.go(f"/cases/{_id(visit)}", said=f"case.{what}")


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["case"])


def _of(visit: Visit) -> tuple[str, Any]:
    return _id(visit), visit.staff


def _at(visit: Visit, transaction: Transaction) -> dict[str, Any]:
    """Return what each act names: the version its page showed, the moment, and the transaction."""
    seen = visit.sent("seen")
    if not seen.isdecimal():
        raise HTTPException(400)
    return {"seen": int(seen), "at": visit.now, "transaction": transaction}


async def _reply(visit: Visit, text: str, transaction: Transaction) -> None:
    await visit.house.casework.reply(*_of(visit), text, **_at(visit, transaction))


async def _correct(visit: Visit, text: str, transaction: Transaction) -> None:
    """Correct the reply the page showed as the last one, and no other: one that came since is somebody's."""
    last = _last_reply(await transaction.steps(_id(visit)))
    if last is None or visit.sent("step") != str(last.id):
        raise Settled
    await visit.house.casework.correct(last.id, visit.staff, text, at=visit.now, transaction=transaction)


async def _note(visit: Visit, text: str, transaction: Transaction) -> None:
    await visit.house.casework.note(*_of(visit), text, at=visit.now, transaction=transaction)


# -- showing -------------------------------------------------------------------------------------


async def _case(visit: Visit, now: Reading) -> QueuedCase:
    case = await now.queued(_id(visit))
    if case is None:
        raise HTTPException(404)
    if not visit.house.rights.sees(case, visit.staff):
        raise HTTPException(403)
    return case


async def _page(
    visit: Visit,
    *,
    status: int = 200,
    text: str = "",
    note: str = "",
    correction: str | None = None,
    preview: str = "",
    fault: str = "",
    found: tuple[Resource, ...] | None = None,
    conflict: Conflict | None = None,
) -> Response:
    async with visit.house.store.reading() as now:
        case = await _case(visit, now)
        person = await now.person_by_id(case.person)
        request = await now.request(case.request) if case.request else None
        steps = await now.steps(case.id)
        staff = await now.staff(active=None)
        others = [other for other in await now.cases_of(case.person) if other.id != case.id]
    voice, last = visit.house.casework.voice, _last_reply(steps)
    return visit.page(
        "case.html",
        status=status,
        case=case,
        person=person,
        request=request,
        steps=steps,
        last=last,
        last_words=unmarked(_said_now(steps, last)),
        correction=correction,
        said_now={step.about: step.text for step in steps if step.what == "edited"},
        staff={row.id: row for row in staff},
        others=_visible(visit, others),
        knowledge=visit.house.knowledge(),
        language=case.language or "es",
        canned=voice.knowledge.canned,
        text=text,
        note=note,
        preview=voice.reply(preview, case.language) if preview else None,
        fault=fault,
        found=found,
        words=visit.sent("words"),
        conflict=conflict,
        outcomes=OUTCOMES,
        longest=LONGEST_REPLY,
        mine=case.assigned_to == visit.staff.id,
    )


def _visible(visit: Visit, cases: list[CaseRow]) -> list[CaseRow]:
    return [case for case in cases if visit.house.rights.sees(case, visit.staff)]


# -- the box -------------------------------------------------------------------------------------


def _joined(text: str, more: str) -> str:
    return f"{text.rstrip()}\n\n{more}" if text.strip() and more else (text.strip() or more)


async def _language(visit: Visit) -> str | None:
    async with visit.house.store.reading() as now:
        return (await _case(visit, now)).language


async def _canned(visit: Visit, id: str) -> str:
    voice = visit.house.casework.voice
    return voice.canned(id, await _language(visit)) if id in voice.knowledge.canned else ""


async def _resource(visit: Visit, id: str) -> str:
    """Return a resource as a line of a reply: title, who offers it, address."""
    voice = visit.house.casework.voice
    resource = visit.house.knowledge().resources.get(id)
    if resource is None or not resource.shown_on(visit.today):
        return ""
    title = voice.resource_title(id, await _language(visit) or "es")
    return f"{title} ({resource.organisation}): {resource.url}"


def _found(visit: Visit, words: str) -> tuple[Resource, ...]:
    """Return published resources with these words in what is said of them; none where there are no words."""
    if not words.strip():
        return ()
    looked = Looked(words)
    shown = (each for each in visit.house.knowledge().resources.values() if each.shown_on(visit.today))
    return tuple(each for each in shown if looked.fits(_said_of(each)))[:FOUND]


def _said_of(resource: Resource) -> str:
    said = (*resource.title.values(), *resource.summary.values(), *resource.aliases, *resource.topics)
    return " ".join((resource.organisation, *said, *resource.countries))
