"""`console`: the staff page alone, with a link that signs in once."""

import asyncio
import datetime
import logging
import secrets
import signal
from typing import Annotated

import typer

from bot.app import Advisors, Desk, keep_current, open_store, promise
from bot.cli.parts import configured
from bot.console.house import LOCAL, House, Member
from bot.console.server import is_local, serve, taken
from bot.console.signing_in import make_link
from bot.console.site import site
from bot.console.tokens import Tokens
from bot.conversation.dialogue import Speaker
from bot.errors import UsageError
from bot.settings import Settings
from bot.store import Store

log = logging.getLogger(__name__)

WATCH_SECONDS = 5.0


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
        advisors = Advisors(settings)
        desk = Desk(Speaker.of(advisors.build(meaning=False)), promise=promise(settings.staff.promise_days))
        return await make_link(house_of(settings, store, desk), LOCAL)
    finally:
        await store.close()


async def _console(settings: Settings) -> None:
    require_secret(settings)
    door = taken(settings.console.listen)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    advisors = Advisors(settings)
    speaker = Speaker.of(advisors.build(meaning=advisors.ready()))
    desk = Desk(speaker, promise=promise(settings.staff.promise_days))
    store = await open_store(settings)
    watch = asyncio.create_task(keep_current(advisors, desk, every=WATCH_SECONDS))
    try:
        house = house_of(settings, store, desk)
        link = await make_link(house, LOCAL)
        await serve(
            site(house), door, stop, proxy=settings.console.proxy, ready=lambda: print(link, flush=True)
        )
    finally:
        watch.cancel()
        await store.close()


def require_secret(settings: Settings) -> None:
    """Refuse to be reached from other machines with a secret that changes at every start."""
    console = settings.console
    if console.secret is None and not is_local(console.listen):
        raise UsageError(
            f"console.listen {console.listen} can be reached from other machines: "
            "set BOT_CONSOLE__SECRET to at least 32 random letters"
        )


def house_of(settings: Settings, store: Store, desk: Desk) -> House:
    """Return what the console stands on, put together from the settings."""
    console = settings.console
    secret = console.secret.get_secret_value() if console.secret else secrets.token_urlsafe(32)
    if len(secret) < 32:
        raise UsageError("console.secret is shorter than 32 letters; set BOT_CONSOLE__SECRET to random ones")

    async def member(id: str) -> Member | None:
        return Member(id=LOCAL, name="Local", role="admin") if id == LOCAL else None

    return House(
        store=store,
        tokens=Tokens(secret.encode()),
        members=member,
        knowledge=lambda: desk.speaker.advisor.knowledge,
        clock=lambda: datetime.datetime.now(datetime.UTC),
        public_url=(console.public_url or f"http://{console.listen}").rstrip("/"),
        session_hours=console.session_hours,
    )
