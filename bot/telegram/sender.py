"""From the outbox to Telegram: paced, in order per chat, each message once as far as can be known.

A message is marked before it is sent, and again when its answer came. When the answer is lost, or the
process is killed in between, nobody can know whether it was delivered: it is sent once more, so at worst
it is read twice, or three times after a kill in that very moment. What never reached the server is
tried until it does. A 429 holds back the one chat.
"""

import asyncio
import contextlib
import datetime
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError

from bot.errors import BotError
from bot.observing.metrics import Metrics
from bot.observing.trace import traced
from bot.store import BROADCAST, OutboxRow, Queued, Reading, Store, Transaction, Unavailable
from bot.telegram import calls, faults
from bot.telegram.afterwards import Afterwards, Settled
from bot.telegram.calls import Call
from bot.telegram.desk import CHANNEL
from bot.telegram.faults import Fault
from bot.telegram.pace import Pace
from bot.telegram.patience import asked_wait, back_off, rested
from bot.telegram.revisions import settled
from bot.telegram.server import Server
from bot.telegram.work import WAITED_FOR

log = logging.getLogger(__name__)

# Calls under way together, and rows looked at to find as many whose chats may be written to.
AT_ONCE, LOOKED_AT = 16, 200
# Of those calls, how many broadcasts leave free, so that an answer never waits behind a slow server.
KEPT_FREE = 4
# Seconds: how often to look for what another process posted; what calls under way are given at the end.
LOOK, LAST_CALL = 1.0, 5.0
# How long a pressed button or an inline query waits for its answer; Telegram refuses later ones.
PRESS_LASTS = datetime.timedelta(seconds=60)
# For how long Telegram counts what was sent to a group.
COUNTED = datetime.timedelta(minutes=1)
# What is kept with a message that may have been delivered already; the second time it is given up.
LOST = "answer lost"
# What is kept with a message whose process ended before the answer came: it may not even have left.
ENDED = "ended while sending"
# How often a message may be under way when the process ends before it is given up.
ENDS = 3


@dataclass(frozen=True)
class Delivered:
    """The server did what was asked; `message_id` is the message's number where it made one."""

    message_id: int | None = None
    result: Any = None


@dataclass(frozen=True)
class Later:
    """To be tried again after so many seconds."""

    seconds: float
    error: str


@dataclass(frozen=True)
class Failed:
    """Given up; `gone` where the chat takes no messages any more."""

    error: str
    gone: bool = False


Outcome = Delivered | Later | Failed


class Sender:
    """Delivers what is due. One for each bot: it alone keeps the pace."""

    def __init__(
        self,
        server: Server,
        store: Store,
        *,
        pace: Pace,
        now: Callable[[], datetime.datetime],
        clock: Callable[[], float] = time.monotonic,
        metrics: Metrics | None = None,
        afterwards: Afterwards | None = None,
    ):
        self._metrics = metrics or Metrics()
        self._server = server
        self._store = store
        self._pace = pace
        self._now = now
        self._clock = clock
        self._afterwards = afterwards or Afterwards()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._ended: list[tuple[OutboxRow, Outcome]] = []
        self.settled: Callable[[], None] = lambda: None
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Deliver until cancelled; then let the calls under way end.

        Of all processes on one database, one at a time sends for a bot, since only one can keep its pace.
        """
        failures = 0
        try:
            while True:
                try:
                    async with self._store.alone(f"sender {self._server.id}", self.wake.set) as place:
                        await self._recover()
                        while True:
                            self.wake.clear()
                            await place.check()
                            rest = await self._round()
                            failures = 0
                            await rested(self.wake, rest)
                except Unavailable as error:
                    wait = back_off(failures)
                    log.warning("%s; next try in %.1f s", error, wait)
                    failures += 1
                    await asyncio.sleep(wait)
        finally:
            await self._finish()

    async def _recover(self) -> None:
        """Put back what a process that ended left half-sent, once each; what this one is sending is not."""
        own = {*self._under_way, *(row.id for row, _ in self._ended)}
        async with self._store.turn() as transaction:
            await self._remember_pace(transaction)
            for row in await transaction.stuck():
                if row.id not in own:
                    self._pace.count(row.chat, self._clock())
                    await self._settle([(row, _half_sent(row))], transaction)

    async def _remember_pace(self, reading: Reading) -> None:
        """Begin from what was sent just before this process did: Telegram counts it, too."""
        clock, now = self._clock(), self._now()
        sent = [
            (chat, clock - (now - at).total_seconds())
            for chat, at in await reading.sent_since(now - COUNTED)
            if not chat.startswith(WAITED_FOR)
        ]
        self._pace.begin(clock, sent)

    async def _round(self) -> float:
        """Store what ended and begin what is due, in one commit; return for how long nothing will be due."""
        ended = list(self._ended)
        async with self._store.turn() as transaction:
            await self._settle(ended, transaction)
            async with contextlib.nullcontext(transaction) if ended else transaction.aside() as reading:
                due = await reading.next_in_line(self._now(), LOOKED_AT)
            paced, rest = self._paced(due)
            taken = [
                await settled(row, transaction)
                for row in await transaction.sending(*(row.id for row in paced))
            ]
        del self._ended[: len(ended)]
        if any(row.after_key for row, _ in ended):
            self.settled()
        for row in taken:
            self._begin(row)
        return rest

    def _paced(self, due: list[Queued]) -> tuple[list[Queued], float]:
        """Return which of the due rows may be sent at once, and when the next one may."""
        clock = self._clock()
        free = AT_ONCE - len(self._under_way)
        rows: list[Queued] = []
        rest = LOOK
        for row in due:
            wait = self._pace.wait(row.chat, clock) if _is_paced(row) else 0.0
            if wait:
                rest = min(rest, wait)
            elif len(rows) < (free if row.priority < BROADCAST else free - KEPT_FREE):
                rows.append(row)
                if _is_paced(row):
                    self._pace.count(row.chat, clock)
        return rows, rest

    def _begin(self, row: OutboxRow) -> None:
        self._under_way[row.id] = task = asyncio.create_task(self._deliver(row))
        task.add_done_callback(lambda _: self._under_way.pop(row.id))

    async def _deliver(self, row: OutboxRow) -> None:
        with traced(row.trace):
            try:
                outcome = await self._outcome(row)
            except Exception as error:
                outcome = Failed(faults.placed(error))
            _log(row, outcome)
        if isinstance(outcome, Later):
            asyncio.get_running_loop().call_later(outcome.seconds, self.wake.set)
        self._count(row, outcome)
        self._ended.append((row, outcome))
        self.wake.set()

    def _count(self, row: OutboxRow, outcome: Outcome) -> None:
        self._metrics.send(str(row.payload.get("method")), type(outcome).__name__.lower())
        if isinstance(outcome, Delivered) and not _is_press(row):
            self._metrics.delivered((self._now() - row.created_at).total_seconds())

    async def _outcome(self, row: OutboxRow) -> Outcome:
        if _is_press(row) and self._now() - row.created_at > PRESS_LASTS:
            return Delivered()
        try:
            result = await self._call(row)
        except TelegramError as error:
            return _outcome_of(error, row)
        return Delivered(result.get("message_id") if isinstance(result, dict) else None, result)

    async def _call(self, row: OutboxRow) -> Any:
        call: Call = row.payload
        try:
            return await self._server.call(**call)
        except ChatMigrated as error:
            return await self._server.call(**calls.moved(call, error.new_chat_id))
        except BadRequest as error:
            # What follows knows better where a message that is gone has to stand anew.
            if faults.fault(error) is not Fault.UNEDITABLE or self._afterwards.follows(row):
                raise
            return await self._server.call(**calls.as_new(call))

    async def _settle(self, ended: Sequence[tuple[OutboxRow, Outcome]], transaction: Transaction) -> None:
        """Store how calls ended, and do what follows them and what they took down with them."""
        gone = [row.chat for row, outcome in ended if isinstance(outcome, Failed) and outcome.gone]
        dropped = [row for chat in gone for row in await transaction.waiting_with_key(chat)]
        await _store_all(ended, self._now(), transaction)
        for row, outcome in ended:
            if isinstance(outcome, Delivered):
                await self._afterwards.happened(Settled(row, outcome.result), transaction)
            elif isinstance(outcome, Failed):
                await self._afterwards.happened(Settled(row, error=outcome.error), transaction)
        for row in dropped:
            await self._afterwards.happened(Settled(row, error="dropped"), transaction)

    async def _finish(self) -> None:
        """Let calls under way end, and store how; what does not end in time is taken up at the next start."""
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=LAST_CALL)
        for task in self._under_way.values():
            task.cancel()
        try:
            async with self._store.turn() as transaction:
                await self._settle(self._ended, transaction)
        except BotError as error:
            log.error("%s", error)


def _outcome_of(error: TelegramError, row: OutboxRow) -> Outcome:
    match faults.fault(error):
        case Fault.UNCHANGED | Fault.EXPIRED:
            return Delivered()
        case Fault.LOST if not _is_repeatable(row):
            return _lost(row)
        case Fault.BUSY if isinstance(error, RetryAfter):
            return Later(asked_wait(error), _kept(row, error))
        case Fault.UNDONE | Fault.LOST:
            return Later(back_off(row.tries - 1), _kept(row, error))
        case Fault.GONE:
            return Failed(faults.told(error), gone=True)
    return Failed(faults.told(error))


def _lost(row: OutboxRow) -> Outcome:
    """Return what becomes of a message that may have been delivered: one more try, if it had none."""
    if row.error == LOST and not _is_repeatable(row):
        return Failed(LOST)
    return Later(back_off(row.tries - 1), LOST)


def _half_sent(row: OutboxRow) -> Outcome:
    """Return what becomes of a message that was under way when its process ended.

    It may not even have left: so it is only given up after as many ends as nobody meets.
    """
    if row.tries > ENDS and not _is_repeatable(row):
        return Failed(LOST)
    return Later(back_off(row.tries - 1), LOST if row.error == LOST else ENDED)


def _kept(row: OutboxRow, error: TelegramError) -> str:
    """Return the error to keep: once an answer was lost, that is never forgotten."""
    return LOST if row.error == LOST else faults.told(error)


async def _store_all(
    ended: Sequence[tuple[OutboxRow, Outcome]], now: datetime.datetime, transaction: Transaction
) -> None:
    await transaction.all_sent(
        [(row.id, done.message_id) for row, done in ended if isinstance(done, Delivered)], now
    )
    for row, outcome in ended:
        if not isinstance(outcome, Delivered):
            await _store(row, outcome, now, transaction)


async def _store(row: OutboxRow, outcome: Outcome, now: datetime.datetime, transaction: Transaction) -> None:
    match outcome:
        case Later(seconds, error):
            await transaction.postpone(row.id, now + datetime.timedelta(seconds=seconds), error)
        case Failed(error, gone):
            await transaction.fail(row.id, error, now)
            if gone:
                await transaction.mark_blocked(CHANNEL, row.chat, now)
                await transaction.drop_for_chat(row.chat, now, error)


def _log(row: OutboxRow, outcome: Outcome) -> None:
    match outcome:
        case Later(seconds, error):
            log.warning("message %s: %s; next try in %.1f s", row.id, error, seconds)
        case Failed(error):
            log.error("message %s: %s; given up", row.id, error)


def _is_press(row: OutboxRow) -> bool:
    return row.payload.get("method") in ("answerCallbackQuery", "answerInlineQuery")


def _is_paced(row: Queued) -> bool:
    return not row.chat.startswith(WAITED_FOR)


def _is_repeatable(row: OutboxRow) -> bool:
    """Say whether doing the call twice is the same as doing it once."""
    return not str(row.payload.get("method")).startswith(("send", "create"))
