"""Cards kept up to date: each open case has one in the chat of whom it is for, edited in place.

What changed is read from the store, so it does not matter who changed it: the bot, the console, the
command line, another process. A card has at most one change under way; whatever happens meanwhile is
in the next one. So many changes in a row cost a staff group, which takes 20 messages a minute, two.
"""

import datetime
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.casework.dossier import Dossier, dossier
from bot.casework.offices import Offices
from bot.casework.reminders import due
from bot.casework.rights import SENSITIVE
from bot.casework.work import REPLY_KEY, Casework
from bot.conversation.messages import lines
from bot.conversation.replies import Button, Line, Reply, Span
from bot.store import STAFF, CardRow, CaseRow, ListedCase, OutboxRow, StaffRow, Transaction
from bot.telegram import calls
from bot.telegram.afterwards import Follow, Settled
from bot.telegram.calls import Call, Place
from bot.telegram.desk import CHANNEL
from bot.telegram.staff_group_card import Look, Rows, card, name, shortened

log = logging.getLogger(__name__)

# Cards begun in one go; the rest waits for the next look.
AT_ONCE = 20
TOPIC, CARD, TOLD = "topic", "card", "told"
# What Telegram says of a group without topics, and of a topic that was deleted.
NO_TOPICS, NO_THREAD = "not a forum", "thread not found"


@dataclass
class Cards:
    """Draws cards and keeps where they stand. `plain` are the groups that turned out to have no topics."""

    casework: Casework
    offices: Offices
    language: str
    now: Callable[[], datetime.datetime]
    drafts: bool = False

    def __post_init__(self) -> None:
        self._plain: set[str] = set()
        self._unnamed: set[str] = set()

    @property
    def follow(self) -> dict[str, Follow]:
        """What follows the messages that are posted here, and the staff's replies."""
        return {TOPIC: self._topic_made, CARD: self._card_shown, TOLD: self._told, REPLY_KEY: self._replied}

    # -- what has to be shown ----------------------------------------------------------------------

    async def tend(self, transaction: Transaction) -> bool:
        """Post what the staff's chats do not show yet; return whether there was anything."""
        posted = False
        for case in await transaction.cases_without_card(AT_ONCE, passing=sorted(self._unnamed)):
            posted |= await self._begin(case, transaction)
        for row in await transaction.stale_cards(AT_ONCE):
            posted |= await self._draw(row, transaction)
        return posted

    async def chats(self, case: CaseRow, transaction: Transaction) -> list[str]:
        """Return the chats a case is shown in: its office's group, or those of the people it is for alone."""
        staff = [each for each in await transaction.staff() if each.channel == CHANNEL]
        if case.reason == SENSITIVE:
            return [each.address for each in self.casework.rights.named(staff)]
        office = self.offices.named(case.office)
        if office.group_id is not None:
            return [str(office.group_id)]
        return [each.address for each in staff if each.id == office.person]

    async def _begin(self, case: CaseRow, transaction: Transaction) -> bool:
        chats = await self.chats(case, transaction)
        for chat in chats:
            await transaction.add_card(CardRow(case=case.id, chat=chat))
        if chats:
            return False  # drawn with the stale ones, in the same transaction
        self._unnamed.add(case.id)
        return await self._tell_unnamed(case, transaction)

    async def _tell_unnamed(self, case: CaseRow, transaction: Transaction) -> bool:
        """Say, once and without a word of it, that a sensitive case has nobody to go to."""
        group = self.offices.whole.group_id
        if case.reason != SENSITIVE or group is None:
            return False
        if not await transaction.once(f"unnamed:{case.id}", self.now()):
            return False
        said = Reply(lines(self._look(str(group), threaded=False).say("staff.unnamed")))
        for call in calls.message(said, Place(str(group))):
            await self.post(call, str(group), transaction)
        return True

    # -- what is announced -------------------------------------------------------------------------

    async def remind(self, transaction: Transaction) -> bool:
        """Post the reminders of this day that are due; return whether there was any."""
        at = self.now()
        reminders = await due(self.offices, self.casework.rights, at=at, transaction=transaction)
        for reminder in reminders:
            chat = str(reminder.office.group_id or "") if reminder.who is None else _private(reminder.who)
            if not chat:
                continue
            look = self.look_at(chat)
            key = "staff.reminder.overdue" if reminder.who is None else "staff.reminder.due"
            heading = lines(look.say(key, n=str(len(reminder.cases))))
            listed, rows = await self.listed(reminder.cases[:AT_ONCE], chat, transaction)
            await self.announce(Reply((*heading, *listed), rows), chat, transaction)
        return bool(reminders)

    async def announce(self, reply: Reply, chat: str, transaction: Transaction) -> None:
        """Post something that belongs to no case to a staff chat."""
        for call in calls.message(reply, Place(chat)):
            await self.post(call, chat, transaction)

    # -- drawing -----------------------------------------------------------------------------------

    async def _draw(self, row: CardRow, transaction: Transaction) -> bool:
        found = await dossier(row.case, transaction)
        if found.case.state == "closed" and row.message_id is None:
            await transaction.set_card(row.case, row.chat, shown=found.case.changes)
            return False
        if row.message_id is None and row.thread_id is None and self._has_topics(row.chat):
            await self._make_topic(row, found, transaction)
        else:
            await self._tell(row, found, transaction)
            await self.show(row, found, transaction)
        return True

    async def _make_topic(self, row: CardRow, found: Dossier, transaction: Transaction) -> None:
        title = name(found, self._look(row.chat, threaded=True))
        call = {"method": "createForumTopic", "arguments": {"chat_id": int(row.chat), "name": title}}
        number = await self.post(call, row.chat, transaction, key=f"{TOPIC}:{row.case}", about=found)
        await transaction.set_card(row.case, row.chat, pending=number)

    async def show(
        self, row: CardRow, found: Dossier, transaction: Transaction, *, rows: Rows | None = None
    ) -> None:
        """Post the card, or its change; `rows` are what is being chosen on it."""
        look = self._look(row.chat, threaded=row.thread_id is not None)
        calls_of = calls.message(card(found, look, rows), Place(row.chat))
        call = _edited(calls_of[0], row.message_id) if row.message_id else _in_thread(calls_of[0], row)
        number = await self.post(call, row.chat, transaction, key=f"{CARD}:{row.case}", about=found)
        await transaction.set_card(row.case, row.chat, pending=number, shown=found.case.changes)
        if row.message_id is None and found.steps:
            # A new card says all there is: nothing of it has to be passed on beside it.
            await transaction.set_card(row.case, row.chat, told=found.steps[-1].id)

    async def _tell(self, row: CardRow, found: Dossier, transaction: Transaction) -> None:
        """Pass on what the person wrote since, in one message: a card that is edited rings no bell."""
        new = [step for step in found.steps if step.what == "said" and step.id > (row.told or 0)]
        if row.message_id is None or not new:
            return
        look = self._look(row.chat, threaded=row.thread_id is not None)
        heading = (Span(look.say("staff.said"), "strong"),)
        words = "\n".join(step.text or "" for step in new)
        for call in calls.message(Reply((heading, *lines(words))), Place(row.chat)):
            await self.post(
                _in_thread(call, row), row.chat, transaction, key=f"{TOLD}:{row.case}", about=found
            )
        await transaction.set_card(row.case, row.chat, told=new[-1].id)

    def look(self, row: CardRow) -> Look:
        """Return how the card is drawn."""
        return self._look(row.chat, threaded=row.thread_id is not None)

    def look_at(self, chat: str) -> Look:
        """Return how something is said in a staff chat."""
        return self._look(chat, threaded=False)

    async def listed(
        self, cases: Sequence[ListedCase], chat: str, transaction: Transaction
    ) -> tuple[tuple[Line, ...], Rows]:
        """Return cases as lines, each with the way to its topic; what needs care has no words here."""
        look = self.look_at(chat)
        said: list[Line] = []
        rows: list[tuple[Button, ...]] = []
        for case in cases:
            row = await transaction.card(case.id, chat)
            close = case.reason == SENSITIVE
            words = (
                look.say("staff.queue.sensitive") if close else case.question or look.say("staff.no_question")
            )
            late = "⏰ " if case.promised and case.promised < look.today else ""
            said.append((Span(f"{late}{case.id} ", "strong"), Span(shortened(" ".join(words.split()), 80))))
            if row is not None and row.thread_id is not None and chat.startswith("-100"):
                label = shortened(f"{case.country or '–'} · {' '.join(words.split())}", 40)
                rows.append((Button(label, url=f"https://t.me/c/{chat[4:]}/{row.thread_id}"),))
        return tuple(said), tuple(rows)

    async def nod(self, chat: str, message_id: int, transaction: Transaction, sign: str = "👌") -> None:
        """Put a sign at a message in a staff chat."""
        reaction = [{"type": "emoji", "emoji": sign}]
        arguments = {"chat_id": int(chat), "message_id": message_id, "reaction": reaction}
        await self.post({"method": "setMessageReaction", "arguments": arguments}, chat, transaction)

    def _look(self, chat: str, *, threaded: bool) -> Look:
        how = "topic" if threaded else "reply" if chat.startswith("-") else "private"
        zone = self.offices.whole.hours.zone
        today = self.now().astimezone(zone).date()
        return Look(self.casework.voice, self.language, today, zone, how, drafts=self.drafts)

    def _has_topics(self, chat: str) -> bool:
        return chat.startswith("-") and chat not in self._plain

    async def post(
        self,
        call: Call,
        chat: str,
        transaction: Transaction,
        *,
        key: str | None = None,
        about: Dossier | None = None,
    ) -> int:
        """Write a call for a staff chat to the outbox; what is `about` a person is erased with them."""
        person = about.person.id if about else None
        return await transaction.post(_row(call, chat, at=self.now(), key=key, person=person))

    async def erase(self, person_id: str, transaction: Transaction) -> None:
        """Have all that shows a person's cases deleted from the staff's chats, before they are forgotten."""
        for case in await transaction.cases_of(person_id):
            await erase(case.id, at=self.now(), transaction=transaction)

    # -- what follows a delivery -------------------------------------------------------------------

    async def _topic_made(self, settled: Settled, transaction: Transaction) -> None:
        chat, case_id = settled.row.chat, settled.argument
        if settled.delivered:
            thread = _number(settled.result, "message_thread_id")
            await transaction.set_card(case_id, chat, thread_id=thread, pending=None)
            return
        if NO_TOPICS not in (settled.error or ""):
            log.error("no topic could be made in the staff group: %s", settled.error)
        # Without topics, or without the right to make them, the card is a message that is replied to.
        self._plain.add(chat)
        await transaction.set_card(case_id, chat, pending=None)

    async def _card_shown(self, settled: Settled, transaction: Transaction) -> None:
        chat, case_id = settled.row.chat, settled.argument
        row = await transaction.card(case_id, chat)
        if row is None:
            return
        if settled.delivered:
            number = _number(settled.result, "message_id") or row.message_id
            await transaction.set_card(case_id, chat, message_id=number, pending=None)
            if number is not None:
                await transaction.keep_staff_message(chat, number, case_id)
        elif row.message_id is None and row.thread_id is None:
            # Nobody can be shown it here; it is tried again when the case changes.
            await transaction.set_card(case_id, chat, pending=None)
        else:
            await self._anew(case_id, chat, transaction)

    async def _anew(self, case_id: str, chat: str, transaction: Transaction) -> None:
        """Forget where the card stood: its topic or itself was deleted, and both are made again."""
        await transaction.set_card(case_id, chat, thread_id=None, message_id=None, shown=None, pending=None)

    async def _told(self, settled: Settled, transaction: Transaction) -> None:
        chat, case_id = settled.row.chat, settled.argument
        if await transaction.card(case_id, chat) is None:
            return
        number = _number(settled.result, "message_id")
        if number is not None:
            await transaction.keep_staff_message(chat, number, case_id)
        elif not settled.delivered and NO_THREAD in (settled.error or ""):
            await self._anew(case_id, chat, transaction)

    async def _replied(self, settled: Settled, transaction: Transaction) -> None:
        """Have the card say whether the person got it, and say it where the staff wrote it."""
        if not await transaction.touch_case(settled.argument):
            return
        step = await transaction.step_of_outbox(settled.row.id)
        written = await transaction.message_of_step(step.id) if step else None
        if step is None or written is None:
            return
        chat, number = written
        if settled.delivered:
            await self.nod(chat, number, transaction)
            return
        look = self.look_at(chat)
        said = Reply(lines(look.say(f"staff.delivery.{step.delivery}")))
        row = await transaction.card(step.case, chat)
        for call in calls.message(said, Place(chat, asked=number)):
            if row is not None and row.thread_id is not None:
                call["arguments"]["message_thread_id"] = row.thread_id
            await self.post(call, chat, transaction)


def _private(who: StaffRow) -> str:
    return who.address if who.channel == CHANNEL else ""


def _edited(call: Call, message_id: int) -> Call:
    return {"method": "editMessageText", "arguments": call["arguments"] | {"message_id": message_id}}


def _in_thread(call: Call, row: CardRow) -> Call:
    """Return `call` into the topic of the card, or as a reply to it where there is no topic."""
    where: dict[str, Any] = {}
    if row.thread_id is not None:
        where["message_thread_id"] = row.thread_id
    elif row.message_id is not None:
        where["reply_parameters"] = {"message_id": row.message_id, "allow_sending_without_reply": True}
    return {"method": call["method"], "arguments": call["arguments"] | where}


def _number(result: object, key: str) -> int | None:
    found = result.get(key) if isinstance(result, dict) else None
    return found if isinstance(found, int) else None


async def erase(case_id: str, *, at: datetime.datetime, transaction: Transaction) -> None:
    """Have all that shows a case deleted from the staff's chats: its topic, or its messages."""
    for row in await transaction.cards(case_id):
        for call in await _erasing(row, transaction):
            await transaction.post(_row(call, row.chat, at=at))


async def _erasing(row: CardRow, transaction: Transaction) -> list[Call]:
    chat = {"chat_id": int(row.chat)}
    if row.thread_id is not None:
        return [{"method": "deleteForumTopic", "arguments": chat | {"message_thread_id": row.thread_id}}]
    numbers = await transaction.messages_of_case(row.case, row.chat)
    return [{"method": "deleteMessage", "arguments": chat | {"message_id": n}} for n in numbers]


def _row(
    call: Call, chat: str, *, at: datetime.datetime, key: str | None = None, person: str | None = None
) -> OutboxRow:
    return OutboxRow(
        chat=chat, payload=call, created_at=at, due_at=at, priority=STAFF, person=person, after_key=key
    )
