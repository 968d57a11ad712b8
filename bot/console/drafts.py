"""Drafts: proposed changes of the knowledge; an editor completes, publishes or turns them down."""

import asyncio
import datetime
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.console.visit import Visit
from bot.errors import BotError
from bot.insight import editing
from bot.insight.drafts import OPEN, PUBLISHED, REJECTED, Draft, Origin
from bot.insight.gaps import wording_id
from bot.insight.replaying import Replay
from bot.store import IgnoredRow

STATES = (OPEN, PUBLISHED, REJECTED)
# Of each kind of difference so many questions are shown, the newest; their number is always told.
SHOWN_CHANGES = 12


async def listed(visit: Visit) -> Response:
    """Show the drafts of one state, the oldest first."""
    state = visit.asked("state", STATES) or OPEN
    drafts = visit.house.drafts
    rows = await asyncio.to_thread(lambda: drafts.listed(state=state))
    faults = await asyncio.to_thread(drafts.faults) if state == OPEN else []
    return visit.page(
        "drafts.html", rows=rows, faults=faults, state=state, states=STATES, gist=gist, topics=_topics(visit)
    )


async def shown(visit: Visit, *, text: str | None = None, fault: str = "", status: int = 200) -> Response:
    """Show one draft, with where it came from; an editor finds it ready to edit."""
    draft = await _draft(visit)
    content = editing.document(draft.content) if text is None else text
    return visit.page(
        "draft.html",
        status=status,
        draft=draft,
        text=content,
        fault=fault,
        gist=gist,
        topics=_topics(visit),
    )


async def decide(visit: Visit) -> Response:
    """Keep, publish or turn down a draft as the form has it now."""
    draft = await _draft(visit)
    drafts, by, at = visit.house.drafts, visit.staff.name, visit.now
    text, act = visit.sent("text"), visit.sent("act")
    if draft.state != OPEN:
        raise HTTPException(409)
    try:
        if act in ("save", "try", "publish"):
            await asyncio.to_thread(drafts.amend, draft.id, _content(text))
        if act == "publish":
            await asyncio.to_thread(lambda: drafts.publish(draft.id, by=by, at=at))
        if act == "reject":
            note = visit.sent("note").strip() or None
            turned_down = await asyncio.to_thread(lambda: drafts.reject(draft.id, by=by, at=at, note=note))
            await _set_aside(visit, turned_down, at)
    except BotError as fault:
        return await shown(visit, text=text, fault=str(fault), status=400)
    await visit.trail(f"draft.{act}", subject=draft.id)
    if act == "try":
        return visit.go(f"/drafts/{draft.id}/effect")
    visit.house.remembered.forget()
    return visit.go(f"/drafts/{draft.id}" if act == "save" else "/drafts", said=f"draft_{act}")


async def effect(visit: Visit) -> Response:
    """Show which of the last questions would be answered otherwise if the draft were published."""
    draft, house = await _draft(visit), visit.house
    tell = house.effect
    if draft.state != OPEN or tell is None:
        raise HTTPException(404)

    async def make() -> Replay | BotError:
        try:
            return await tell(draft.id, visit.now.date())
        except BotError as fault:
            return fault

    text = editing.document(draft.content)
    key = ("effect", draft.id, text, house.knowledge().fingerprint)
    found = await house.remembered.get(key, visit.now, make)
    return visit.page(
        "effect.html",
        draft=draft,
        text=text,
        gist=gist,
        found=found if isinstance(found, Replay) else None,
        fault=str(found) if isinstance(found, BotError) else "",
        most=SHOWN_CHANGES,
        topics=_topics(visit),
        resources=house.knowledge().resources,
    )


async def from_question(visit: Visit) -> Response:
    """Draft a question as a wording of a topic."""
    async with visit.house.store.reading() as now:
        row = await now.request(visit.request.path_params["request"])
    if row is None or (row.outcome == "sensitive" and not visit.reads_sensitive):
        raise HTTPException(404)
    drafts, origin = visit.house.drafts, Origin(request=row.id)
    by, at, language = visit.staff.name, visit.now, row.language or "es"
    try:
        draft = await asyncio.to_thread(
            lambda: drafts.draft_wording(
                visit.sent("topic"), language, row.question, by=by, at=at, origin=origin
            )
        )
    except BotError as fault:
        return visit.page("fault.html", status=400, code=400, line=str(fault))
    await visit.trail("draft.made", subject=draft.id)
    return visit.go(f"/drafts/{draft.id}", said="drafted")


def gist(draft: Draft) -> str:
    """Return what a draft says, in a line."""
    if draft.wordings:
        return "; ".join(text for _, text in draft.wordings[:3])
    return str(next(iter((draft.content.get("title") or {"": draft.content.get("id")}).values())))


def _content(text: str) -> Mapping[str, Any]:
    found = editing.read(text)
    if not isinstance(found, dict):
        raise BotError("the text is no map of keys; see docs/knowledge.md for the format")
    return found


async def _draft(visit: Visit) -> Draft:
    """Return the draft of the address, whatever became of it."""
    id, drafts = visit.request.path_params["draft"], visit.house.drafts
    every = await asyncio.to_thread(lambda: [each for state in STATES for each in drafts.listed(state=state)])
    for draft in every:
        if draft.id == id:
            return draft
    raise HTTPException(404)


def _topics(visit: Visit) -> Mapping[str, Any]:
    return visit.house.knowledge().topics


async def _set_aside(visit: Visit, draft: Draft, at: datetime.datetime) -> None:
    """Let the wordings of a draft that was turned down be no gap again."""
    async with visit.house.store.transaction() as t:
        for language, text in draft.wordings:
            row = IgnoredRow(
                id=wording_id(language, text),
                language=language,
                wording=text,
                staff=visit.staff.name,
                time=at,
            )
            await t.ignore(row)
