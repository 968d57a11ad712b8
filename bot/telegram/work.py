"""One update in hand: what the handlers are given, and where their answers are written."""

import datetime
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from telegram import Message
from telegram.constants import ChatType
from telegram.ext import CallbackContext

from bot.conversation.events import Event, Said
from bot.conversation.records import Forgotten, Request, Turn
from bot.store import InboxRow, OriginRow, OutboxRow, Transaction
from bot.telegram import calls, gate, inline, revisions
from bot.telegram.calls import Call, Place
from bot.telegram.desk import CHANNEL, Desk
from bot.telegram.server import Server
from bot.telegram.texts import Texts

# Begin the names of the queues in which an answer to a press, or to an inline query, waits alone.
WAITED_FOR = ("press ", "inline ")

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Who:
    """Who did something: where they are known by, and the language their Telegram is in."""

    address: str
    language: str | None


@dataclass
class Work:
    """What is answered in one transaction: an inbox row, or several that are one question.

    `failure` is what a handler raised, `asked` what was logged. `erased` says that a person was forgotten,
    which ends with the words leaving the file.
    """

    rows: tuple[InboxRow, ...]
    desk: Desk
    transaction: Transaction
    now: datetime.datetime
    texts: Texts
    failure: Exception | None = None
    erased: bool = False
    asked: list[Request] = field(default_factory=list)

    @property
    def row(self) -> InboxRow:
        """The first row, which the event is named after."""
        return self.rows[0]

    @property
    def event(self) -> str:
        """The id of the update's event: the same each time the update is worked on."""
        return event_id(self.row.update_id)

    def named(self, message: Message) -> dict[str, Any]:
        """Return what every event made of `message` has."""
        in_group = message.chat.type != ChatType.PRIVATE
        return {"id": self.event, "at": self.row.received_at, "in_group": in_group}

    async def answer(self, event: Event, *, who: Who, place: Place, message: int | None = None) -> None:
        """Let the desk answer what `who` did, and post its replies to `place`.

        `message` is the number of the message the event was made of, where it was made of one.
        """
        async with self.transaction.aside() as stored:
            person = await stored.person(CHANNEL, who.address)
            refused = await gate.refusal(person, place.chat, self.row, now=self.now, stored=stored)
        if refused is not None:
            await self._turn_away(refused, event, who, place, message)
            return
        if person is not None and person.blocked_at is not None:
            # Who writes takes messages again: the word of it may have come before the last refusal.
            await self.transaction.mark_blocked(CHANNEL, who.address, None)
        event = _answering(event, self.row)
        turn = await self.desk.handle(
            CHANNEL,
            who.address,
            event,
            hint_language=who.language,
            transaction=self.transaction,
            stored=person,
        )
        self.erased = any(isinstance(record, Forgotten) for record in turn.records)
        self.asked += [record for record in turn.records if isinstance(record, Request)]
        about = {} if self.erased else _about(turn)
        question = getattr(event, "revises", None) or event.id
        key = revisions.of_message(place.pressed) if place.pressed else revisions.ANSWER + question
        await self.post(calls.answers(turn.replies, place), chat=place.chat, key=key, **about)
        if message is not None and not self.erased:
            await self._keep_origins(question, place, turn.person.id)

    async def offer(self, query: str, text: str, who: Who) -> None:
        """Offer what fits an inline query; who was banned is offered nothing."""
        async with self.transaction.aside() as stored:
            person = await stored.person(CHANNEL, who.address)
        language = person.language if person else who.language
        results: Sequence[dict[str, Any]] = ()
        if person is None or person.banned_at is None:
            offers = await self.desk.offers(person, text, hint_language=who.language, day=self.now.date())
            results = inline.results(offers)
        call = calls.inline_answered(query, results, button=self.texts.line("inline", language))
        await self.post([call], chat=who.address, person=person.id if person else None)

    async def post(
        self,
        said: Sequence[Call],
        *,
        chat: str,
        key: str | None = None,
        person: str | None = None,
        request: str | None = None,
    ) -> None:
        """Write calls to the outbox, in order; `key` is what they are found by again."""
        for call in said:
            queue = _queue(call, chat)
            row = OutboxRow(
                chat=queue,
                payload=call,
                # A press waits since it arrived: it is that which makes it too old to be answered.
                created_at=self.row.received_at if queue.startswith(WAITED_FOR) else self.now,
                due_at=self.now,
                person=person,
                request=request,
                trace=self.event,
                after_key=key,
            )
            await self.transaction.post(row)

    async def _turn_away(
        self, refused: gate.Refusal, event: Event, who: Who, place: Place, message: int | None
    ) -> None:
        """Say why nobody answers, and keep what was asked."""
        replies = refused.reply(self.texts, who.language)
        await self.post(
            calls.answers(replies, place), chat=place.chat, key=refused.why, person=refused.person.id
        )
        asked = gate.noted(event, refused.person) if refused.why == gate.SLOW else None
        if asked is not None and not await self.transaction.revise_request(asked):
            await self.transaction.add_request(asked)
        if asked is not None and message is not None:
            await self._keep_origins(asked.id, place, refused.person.id)

    async def _keep_origins(self, event: str, place: Place, person: str) -> None:
        for row in self.rows:
            await self.transaction.add_origin(
                OriginRow(
                    update_id=row.update_id,
                    channel=CHANNEL,
                    chat=place.chat,
                    message=_number(row),
                    person=person,
                    event=event,
                    at=self.now,
                )
            )


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
    """Return where `call` waits its turn: what soon expires behind nothing."""
    asked = (call["arguments"].get("callback_query_id"), call["arguments"].get("inline_query_id"))
    return next((f"{begin}{number}" for begin, number in zip(WAITED_FOR, asked, strict=True) if number), chat)


def _number(row: InboxRow) -> int:
    """Return the number of the message an update brought."""
    message = row.payload.get("message") or row.payload.get("edited_message") or {}
    return int(message.get("message_id", 0))


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
