"""One update in hand: what the handlers are given, and where their answers are written."""

import datetime
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from telegram import User
from telegram.ext import CallbackContext

from bot.conversation.events import Event, Said
from bot.conversation.records import Forgotten, Request, Turn
from bot.store import InboxRow, OutboxRow, Transaction
from bot.telegram import calls
from bot.telegram.calls import Call, Place
from bot.telegram.desk import CHANNEL, Desk
from bot.telegram.server import Server

# Begins the name of the queue an answer to a press waits in, alone.
PRESS = "press "

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass
class Work:
    """An inbox row being answered in one transaction.

    `failure` is what a handler raised, `asked` what was logged. `erased` says that a person was forgotten,
    which ends with the words leaving the file.
    """

    row: InboxRow
    desk: Desk
    transaction: Transaction
    now: datetime.datetime
    failure: Exception | None = None
    erased: bool = False
    asked: list[Request] = field(default_factory=list)

    @property
    def event(self) -> str:
        """The id of the update's event: the same each time the update is worked on."""
        return event_id(self.row.update_id)

    async def answer(self, event: Event, *, user: User, place: Place) -> None:
        """Let the desk answer what `user` did, and post its replies to `place`."""
        event = _answering(event, self.row)
        turn = await self.desk.handle(
            CHANNEL, str(user.id), event, hint_language=user.language_code, transaction=self.transaction
        )
        self.erased = any(isinstance(record, Forgotten) for record in turn.records)
        self.asked += [record for record in turn.records if isinstance(record, Request)]
        about = {} if self.erased else _about(turn)
        await self.post(calls.answers(turn.replies, place), chat=place.chat, **about)

    async def post(
        self, said: Sequence[Call], *, chat: str, person: str | None = None, request: str | None = None
    ) -> None:
        """Write calls to the outbox, in order."""
        for call in said:
            row = OutboxRow(
                chat=_queue(call, chat),
                payload=call,
                created_at=self.now,
                due_at=self.now,
                person=person,
                request=request,
                trace=self.event,
            )
            await self.transaction.post(row)


def event_id(update_id: int) -> str:
    """Return the id of an update's event, which is its correlation id, too."""
    return f"t{_base36(update_id)}"


IN_HAND: ContextVar[Work] = ContextVar("IN_HAND")


class Context(CallbackContext[Server, dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The library's context of a handler, with the work in hand."""

    @property
    def work(self) -> Work:
        """The update this handler was called for; each runs in a task of its own."""
        return IN_HAND.get()


def _about(turn: Turn) -> dict[str, str | None]:
    """Return whom and which request the replies are about."""
    request = next((record.id for record in turn.records if isinstance(record, Request)), None)
    return {"person": turn.person.id, "request": request}


def _answering(event: Event, row: InboxRow) -> Event:
    """Return the event with the message it answers, in a private chat, where several things are talked of."""
    message = row.payload.get("message")
    if not isinstance(event, Said) or not isinstance(message, dict):
        return event
    private = message.get("chat", {}).get("type") == "private"
    answered = message.get("reply_to_message") if private else None
    number = answered.get("message_id") if isinstance(answered, dict) else None
    return replace(event, answers=number) if number is not None else event


def _queue(call: Call, chat: str) -> str:
    """Return where `call` waits its turn: the answer to a press behind nothing, since it soon expires."""
    press = call["arguments"].get("callback_query_id")
    return chat if press is None else f"{PRESS}{press}"


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
