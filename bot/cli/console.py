"""`console`: the staff page alone, with a link that signs in once."""

import asyncio
import contextlib
import datetime
import logging
import secrets
import signal
import zoneinfo
from collections.abc import Coroutine
from functools import partial
from typing import Annotated, Any

import typer
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from bot import app, tending
from bot.advice.explaining import Explanation, tried
from bot.advice.knowledge import Knowledge
from bot.advice.setting import Profile
from bot.advisors import Advisors
from bot.app import Desk, keep_current, open_store
from bot.casework.offices import Offices
from bot.casework.rights import OPERATOR
from bot.casework.voice import Voice
from bot.cli.keeping import STATE
from bot.cli.parts import configured, utc_now
from bot.cli.staffing import casework
from bot.console import opening
from bot.console.house import Effect, House
from bot.console.opening import Openings
from bot.console.signing_in import make_link
from bot.console.site import site
from bot.console.tokens import Tokens
from bot.conversation.dialogue import Speaker
from bot.errors import BotError, UsageError
from bot.insight import replaying
from bot.insight.drafting import FOLDER, Drafts
from bot.insight.parity import Line, changes, table
from bot.insight.replaying import Replay
from bot.insight.vectors import QuestionVectors
from bot.listening import Listener
from bot.observing.health import Health
from bot.settings import Settings
from bot.store import StaffRow, Store, Transaction

log = logging.getLogger(__name__)

WATCH_SECONDS = 5.0
# Advised on twice each, with the encoder, they take some ten seconds of one core.
MOST_ASKED_AGAIN = 500
SHORTEST_SECRET = 32
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def console(
    *, link: Annotated[bool, typer.Option("--link", help="only print a link for one that runs")] = False
) -> None:
    """Serve the staff page; print a link that signs in once, as the administrator of this machine."""
    settings = configured()
    if link:
        if settings.console.secret is None:
            raise UsageError("a link for a console that runs needs its BOT_CONSOLE__SECRET here, too")
        print(asyncio.run(_link(settings)))
        return
    asyncio.run(_console(settings))


COMMANDS = (console,)


async def _link(settings: Settings) -> str:
    store = await open_store(settings)
    try:
        async with store.transaction() as transaction:
            return await _operators_link(settings, tokens_of(settings), transaction)
    finally:
        await store.close()


async def _operators_link(settings: Settings, tokens: Tokens, transaction: Transaction) -> str:
    return await link_for(settings, tokens, OPERATOR, utc_now(), transaction)


async def _console(settings: Settings) -> None:
    require_secret(settings)
    tokens = tokens_of(settings)
    listener = Listener(settings.console.listen, "console.listen")
    with contextlib.closing(listener):
        await _served(settings, tokens, listener)


async def _served(settings: Settings, tokens: Tokens, listener: Listener) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    advisors = Advisors(settings)
    speaker = Speaker.of(advisors.build(meaning=advisors.ready()))
    desk = Desk(speaker, offices=Offices.of(settings.staff))
    store = await open_store(settings)
    watch = asyncio.create_task(keep_current(advisors, desk, every=WATCH_SECONDS))
    try:
        house = house_of(settings, store, desk, tokens, advisors)
        async with store.transaction() as transaction:
            link = await _operators_link(settings, house.tokens, transaction)
        serving = listener.serve(
            site(house), proxied=True, proxy=settings.console.proxy, ready=lambda: print(link, flush=True)
        )
        await until(stop, serving)
        await house.remembered.settle()
    finally:
        watch.cancel()
        await store.close()


async def link_for(
    settings: Settings, tokens: Tokens, who: StaffRow, at: datetime.datetime, transaction: Transaction
) -> str:
    """Return the address that signs one of the staff in, once."""
    return await make_link(
        who.id, tokens=tokens, public_url=address_of(settings), at=at, transaction=transaction
    )


def beside(
    settings: Settings, store: Store, desk: Desk, health: Health, tokens: Tokens, advisors: Advisors
) -> Coroutine[Any, Any, None] | None:
    """Return the console to be served beside the bot, and its health at /healthz and /readyz.

    Without a place to listen at, the bot goes on alone.
    """
    require_secret(settings)
    try:
        listener = Listener(settings.console.listen, "console.listen")
    except BotError as fault:
        log.warning("there is no console in this run: %s", fault)
        return None
    log.info("the console is at %s", address_of(settings))
    house = house_of(settings, store, desk, tokens, advisors)
    pages = site(house)
    routes = [*health.routes(metrics=False), *_counting(settings, store, desk), Mount("/", app=pages)]
    application = Starlette(routes=routes)

    async def serve() -> None:
        try:
            await listener.serve(application, proxied=True, proxy=settings.console.proxy)
        finally:
            await house.remembered.settle()

    return serve()


def _counting(settings: Settings, store: Store, desk: Desk) -> list[BaseRoute]:
    """Have link buttons lead through here where the settings ask for it; return the route they lead to."""
    openings = openings_of(settings)
    if openings is None:
        return []
    desk.through = openings.through
    return [opening.route(openings, store, knowledge=lambda: desk.speaker.advisor.knowledge, now=utc_now)]


def openings_of(settings: Settings) -> Openings | None:
    """Return what makes addresses that count, None where they are not wanted."""
    if not settings.links.count_opens:
        return None
    address, secret = settings.console.public_url or "", settings.console.secret
    if not address.startswith("https://") or secret is None:
        raise UsageError(
            "links.count_opens needs console.public_url, an https address, and BOT_CONSOLE__SECRET"
        )
    return Openings(secret.get_secret_value().encode(), address)


async def until(stop: asyncio.Event, serving: Coroutine[Any, Any, None]) -> None:
    """Serve until told to stop."""
    server, stopping = asyncio.create_task(serving), asyncio.create_task(stop.wait())
    await asyncio.wait((server, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await server


def require_secret(settings: Settings) -> None:
    """Refuse to be reached from other machines with a secret that changes at every start."""
    console = settings.console
    host = console.listen.rpartition(":")[0].strip("[]")
    if console.secret is None and host not in LOOPBACK:
        raise UsageError(
            f"console.listen {console.listen} can be reached from other machines: "
            f"set BOT_CONSOLE__SECRET to {SHORTEST_SECRET} random letters or more"
        )


def house_of(settings: Settings, store: Store, desk: Desk, tokens: Tokens, advisors: Advisors) -> House:
    """Return what the console stands on, put together from the settings."""
    drafts = Drafts(settings.knowledge.path)
    return House(
        store=store,
        tokens=tokens,
        casework=casework(settings, lambda: Voice.of(desk.speaker.advisor.knowledge)),
        zone=zoneinfo.ZoneInfo(settings.staff.zone),
        knowledge=lambda: desk.speaker.advisor.knowledge,
        clock=lambda: datetime.datetime.now(datetime.UTC),
        drafts=drafts,
        explain=partial(_explain, desk),
        parity=parity_of,
        read=QuestionVectors(lambda: desk.speaker.advisor.quickest).of,
        effect=effects_of(drafts, store, desk, advisors),
        public_url=address_of(settings),
        session_hours=settings.console.session_hours,
    )


def effects_of(drafts: Drafts, store: Store, desk: Desk, advisors: Advisors) -> Effect:
    """Return what tells the effect of a draft, one at a time: each wants a second advisor in memory."""
    turn = asyncio.Lock()

    async def effect(draft: str, day: datetime.date) -> Replay:
        async with turn:
            before = desk.speaker.advisor
            trial = partial(advisors.trial, meaning=bool(before.encoders))
            questions = await tending.last_questions(store, MOST_ASKED_AGAIN)
            return await app.beside(
                lambda: replaying.effect(draft, drafts, questions, before=before, trial=trial, day=day)
            )

    return effect


def _explain(
    desk: Desk,
    question: str,
    *,
    language: str | None,
    country: str | None,
    audience: str | None,
    day: datetime.date,
) -> Explanation:
    profile = Profile(language=language, country=country, audience=audience)
    return tried(desk.speaker.advisor, question, day=day, profile=profile)


def parity_of(knowledge: Knowledge, now: datetime.datetime) -> list[Line]:
    """Return which texts of the knowledge are there in which language; slow where git is asked."""
    return table(knowledge, changes(knowledge, state=knowledge.folder / FOLDER / STATE, now=now))


def tokens_of(settings: Settings) -> Tokens:
    """Return the tokens under the secret of the settings, or under a new one that ends with this process."""
    given = settings.console.secret
    secret = given.get_secret_value() if given else secrets.token_urlsafe(32)
    if len(secret) < SHORTEST_SECRET:
        raise UsageError(f"console.secret is shorter than {SHORTEST_SECRET} letters; make it random ones")
    return Tokens(secret.encode())


def address_of(settings: Settings) -> str:
    """Return the address people reach the console at."""
    return (settings.console.public_url or f"http://{settings.console.listen}").rstrip("/")
