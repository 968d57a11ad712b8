"""From updates to events, in one visible list of handlers."""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import Bot, CallbackQuery, Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.casework.talk import unreachable
from bot.conversation.events import Pressed, Said, Sent
from bot.store import InboxRow, Reading
from bot.telegram import calls, deep_links, revisions
from bot.telegram.calls import Place
from bot.telegram.desk import CHANNEL
from bot.telegram.render import whole
from bot.telegram.repeats import is_double_tap, is_same_album
from bot.telegram.work import Context, Who, Work

log = logging.getLogger(__name__)

# What is asked of Telegram. Whatever else arrives is met by no handler and ignored.
UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")

# What a message can hold beside text, in this order: an animation is also a document, a venue a location.
KINDS = (
    "voice", "audio", "photo", "animation", "video", "video_note", "document", "sticker", "venue", "location",
    "contact", "poll", "dice", "game", "story", "paid_media", "checklist",
)  # fmt: skip

# In a group, the bot's name alone.
NOTHING_ASKED = "/help"


async def say(update: Update, context: Context) -> None:
    """Answer a text or a command."""
    if message := update.message:
        await _say(message, context)


async def send(update: Update, context: Context) -> None:
    """Answer what is not text; of an album only the first part."""
    message, work = update.message, context.work
    if message is None or await _repeats(is_same_album, work):
        return
    if (caption := addressed(message, context.bot)) is not None:
        await _send(message, context, caption)


async def edit(update: Update, context: Context) -> None:
    """Answer an edited message, by changing the answer it had.

    Nothing is said where its words are as they were, as when Telegram adds a preview. What is a command, and
    what was written too long ago, is answered anew.
    """
    message, work = update.edited_message, context.work
    text = addressed(message, context.bot) if message else None
    if message is None or text is None:
        return
    chat, words = str(message.chat.id), message.text or message.caption or ""
    async with work.transaction.aside() as stored:
        before = await revisions.said_before(chat, message.message_id, stored)
    if before == words:
        return
    log.info("update %s: an edited message", update.update_id)
    if before is None or _stands_alone(message, before):
        await (_say(message, context) if message.text else _send(message, context, text))
        return
    await _revise(message, text, context)


async def press(update: Update, context: Context) -> None:
    """Answer a pressed button, in the message it is under where that can still be edited."""
    query, work = update.callback_query, context.work
    if query is None:
        return
    message = query.message
    chat = str(message.chat.id if message else query.from_user.id)
    if query.data is None or await _repeats(is_double_tap, work):
        await work.post([calls.press_answered(query.id)], chat=chat)
        return
    place = _place_of_press(query, chat)
    if place.pressed is not None:
        lately = work.now - revisions.ON_ITS_WAY
        async with work.transaction.aside() as stored:
            edited = await revisions.shown(chat, place.pressed, since=lately, stored=stored)
        place = replace(place, shown=edited or place.shown)
    in_group = chat != str(query.from_user.id)
    event = Pressed(work.event, work.row.received_at, action=whole(query.data), in_group=in_group)
    await work.answer(event, who=Who(str(query.from_user.id), query.from_user.language_code), place=place)


async def offer(update: Update, context: Context) -> None:
    """Offer resources for what is being typed after the bot's name in any chat."""
    if query := update.inline_query:
        who = Who(str(query.from_user.id), query.from_user.language_code)
        await context.work.offer(query.id, whole(query.query), who)


async def block(update: Update, context: Context) -> None:
    """Remember that a person blocked the bot, or takes its messages again."""
    change, work = update.my_chat_member, context.work
    if change is None or change.chat.type != ChatType.PRIVATE:
        return
    chat = str(change.chat.id)
    blocked = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    await work.transaction.mark_blocked(CHANNEL, chat, work.now if blocked else None)
    if blocked:
        await unreachable(await work.transaction.waiting_with_key(chat), work.transaction)
        await work.transaction.drop_for_chat(chat, work.now, "blocked")


async def fail(update: object, context: Context) -> None:
    """Keep what a handler raised; the worker decides what becomes of the update."""
    context.work.failure = context.error


async def move(update: Update, context: Context) -> None:
    """Remember the number a group has since it grew."""
    message = update.message
    if message and message.migrate_to_chat_id:
        await context.work.transaction.move_chat(str(message.chat.id), str(message.migrate_to_chat_id))


HANDLERS: tuple[BaseHandler[Update, Context, None], ...] = (
    CallbackQueryHandler(press),
    InlineQueryHandler(offer),
    ChatMemberHandler(block, ChatMemberHandler.MY_CHAT_MEMBER),
    MessageHandler(filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION), edit),
    MessageHandler(filters.UpdateType.MESSAGE & filters.TEXT, say),
    MessageHandler(filters.UpdateType.MESSAGE & filters.StatusUpdate.MIGRATE, move),
    MessageHandler(filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, send),
)


def addressed(message: Message, bot: Bot) -> str | None:
    """Return what `message` tells the bot, without its name; None where it is not for the bot.

    In a group that takes its name, a reply to it or one of its commands, so that it never talks into other
    people's talk. Who writes there as the group or as a channel is heard like anyone else, other bots and
    what a channel forwards by itself are not.
    """
    if message.from_user is None or message.is_automatic_forward or message.via_bot == bot.bot:
        return None
    if message.from_user.is_bot and message.sender_chat is None:
        return None
    name = re.compile(rf"@{re.escape(bot.username)}\b", re.IGNORECASE)
    text = message.text or message.caption or ""
    if message.chat.type != ChatType.PRIVATE and not name.search(text) and not _replies_to(message, bot):
        return None
    return whole(name.sub("", text).strip())


def kind(message: Message) -> str:
    """Return what `message` holds; "other" for what this program does not know yet."""
    return next((name for name in KINDS if getattr(message, name, None)), "other")


def sender(message: Message) -> Who:
    """Return who wrote; who writes as a group or a channel is known by the chat, where answers reach them."""
    if message.from_user is None or message.sender_chat is not None:
        return Who(str(message.chat.id), None)
    return Who(str(message.from_user.id), message.from_user.language_code)


async def _say(message: Message, context: Context) -> None:
    text = addressed(message, context.bot)
    if text is None:
        return
    work = context.work
    if text.startswith("/start"):
        text = deep_links.read(text)
    event = Said(**work.named(message), text=text or NOTHING_ASKED)
    await work.answer(event, who=sender(message), place=_place(message), message=message.message_id)


async def _send(message: Message, context: Context, caption: str) -> None:
    work = context.work
    event = Sent(**work.named(message), kind=kind(message), caption=caption)
    await work.answer(event, who=sender(message), place=_place(message), message=message.message_id)


async def _revise(message: Message, text: str, context: Context) -> None:
    """Have the question answered anew that `message` is part of, in the place of its first answer."""
    work, place = context.work, _place(message)
    async with work.transaction.aside() as stored:
        revised = await revisions.revision(place.chat, message.message_id, text, stored=stored)
        answered = await revisions.answered(place.chat, revised.event, stored) if revised else None
    if revised is None:
        return
    named = work.named(message) | {"revises": revised.event}
    event: Said | Sent
    if message.text:
        event = Said(**named, text=revised.text or NOTHING_ASKED)
    else:
        event = Sent(**named, kind=kind(message), caption=revised.text)
    place = replace(place, answered=answered)
    await work.answer(event, who=sender(message), place=place, message=message.message_id)


async def _repeats(repeats: Callable[[InboxRow, Reading], Awaitable[bool]], work: Work) -> bool:
    async with work.transaction.aside() as stored:
        return await repeats(work.row, stored)


def _stands_alone(message: Message, before: str) -> bool:
    """Say whether an edited message is answered anew rather than in the place of what was said before."""
    late = message.edit_date is not None and message.edit_date - message.date > revisions.EDITABLE
    return late or before.startswith("/") or (message.text or "").startswith("/")


def _replies_to(message: Message, bot: Bot) -> bool:
    """Say whether `message` replies to the bot; in a topic the bot opened, everything seems to."""
    first = message.reply_to_message
    return bool(first and first.from_user and first.from_user.id == bot.id and not first.forum_topic_created)


def _place(message: Message) -> Place:
    in_group = message.chat.type != ChatType.PRIVATE
    return Place(
        chat=str(message.chat.id),
        asked=message.message_id if in_group else None,
        thread=message.message_thread_id if message.is_topic_message else None,
    )


def _place_of_press(query: CallbackQuery, chat: str) -> Place:
    message = query.message
    if not isinstance(message, Message):  # gone, or too old for Telegram to say what it shows
        return Place(chat, press=query.id)
    markup = message.reply_markup.to_dict() if message.reply_markup else None
    return Place(
        chat,
        pressed=message.message_id,
        press=query.id,
        shown=(message.text or "", markup),
        thread=message.message_thread_id if message.is_topic_message else None,
    )
