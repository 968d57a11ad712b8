"""The console as one application: every page and every action in a list, each with the role it needs."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.console import (
    browse,
    case,
    drafts,
    entry,
    exports,
    gaps,
    news,
    people,
    questions,
    queue,
    reports,
    trail,
)
from bot.console.headers import Headers
from bot.console.house import House
from bot.console.pages import STATIC, Pages
from bot.console.signing_in import find_session
from bot.console.visit import Visit
from bot.errors import BotError
from bot.store import StaffRow

log = logging.getLogger(__name__)

Handler = Callable[[Visit], Awaitable[Response]]
# A form holds a reply or an item of the knowledge; neither comes near this.
LARGEST_FORM = 256 * 1024
KEPT_FOR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Page:
    """Something to see. `role` is the least that may; None is everyone, signed in or not."""

    path: str
    handler: Handler
    role: str | None


@dataclass(frozen=True)
class Action(Page):
    """Something to do: a form that is sent. It must bring the session's own token."""


PAGES: tuple[Page, ...] = (
    Page("/", entry.home, "viewer"),
    Page("/sign-in", entry.door, None),
    Action("/sign-in", entry.sign_in, None),
    Action("/sign-out", entry.sign_out, "viewer"),
    Action("/preferences", entry.prefer, None),
    Page("/queue", queue.listed, "viewer"),
    Page("/cases/{case}", case.shown, "agent"),
    Page("/cases/{case}/changes", case.changes, "agent"),
    Action("/cases/{case}/reply", case.reply, "agent"),
    Action("/cases/{case}/correct", case.correct, "agent"),
    Action("/cases/{case}/note", case.note, "agent"),
    Action("/cases/{case}/take", case.take, "agent"),
    Action("/cases/{case}/release", case.release, "agent"),
    Action("/cases/{case}/reassign", case.reassign, "agent"),
    Action("/cases/{case}/draft", case.draft, "editor"),
    Action("/cases/{case}/close", case.close, "agent"),
    Action("/cases/{case}/reopen", case.reopen, "agent"),
    Page("/questions", questions.listed, "viewer"),
    Page("/questions/{request}", questions.shown, "agent"),
    Action("/questions/{request}/wording", drafts.from_question, "editor"),
    Page("/people/{pseudonym}", people.shown, "agent"),
    Action("/people/{pseudonym}/ban", people.ban, "admin"),
    Page("/gaps", gaps.listed, "viewer"),
    Action("/gaps", gaps.act, "editor"),
    Page("/knowledge", browse.topics, "viewer"),
    Page("/knowledge/topics/{topic}", browse.topic, "viewer"),
    Page("/knowledge/resources", browse.resources, "viewer"),
    Page("/knowledge/parity", browse.parity, "viewer"),
    Page("/knowledge/freshness", browse.freshness, "viewer"),
    Page("/knowledge/try", browse.trial, "viewer"),
    Page("/reports", reports.shown, "viewer"),
    Page("/drafts", drafts.listed, "viewer"),
    Page("/drafts/{draft}", drafts.shown, "viewer"),
    Action("/drafts/{draft}", drafts.decide, "editor"),
    Page("/drafts/{draft}/effect", drafts.effect, "editor"),
    Page("/news", news.composed, "editor"),
    Action("/news", news.send, "editor"),
    Page("/trail", trail.listed, "admin"),
    Action("/trail/staff", trail.change, "admin"),
    Page("/export/requests.{format}", exports.requests, "agent"),
    Page("/export/cases.{format}", exports.cases, "agent"),
)


def site(house: House) -> Starlette:
    """Return the console over `house`, to be served by any server of ASGI."""
    door = _Door(house, Pages(frozenset(page.path for page in PAGES if not isinstance(page, Action))))
    return Starlette(
        routes=[Mount("/static", _Kept(directory=STATIC)), *(door.route(page) for page in PAGES)],
        middleware=[
            Middleware(Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(house), www_redirect=False),
            Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_FORM),
        ],
        exception_handlers={
            HTTPException: door.refused,
            BotError: door.fault,
            Exception: door.fault,
        },
    )


class _Kept(StaticFiles):
    """Static files; their addresses change with their content, so browsers keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = KEPT_FOR
        return response


def _hosts(house: House) -> list[str]:
    """Return the names the console answers to: a page elsewhere cannot have another name lead here."""
    return [urlsplit(house.public_url).hostname or "", "127.0.0.1", "localhost", "[::1]", "::1"]


class _Door:
    """Lets people in: finds out who comes, and refuses what is not theirs to see or do."""

    def __init__(self, house: House, pages: Pages):
        self._house = house
        self._pages = pages

    def route(self, page: Page) -> BaseRoute:
        """Return the route of one page, guarded."""

        async def answer(request: Request) -> Response:
            return await self._answer(page, request)

        return Route(page.path, answer, methods=["POST"] if isinstance(page, Action) else ["GET"])

    async def _answer(self, page: Page, request: Request) -> Response:
        form = await request.form() if isinstance(page, Action) else FormData()
        visit = await self._visit(request, form)
        if isinstance(page, Action):
            _require_own_form(page, visit)
        if page.role is None:
            return await page.handler(visit)
        if visit.member is None:
            return _to_the_door(visit)
        if not visit.may(page.role):
            raise HTTPException(403)
        return await page.handler(visit)

    async def _visit(self, request: Request, form: FormData) -> Visit:
        nobody = Visit(house=self._house, pages=self._pages, request=request, form=form)
        token = request.cookies.get(nobody.session_cookie, "")
        member = await self._member(token) if token else None
        if member is None:
            return nobody
        return Visit(
            house=self._house, pages=self._pages, request=request, form=form, member=member, token=token
        )

    async def _member(self, token: str) -> StaffRow | None:
        session = await find_session(self._house, token)
        return await self._house.staff(session.staff) if session else None

    async def refused(self, request: Request, refusal: Exception) -> Response:
        """Answer with a page that says what was refused, and where to go on."""
        status = refusal.status_code if isinstance(refusal, HTTPException) else 500
        return await self._sorry(request, status)

    async def fault(self, request: Request, fault: Exception) -> Response:
        """Answer a fault with a page; its one line is for the log, unless it was made for people."""
        if isinstance(fault, BotError):
            log.error("console: %s", fault)
            return await self._sorry(request, 503, str(fault))
        # Neither its message nor its frames: they may hold what people wrote.
        place = traceback.extract_tb(fault.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        log.error("console: %s at %s (%s)", type(fault).__name__, request.url.path, where)
        return await self._sorry(request, 500)

    async def _sorry(self, request: Request, status: int, line: str = "") -> Response:
        visit = Visit(house=self._house, pages=self._pages, request=request)
        try:
            visit = await self._visit(request, FormData())
        except BotError:
            log.error("console: the store is away, so nobody is recognised")
        known = status if visit.house.words.has(f"fault.{status}.title") else 500
        return visit.page("fault.html", status=status, code=known, line=line)


def _require_own_form(page: Page, visit: Visit) -> None:
    """Refuse a form another site sent: by its origin, and where somebody is signed in by its token too."""
    origin = visit.request.headers.get("origin")
    own = {visit.request.headers.get("host", ""), urlsplit(visit.house.public_url).netloc}
    if origin and urlsplit(origin).netloc not in own:
        raise HTTPException(403)
    signed_in = page.role is not None and visit.member is not None
    if signed_in and not visit.house.tokens.from_form(visit.token, visit.sent("csrf")):
        raise HTTPException(403)


def _to_the_door(visit: Visit) -> Response:
    return RedirectResponse("/sign-in", 303)
