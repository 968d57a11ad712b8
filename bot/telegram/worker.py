"""From the inbox to the outbox: updates in order per chat, several chats at once."""

import asyncio
import contextlib
import datetime
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.conversation.replies import Reply, Span
from bot.observing.metrics import Metrics
from bot.observing.trace import traced
from bot.store import InboxRow, Store, Transaction, Unavailable
from bot.telegram import calls, faults, presence
from bot.telegram.calls import Place
from bot.telegram.desk import CHANNEL, Desk
from bot.telegram.gathering import Gathering, joined
from bot.telegram.handlers import UPDATES
from bot.telegram.intake import NO_CHAT
from bot.telegram.patience import patiently, rested
from bot.telegram.server import Server
from bot.telegram.texts import Texts
from bot.telegram.work import IN_HAND, Context, Work, event_id

log = logging.getLogger(__name__)

App = Application[Server, Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], None]

AT_ONCE = 16
TRIES = 2
ASKING = frozenset({"message", "edited_message", "callback_query"})
# Seconds: how often to look for what another process left behind; what work in hand is given at the end.
LOOK, LAST_CALL = 2.0, 5.0


class Worker:
    """Lets the handlers answer each waiting update, in a transaction of its own.

    An update whose handler raises is tried once more, then given up with an apology. While the database
    cannot be used, nothing is given up.
    """

    def __init__(
        self,
        application: App,
        store: Store,
        desk: Desk,
        *,
        texts: Texts,
        gathering: Gathering,
        now: Callable[[], datetime.datetime],
        metrics: Metrics | None = None,
    ):
        self._metrics = metrics or Metrics()
        self._application = application
        self._store = store
        self._desk = desk
        self._texts = texts
        self._gathering = gathering
        self._now = now
        self._in_hand: dict[str, asyncio.Task[None]] = {}
        self.posted: Callable[[], None] = lambda: None
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled; then finish what is in hand."""
        try:
            while True:
                self.wake.clear()
                for row in await patiently(self._waiting):
                    self._begin(row)
                await rested(self.wake, LOOK)
        finally:
            await self._finish()

    async def _waiting(self) -> list[InboxRow]:
        free = AT_ONCE - len(self._in_hand)
        if not free:
            return []
        async with self._store.glance() as reading:
            return await reading.waiting(free, exclude_chats=self._in_hand.keys())

    def _begin(self, row: InboxRow) -> None:
        chat = row.chat or NO_CHAT
        if chat not in self._in_hand:
            self._in_hand[chat] = task = asyncio.create_task(self._work(row))
            task.add_done_callback(partial(self._ended, chat))

    def _ended(self, chat: str, _: asyncio.Task[None]) -> None:
        del self._in_hand[chat]
        self.wake.set()

    async def _work(self, row: InboxRow) -> None:
        with traced(event_id(row.update_id)):
            try:
                rows = await patiently(partial(self._gathering.rows, row), passing=(Unavailable,))
                await patiently(partial(self._answer, rows), passing=(Unavailable,))
            except Exception as error:
                await patiently(partial(self._put_back, row, error))
        self.posted()

    async def _answer(self, rows: tuple[InboxRow, ...]) -> None:
        """Write all that follows from an update, or from several that are one question, or nothing."""
        async with self._typing(rows[0]), self._store.turn() as transaction:
            for row in rows:
                if not await transaction.take(row.update_id):
                    return
            work = Work(rows, self._desk, transaction, self._now(), self._texts)
            IN_HAND.set(work)
            await self._application.process_update(Update.de_json(joined(rows), self._application.bot))
            if work.failure is not None:
                raise work.failure
            for row in rows:
                await transaction.done(row.update_id, self._now())
        for row in rows:
            self._count(row, "done", work if row is rows[0] else None)
        if work.erased:
            await self._store.compact()

    def _typing(self, row: InboxRow) -> contextlib.AbstractAsyncContextManager[None]:
        chat = _asking(row)
        return presence.typing(self._application.bot, chat) if chat else contextlib.nullcontext()

    def _count(self, row: InboxRow, result: str, work: Work | None = None) -> None:
        kind = next((name for name in row.payload if name != "update_id"), "other")
        waited = (self._now() - row.received_at).total_seconds()
        self._metrics.update(kind if kind in UPDATES else "other", result, waited)
        for request in work.asked if work else ():
            self._metrics.request(request.outcome, request.language, request.country)

    async def _put_back(self, row: InboxRow, error: Exception) -> None:
        """Have the update tried once more, or give it up."""
        log.error("update %s: %s", row.update_id, faults.placed(error))
        async with self._store.turn() as transaction:
            if not await transaction.take(row.update_id):
                return
            again = row.tries + 1 < TRIES
            if again:
                await transaction.retry(row.update_id)
            else:
                await self._give_up(row, error, transaction)
        self._count(row, "retried" if again else "failed")

    async def _give_up(self, row: InboxRow, error: Exception, transaction: Transaction) -> None:
        """Store the failure and the apology together: so it is said once."""
        work = Work((row,), self._desk, transaction, self._now(), self._texts)
        await transaction.failed(row.update_id, type(error).__name__, work.now)
        if press := _press(row):
            await work.post([calls.press_answered(press)], chat=row.chat or press)
        if query := _query(row):
            await work.post([calls.inline_answered(query)], chat=row.chat or query)
        if chat := _asking(row):
            person = await transaction.person(CHANNEL, chat)
            sorry = self._texts.sorry(person.language if person else _language(row))
            apology = Reply(lines=((Span(sorry.strip()),),))
            await work.post(
                calls.message(apology, Place(chat)), chat=chat, person=person.id if person else None
            )

    async def _finish(self) -> None:
        if not self._in_hand:
            return
        _, late = await asyncio.wait(self._in_hand.values(), timeout=LAST_CALL)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _asking(row: InboxRow) -> str | None:
    """Return the private chat in which a person waits for an answer to the update, None where nobody does."""
    asks = ASKING & row.payload.keys()
    return row.chat if asks and row.chat and row.chat.isdecimal() else None


def _press(row: InboxRow) -> str | None:
    press = row.payload.get("callback_query")
    return press.get("id") if isinstance(press, dict) else None


def _query(row: InboxRow) -> str | None:
    query = row.payload.get("inline_query")
    return query.get("id") if isinstance(query, dict) else None


def _language(row: InboxRow) -> str | None:
    contents = [content for content in row.payload.values() if isinstance(content, dict)]
    people = [content["from"] for content in contents if isinstance(content.get("from"), dict)]
    return next((person.get("language_code") for person in people), None)
