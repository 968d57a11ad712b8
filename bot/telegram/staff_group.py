"""The staff's chats: what they write and press there, and the cards they see.

In a group with topics each case is one; elsewhere it is a card and the replies to it. Which message
belongs to which case is kept in the store: nothing that is written is searched for whom it is about.
"""

import asyncio
import datetime
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from telegram import CallbackQuery, Message, Update, User
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from bot.casework import people
from bot.casework.dossier import Dossier, dossier
from bot.casework.faults import Closed, Conflict, Empty, NoCase, NotAllowed, Settled, TooLong
from bot.casework.offices import Offices
from bot.casework.work import OUTCOMES, Casework
from bot.conversation.messages import lines
from bot.conversation.replies import Attachment, Reply, marked, unmarked
from bot.errors import BotError
from bot.store import Reading, StaffRow, StepRow, Store, Transaction
from bot.telegram import calls, faults, handlers
from bot.telegram.afterwards import Afterwards
from bot.telegram.calls import Place
from bot.telegram.desk import CHANNEL
from bot.telegram.patience import patiently, rested
from bot.telegram.render import whole
from bot.telegram.server import Server
from bot.telegram.staff_group_card import VERB, canned, outcomes, resources
from bot.telegram.staff_group_cards import Cards
from bot.telegram.work import Context, Work

log = logging.getLogger(__name__)

# Seconds: how often to look for what another process changed, and who the admins of a group are.
LOOK, ADMINS = 1.0, 3600.0
# At least so much lies between two looks at the cards.
GAP = 0.1
# Seconds a look in hand is given at the end.
LAST_CALL = 5.0
QUEUED = 10


class Drafts(Protocol):
    """Where an answer of the staff becomes a draft of the knowledge."""

    async def save(self, found: Dossier, answer: str, who: StaffRow) -> str:
        """Save the answer as a draft; return its id or file."""
        ...


class Link(Protocol):
    """Makes the address that signs one of the staff in to the console, once."""

    def __call__(self, who: StaffRow, at: datetime.datetime, transaction: Transaction, /) -> Awaitable[str]:
        """Return the address."""
        ...


class StaffGroup:
    """Handlers for the staff's chats, and the task that keeps their cards."""

    def __init__(
        self,
        store: Store,
        casework: Casework,
        offices: Offices,
        *,
        language: str,
        now: Callable[[], datetime.datetime],
        admins_answer: bool = False,
        drafts: Drafts | None = None,
        link: Link | None = None,
    ):
        self._store = store
        self._casework = casework
        self._offices = offices
        self._drafts = drafts
        self._link = link
        self._admins_answer = admins_answer
        self.cards = Cards(casework, offices, language, now, drafts=drafts is not None)
        self.afterwards = Afterwards(dict(self.cards.follow))
        self.posted: Callable[[], None] = lambda: None
        self.wake = asyncio.Event()

    @property
    def groups(self) -> list[int]:
        """The groups of all offices."""
        return sorted({office.group_id for office in self._offices if office.group_id is not None})

    @property
    def handlers(self) -> list[BaseHandler[Update, Context, None]]:
        """What staff do, in this order, before what people do."""
        here = filters.Chat(self.groups)
        answered = filters.ChatType.PRIVATE & filters.REPLY
        words = filters.TEXT | filters.CAPTION
        asks = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & filters.Regex(r"^/console(@\w+)?\s*$")
        return [
            *([MessageHandler(asks, self.let_in)] if self._link is not None else []),
            CallbackQueryHandler(self.press, pattern=rf"^{VERB}:"),
            MessageHandler(here & filters.UpdateType.EDITED_MESSAGE & words, self.edit),
            MessageHandler(here & filters.UpdateType.MESSAGE & filters.TEXT, self.say),
            MessageHandler(here & filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, self.send),
            MessageHandler(answered & filters.UpdateType.EDITED_MESSAGE & words, self.edit),
            MessageHandler(answered & filters.UpdateType.MESSAGE & filters.TEXT, self.say),
            MessageHandler(answered & filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, self.send),
        ]

    async def run(self) -> None:
        """Keep the cards up to date until cancelled."""
        while True:
            self.wake.clear()
            # Stopped in the middle it is ended first: a transaction torn off takes its connection along.
            tending = asyncio.create_task(self._tend_patiently())
            try:
                await asyncio.shield(tending)
            except asyncio.CancelledError:
                await asyncio.wait({tending}, timeout=LAST_CALL)
                tending.cancel()
                raise
            await asyncio.sleep(GAP)  # under load every turn wakes it
            await rested(self.wake, LOOK)

    async def admit(self, server: Server) -> None:
        """Put the groups' admins on the staff, now and each hour, where the settings say so."""
        while self._admins_answer:
            for group in self.groups:
                try:
                    await self._admit_admins(group, server)
                except (TelegramError, BotError) as error:
                    log.warning("who runs the staff group is not known: %s", faults.placed(error))
            await asyncio.sleep(ADMINS)

    async def _admit_admins(self, group: int, server: Server) -> None:
        """Put a group's admins on the staff; one process at a time, so that nobody is put there twice."""
        async with self._store.alone(f"admins {server.id}"):
            members = await server.call("getChatAdministrators", {"chat_id": group})
            async with self._store.transaction() as transaction:
                for member in members:
                    await _admit(member, transaction)

    async def _tend_patiently(self) -> None:
        try:
            if await patiently(self._tend):
                self.posted()
        except Exception as error:  # one card that cannot be drawn must not stop the bot
            log.error("the staff's cards: %s", faults.placed(error))

    async def _tend(self) -> bool:
        if not self.groups:
            return False
        async with self._store.glance() as reading:
            if not await reading.cards_wait():
                return False
        async with self._store.transaction() as transaction:
            return await self.cards.tend(transaction)

    # -- what is written ---------------------------------------------------------------------------

    async def say(self, update: Update, context: Context) -> None:
        """Bring what is written in a case to its person; do what a command says."""
        message = update.message
        if message is None or message.from_user is None or message.from_user.is_bot:
            return
        text, work = whole(message.text or "").strip(), context.work
        # Aside: most of it is for the bot, whose answer is made before the turn to write is taken.
        async with work.transaction.aside() as reading:
            case_id = await _case_of(message, reading)
        command, _, rest = text.partition(" ")
        name = command.partition("@")[0][1:].casefold() if command.startswith("/") else ""
        if case_id is None and (name not in self._commands or message.chat.type == "private"):
            await handlers.say(update, context)  # people talking, or someone who asks the bot
            return
        act = self._commands.get(name) if name else self._reply
        if act is None:
            await self._tell(message, "staff.how.case", work)
            return
        await self._act(
            lambda who: act(who, case_id, rest.strip() if name else text, message, work), message, work
        )

    @property
    def _commands(self) -> dict[str, "Act"]:
        return {
            "note": self._note,
            "take": self._take,
            "release": self._release,
            "assign": self._assign,
            "close": self._close,
            "reopen": self._reopen,
            "insert": self._insert,
            "queue": self._queue,
            "oldest": self._oldest,
            "ban": self._ban,
            "unban": self._unban,
        }

    async def let_in(self, update: Update, context: Context) -> None:
        """Give one of the staff a link to the console in their own chat; anyone else asked the bot."""
        message, work = update.message, context.work
        if message is None or message.from_user is None or self._link is None:
            return
        who = await work.transaction.staff_at(CHANNEL, str(message.from_user.id))
        if who is None:
            await handlers.say(update, context)
            return
        language = who.languages[0] if who.languages else self.cards.language
        address = await self._link(who, work.now, work.transaction)
        text = self._casework.voice.messages.say(language, "staff.console", link=address)
        await self._answer(message, Reply(lines(text)), work)

    async def edit(self, update: Update, context: Context) -> None:
        """Pass the correction of a reply on."""
        message, work = update.edited_message, context.work
        if message is None or message.from_user is None:
            return
        async with work.transaction.aside() as reading:
            known = await reading.staff_message(str(message.chat.id), message.message_id)
        if known is None or known[1] is None:
            if message.chat.type == "private":
                await handlers.edit(update, context)
            return
        step, text = known[1], whole(message.text or message.caption or "")

        async def correct(who: StaffRow) -> None:
            await self._casework.correct(step, who, text, at=work.now, transaction=work.transaction)

        await self._act(correct, message, work)

    async def send(self, update: Update, context: Context) -> None:
        """Bring a photo or a file to the person of the case; say so where it is something else.

        What a command stands under is not for the person: of those only a note is kept, without the file.
        """
        message, work = update.message, context.work
        if message is None or message.from_user is None or message.from_user.is_bot:
            return
        async with work.transaction.aside() as reading:
            case_id = await _case_of(message, reading)
        if case_id is None:
            if message.chat.type == "private":
                await handlers.send(update, context)
            return
        attachment, caption = _attachment(message), whole(message.caption or "").strip()
        command, _, rest = caption.partition(" ")
        if attachment is None:
            await self._tell(message, "staff.fault.only_text", work)
        elif command.partition("@")[0].casefold() == "/note":
            noted = marked(attachment.kind, rest.strip())
            await self._act(lambda who: self._note(who, case_id, noted, message, work), message, work)
        elif command.startswith("/"):
            await self._tell(message, "staff.how.case", work)
        else:
            await self._act(
                lambda who: self._attach(who, case_id, attachment, caption, message, work), message, work
            )

    # -- what is pressed ---------------------------------------------------------------------------

    async def press(self, update: Update, context: Context) -> None:
        """Do what a button of a card says; the press is answered whatever happens."""
        query, work = update.callback_query, context.work
        if query is None:
            return
        notice = ""
        try:
            who = await self._who(query.from_user, work)
            notice = await self._pressed(query, who, work)
        except BotError as fault:
            notice = self._said(fault)
        await work.post([calls.press_answered(query.id, notice)], chat=str(query.from_user.id))

    async def _pressed(self, query: CallbackQuery, who: StaffRow, work: Work) -> str:
        """Do it; return what is said at the button."""
        _, verb, case_id, seen, argument = (*whole(query.data or "").split(":", 4), "", "", "", "")[:5]
        found = await dossier(case_id, work.transaction)
        self._casework.rights.require_work(found.case, who)
        # Their own last act is no surprise to them, however old the card is.
        version = int(seen) if seen.isdecimal() and found.case.assigned_to != who.id else None
        act = {"seen": version, "at": work.now, "transaction": work.transaction}
        match verb:
            case "take":
                await self._casework.take(case_id, who, **act)  # type: ignore[arg-type]
                return self._text("staff.done.taken")
            case "release":
                await self._casework.release(case_id, who, **act)  # type: ignore[arg-type]
                return self._text("staff.done.released")
            case "reopen":
                await self._casework.reopen(case_id, who, **act)  # type: ignore[arg-type]
                return self._text("staff.done.reopened")
            case "end":
                await self._casework.close(case_id, who, argument, **act)  # type: ignore[arg-type]
                return self._text("staff.done.closed")
            case "send":
                await self._casework.insert(case_id, who, argument, **act)  # type: ignore[arg-type]
                return self._text("staff.done.sent")
            case "say":
                await self._casework.canned(case_id, who, argument, **act)  # type: ignore[arg-type]
                return self._text("staff.done.sent")
            case "draft":
                return await self._draft(found, who, work)
            case "note":
                return self._text("staff.how.note")
        return await self._choose(verb, found, query, work)

    async def _choose(self, verb: str, found: Dossier, query: CallbackQuery, work: Work) -> str:
        """Show on the card what can be chosen, or its own buttons again."""
        chat = str(query.message.chat.id) if query.message else ""
        row = await work.transaction.card(found.case.id, chat)
        if row is None:
            raise NoCase(found.case.id)
        look = self.cards.look(row)
        rows = None
        if verb == "close":
            rows = outcomes(found, look)
        elif verb == "insert":
            fitting = self._casework.voice.fitting(found.candidates, found.country, look.today)
            rows = resources(found, fitting, look)
        elif verb == "canned":
            rows = canned(found, look)
        if rows is not None and len(rows) == 1:
            return look.say("staff.fault.nothing_to_send")
        await self.cards.show(row, found, work.transaction, rows=rows)
        return ""

    async def _draft(self, found: Dossier, who: StaffRow, work: Work) -> str:
        replies = [step for step in found.steps if step.what == "reply"]
        words = unmarked(found.words(replies[-1])) if replies else ""
        if not words or self._drafts is None:
            return self._text("staff.fault.nothing_to_draft")
        self._casework.rights.require("agent", who)
        saved = await self._drafts.save(found, words, who)
        await self._casework.link_draft(found.case.id, who, saved, at=work.now, transaction=work.transaction)
        return self._text("staff.done.drafted", draft=saved)

    # -- acts by text ------------------------------------------------------------------------------

    async def _reply(self, who: StaffRow, case: str | None, text: str, message: Message, work: Work) -> None:
        step = await self._casework.reply(
            _named(case), who, text, seen=None, at=work.now, transaction=work.transaction
        )
        await _keep(message, step, work)

    async def _attach(
        self, who: StaffRow, case: str, attachment: Attachment, caption: str, message: Message, work: Work
    ) -> None:
        step = await self._casework.attach(
            case, who, attachment, caption, seen=None, at=work.now, transaction=work.transaction
        )
        await _keep(message, step, work)

    async def _note(self, who: StaffRow, case: str | None, text: str, message: Message, work: Work) -> None:
        await self._casework.note(_named(case), who, text, at=work.now, transaction=work.transaction)
        await self._nod(message, work)

    async def _take(self, who: StaffRow, case: str | None, text: str, message: Message, work: Work) -> None:
        await self._casework.take(_named(case), who, seen=None, at=work.now, transaction=work.transaction)
        await self._nod(message, work)

    async def _release(
        self, who: StaffRow, case: str | None, text: str, message: Message, work: Work
    ) -> None:
        await self._casework.release(_named(case), who, seen=None, at=work.now, transaction=work.transaction)
        await self._nod(message, work)

    async def _assign(self, who: StaffRow, case: str | None, text: str, message: Message, work: Work) -> None:
        staff = {each.id: each for each in await work.transaction.staff()}
        if text not in staff:
            key = "staff.fault.no_one" if text else "staff.how.assign"
            await self._tell(message, key, work, ids=", ".join(staff))
            return
        await self._casework.reassign(
            _named(case), who, to=text, seen=None, at=work.now, transaction=work.transaction
        )
        await self._nod(message, work)

    async def _close(self, who: StaffRow, case: str | None, text: str, message: Message, work: Work) -> None:
        if text and text not in OUTCOMES:
            await self._tell(message, "staff.fault.no_outcome", work, outcomes=", ".join(OUTCOMES))
            return
        outcome = text or OUTCOMES[0]
        await self._casework.close(
            _named(case), who, outcome, seen=None, at=work.now, transaction=work.transaction
        )
        await self._nod(message, work)

    async def _reopen(self, who: StaffRow, case: str | None, text: str, message: Message, work: Work) -> None:
        await self._casework.reopen(_named(case), who, seen=None, at=work.now, transaction=work.transaction)
        await self._nod(message, work)

    async def _insert(self, who: StaffRow, case: str | None, text: str, message: Message, work: Work) -> None:
        """Offer the resources that fit the words, or the case where there are none."""
        found = await dossier(_named(case), work.transaction)
        self._casework.rights.require_work(found.case, who)
        row = await work.transaction.card(found.case.id, str(message.chat.id))
        if row is None:
            raise NoCase(found.case.id)
        look, voice = self.cards.look(row), self._casework.voice
        ids = (
            voice.search(text, found.country, look.today)
            if text
            else voice.fitting(found.candidates, found.country, look.today)
        )
        rows = resources(found, ids, look)[:-1]
        if not rows:
            await self._tell(message, "staff.fault.nothing_to_send", work)
            return
        await self._answer(message, Reply(lines(look.say("staff.button.insert")), rows), work)

    async def _queue(self, who: StaffRow, case: str | None, text: str, message: Message, work: Work) -> None:
        await self._list(who, QUEUED, message, work)

    async def _oldest(self, who: StaffRow, case: str | None, text: str, message: Message, work: Work) -> None:
        await self._list(who, 1, message, work)

    async def _list(self, who: StaffRow, limit: int, message: Message, work: Work) -> None:
        """Say how many cases wait, and which wait longest, each with the way to its topic."""
        self._casework.rights.require("viewer", who)
        waiting = await work.transaction.cases(state="waiting")
        if not waiting:
            await self._tell(message, "staff.queue.empty", work)
            return
        look = self.cards.look_at(str(message.chat.id))
        late = sum(case.promised is not None and case.promised < look.today for case in waiting)
        taken = sum(case.state == "assigned" for case in waiting)
        counts = {"open": str(len(waiting) - taken), "assigned": str(taken), "overdue": str(late)}
        since = look.voice.messages.day(look.language, waiting[0].opened_at.astimezone(look.zone).date())
        said = [look.say("staff.queue.title", **counts), look.say("staff.queue.oldest", day=since)]
        listed, rows = await self.cards.listed(waiting[:limit], str(message.chat.id), work.transaction)
        await self._answer(message, Reply((*lines("\n".join(said)), *listed), rows), work)

    async def _ban(self, who: StaffRow, case: str | None, text: str, message: Message, work: Work) -> None:
        await self._keep_out(who, case, message, work, at=work.now)

    async def _unban(self, who: StaffRow, case: str | None, text: str, message: Message, work: Work) -> None:
        await self._keep_out(who, case, message, work, at=None)

    async def _keep_out(
        self,
        who: StaffRow,
        case: str | None,
        message: Message,
        work: Work,
        *,
        at: datetime.datetime | None,
    ) -> None:
        found = await dossier(_named(case), work.transaction)
        self._casework.rights.require_work(found.case, who)
        await work.transaction.ban(found.person.id, at)
        await work.transaction.add_step(
            found.case.id, work.now, who.name, "note", "/ban" if at else "/unban", staff=who.id
        )
        key = "staff.done.banned" if at else "staff.done.unbanned"
        await self._tell(message, key, work, person=found.person.pseudonym)

    # -- parts -------------------------------------------------------------------------------------

    async def _act(self, act: Callable[[StaffRow], Awaitable[None]], message: Message, work: Work) -> None:
        """Do what one of the staff wants; a fault is told in the chat, and nothing is changed by it."""
        user = message.from_user
        if user is None:
            return
        try:
            await act(await self._who(user, work))
        except _Stranger:
            # Once a day is enough: they may be talking among themselves.
            if await work.transaction.once(f"stranger:{user.id}:{work.now:%Y-%m-%d}", work.now):
                await self._tell(message, "staff.fault.not_staff", work)
        except BotError as fault:
            await self._answer(message, Reply(lines(self._said(fault))), work)

    async def _who(self, user: User, work: Work) -> StaffRow:
        who = await work.transaction.staff_at(CHANNEL, str(user.id))
        if who is None:
            raise _Stranger("not one of the staff")
        return who

    def _said(self, fault: BotError) -> str:
        """Return a fault in the language of the group."""
        match fault:
            case _Stranger():
                return self._text("staff.fault.not_staff")
            case Conflict(first=first, what=what, at=at):
                clock = at.astimezone(self._offices.whole.hours.zone).strftime("%H:%M")
                step = self._text(f"staff.step.{what}")
                return self._text("staff.fault.conflict", name=first, what=step, time=clock)
            case Closed():
                return self._text("staff.fault.closed")
            case NotAllowed():
                return self._text("staff.fault.not_allowed")
            case NoCase():
                return self._text("staff.fault.no_case")
            case Empty():
                return self._text("staff.fault.empty")
            case TooLong(longest=longest):
                return self._text("staff.fault.too_long", n=str(longest))
            case Settled():
                return self._text("staff.fault.cannot_correct")
        log.warning("an act of the staff failed: %s", type(fault).__name__)
        return self._text("staff.fault.other")

    def _text(self, key: str, **values: str) -> str:
        return self._casework.voice.messages.say(self.cards.language, key, **values)

    async def _tell(self, message: Message, key: str, work: Work, **values: str) -> None:
        await self._answer(message, Reply(lines(self._text(key, **values))), work)

    async def _answer(self, message: Message, reply: Reply, work: Work) -> None:
        """Answer a message of the staff where it stands."""
        chat = str(message.chat.id)
        for call in calls.message(reply, Place(chat, asked=message.message_id)):
            if message.is_topic_message and message.message_thread_id:
                call["arguments"]["message_thread_id"] = message.message_thread_id
            await self.cards.post(call, chat, work.transaction)

    async def _nod(self, message: Message, work: Work) -> None:
        """Show at the message itself that it was done: that costs no message."""
        await self.cards.nod(str(message.chat.id), message.message_id, work.transaction)


Act = Callable[[StaffRow, str | None, str, Message, Work], Awaitable[None]]


class _Stranger(BotError):
    """Who acts is not one of the staff."""


def _named(case_id: str | None) -> str:
    if case_id is None:
        raise NoCase("?")
    return case_id


async def _keep(message: Message, step: StepRow, work: Work) -> None:
    """Remember which message of the staff became which step, so that a correction of it is known."""
    await work.transaction.keep_staff_message(str(message.chat.id), message.message_id, step.case, step.id)


def _attachment(message: Message) -> Attachment | None:
    """Return the photo, in its largest size, or the file that a message holds; None for all else."""
    match handlers.kind(message):
        case "photo":
            return Attachment("photo", message.photo[-1].file_id)
        case "document" if message.document is not None:
            return Attachment("document", message.document.file_id)
    return None


async def _case_of(message: Message, reading: Reading) -> str | None:
    """Return the case a message in a staff chat is about: by its topic, or by the message it answers."""
    chat = str(message.chat.id)
    if message.is_topic_message and message.message_thread_id is not None:
        found = await reading.case_in_thread(chat, message.message_thread_id)
        if found is not None:
            return found
    if message.reply_to_message is None:
        return None
    known = await reading.staff_message(chat, message.reply_to_message.message_id)
    return known[0] if known else None


async def _admit(member: dict[str, object], transaction: Transaction) -> None:
    user = member.get("user")
    if not isinstance(user, dict) or user.get("is_bot"):
        return
    address = str(user["id"])
    known = [each for each in await transaction.staff(active=None) if each.address == address]
    if known:
        return  # also who was removed by hand: being admin of the group does not bring them back
    role = "editor" if member.get("status") == ChatMemberStatus.OWNER else "agent"
    await people.add(
        StaffRow(id="", channel=CHANNEL, address=address, name=str(user.get("first_name") or "?"), role=role),
        transaction,
    )
