"""Telegram as a channel: everything of this room put together, started and stopped."""

import asyncio
import datetime
from collections.abc import Callable, Sequence

from starlette.routing import BaseRoute
from telegram.error import InvalidToken
from telegram.ext import ApplicationBuilder, ContextTypes

from bot.errors import BotError, UsageError
from bot.listening import Listener
from bot.observing.metrics import Metrics
from bot.settings import TelegramSettings
from bot.store import Store
from bot.telegram import commands, secrecy, server
from bot.telegram.desk import Desk
from bot.telegram.gathering import Gathering, Pauses
from bot.telegram.handlers import HANDLERS, fail
from bot.telegram.intake import Intake
from bot.telegram.pace import Pace
from bot.telegram.patience import patiently
from bot.telegram.sender import Sender
from bot.telegram.staff_group import StaffGroup
from bot.telegram.texts import Texts
from bot.telegram.webhook import Webhook
from bot.telegram.work import Context
from bot.telegram.worker import App, Worker


def utc_now() -> datetime.datetime:
    """Return the present moment."""
    return datetime.datetime.now(datetime.UTC)


class Telegram:
    """The bot on Telegram: takes updates in, has them answered at the desk, and sends the answers.

    With a `listener` updates are brought to it (a webhook), with the routes `beside` at the same address;
    without one they are asked for.
    """

    def __init__(
        self,
        settings: TelegramSettings,
        store: Store,
        desk: Desk,
        texts: Texts,
        *,
        staff: StaffGroup | None = None,
        pace: Pace | None = None,
        metrics: Metrics | None = None,
        pauses: Pauses | None = None,
        listener: Listener | None = None,
        beside: Sequence[BaseRoute] = (),
        now: Callable[[], datetime.datetime] = utc_now,
    ):
        self._settings = settings
        self._token = _token(settings)
        self._texts = texts
        self._server = server.connect(settings, self._token)
        self._staff = staff
        self._store = store
        self._application = _application(self._server, staff)
        self._intake = (
            Webhook(settings, self._server, store, listener=listener, beside=beside, now=now)
            if listener
            else Intake(self._server, store, now=now)
        )
        self._worker = Worker(
            self._application,
            store,
            desk,
            texts=texts,
            gathering=Gathering(store, now=now, pauses=pauses),
            now=now,
            metrics=metrics,
        )
        self._sender = Sender(
            self._server,
            store,
            pace=pace or _pace(settings),
            now=now,
            metrics=metrics,
            afterwards=staff.afterwards if staff else None,
        )
        self._intake.received = self._worker.wake.set
        self._worker.posted = self.posted
        if staff is not None:
            self._sender.settled = staff.wake.set
            staff.posted = self._sender.wake.set

    def posted(self) -> None:
        """Tell the sender that something was written to the outbox, and the cards that something happened."""
        self._sender.wake.set()
        if self._staff is not None:
            self._staff.wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set, then end what is in hand; raise `BotError` where that is impossible."""
        secrecy.hide(self._token)
        serving = asyncio.create_task(self._serve())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            serving.cancel()
            stopping.cancel()
            await asyncio.wait({serving, stopping})
        if not serving.cancelled():
            serving.result()

    async def _serve(self) -> None:
        try:
            await patiently(self._application.initialize)
            await self._serve_all()
        except (InvalidToken, ExceptionGroup) as error:
            raise self._plain(error) from None
        finally:
            await self._application.shutdown()
            await self._server.shutdown()  # for when not even the start succeeded

    async def _serve_all(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._intake.run())
            tasks.create_task(self._worker.run())
            tasks.create_task(self._sender.run())
            if self._staff is not None:
                tasks.create_task(patiently(self._keep_cards))
                tasks.create_task(self._staff.admit(self._server))
            tasks.create_task(commands.publish(self._server, self._texts))

    async def _keep_cards(self) -> None:
        """Keep the staff's cards up to date, in one process at a time of those on one database."""
        if self._staff is not None:
            async with self._store.alone(f"cards {self._server.id}"):
                await self._staff.run()

    def _plain(self, error: Exception) -> Exception:
        """Return the first error of a group, and a refused token as the one line a person can act on."""
        first = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
        if not isinstance(first, InvalidToken):
            return first
        address = self._settings.base_url.partition("//")[2].partition("/")[0]
        return BotError(f"telegram.token was refused by {address}; get one from @BotFather")


def _token(settings: TelegramSettings) -> str:
    if settings.token is None or not settings.token.get_secret_value():
        raise UsageError("telegram.token is missing; get one from @BotFather and set BOT_TELEGRAM__TOKEN")
    return settings.token.get_secret_value()


def _pace(settings: TelegramSettings) -> Pace:
    return Pace.unlimited() if settings.pace == "none" else Pace()


def _application(bot: server.Server, staff: StaffGroup | None) -> App:
    """Return the application that updates are fed to: no updater, no jobs, and the list of handlers."""
    builder = ApplicationBuilder().bot(bot).updater(None).job_queue(None).concurrent_updates(False)
    application = builder.context_types(ContextTypes(context=Context)).build()
    application.add_handlers([*(staff.handlers if staff else ()), *HANDLERS])
    application.add_error_handler(fail)
    return application
