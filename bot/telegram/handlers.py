"""From updates to events, in one visible list of handlers."""

import logging
import re

from telegram import Bot, Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import BaseHandler, CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from bot.casework.talk import unreachable
from bot.conversation.events import Pressed, Said, Sent
from bot.telegram import calls
from bot.telegram.calls import Place
from bot.telegram.desk import CHANNEL
from bot.telegram.render import whole
from bot.telegram.work import Context

log = logging.getLogger(__name__)

# What is asked of Telegram. Whatever else arrives is met by no handler and ignored.
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

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


async def edit(update: Update, context: Context) -> None:
    """Answer an edited text, unless only something else about the message changed, such as its preview."""
    message = update.edited_message
    if message is None or _remembered(context) == _memory(message):
        return
    log.info("update %s: an edited message", update.update_id)
    await _say(message, context)


async def send(update: Update, context: Context) -> None:
    """Answer what is not text; of an album only the first part."""
    message = update.message
    if message is None or message.from_user is None:
        return
    caption = addressed(message, context.bot)
    if caption is None:
        return
    if message.media_group_id is not None and _remembered(context) == message.media_group_id:
        return
    work = context.work
    event = Sent(work.event, work.row.received_at, kind=kind(message), caption=caption)
    await work.answer(event, user=message.from_user, place=_place(message))
    _remember(context, message.media_group_id)


async def press(update: Update, context: Context) -> None:
    """Answer a pressed button, in the message it is under where that can still be edited."""
    query, work = update.callback_query, context.work
    if query is None:
        return
    message = query.message
    place = Place(
        chat=str(message.chat.id if message else query.from_user.id),
        pressed=message.message_id if isinstance(message, Message) else None,
        press=query.id,
    )
    if query.data is None:
        await work.post([calls.press_answered(query.id)], chat=place.chat)
        return
    event = Pressed(work.event, work.row.received_at, action=whole(query.data))
    await work.answer(event, user=query.from_user, place=place)


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


HANDLERS: tuple[BaseHandler[Update, Context, None], ...] = (
    CallbackQueryHandler(press),
    ChatMemberHandler(block, ChatMemberHandler.MY_CHAT_MEMBER),
    MessageHandler(filters.UpdateType.EDITED_MESSAGE & filters.TEXT, edit),
    MessageHandler(filters.UpdateType.MESSAGE & filters.TEXT, say),
    MessageHandler(filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, send),
)


def addressed(message: Message, bot: Bot) -> str | None:
    """Return what `message` tells the bot, without its name; None where it is not for the bot.

    In a group that takes its name or a reply to it, so that it never talks into other people's talk.
    """
    if message.from_user is None or message.from_user.is_bot:
        return None
    name = re.compile(rf"@{re.escape(bot.username)}\b", re.IGNORECASE)
    text = message.text or message.caption or ""
    if message.chat.type != ChatType.PRIVATE and not name.search(text) and not _replies_to(message, bot):
        return None
    return whole(name.sub("", text).strip())


def kind(message: Message) -> str:
    """Return what `message` holds; "other" for what this program does not know yet."""
    return next((name for name in KINDS if getattr(message, name, None)), "other")


async def _say(message: Message, context: Context) -> None:
    text = addressed(message, context.bot)
    if text is None or message.from_user is None:
        return
    work = context.work
    event = Said(work.event, work.row.received_at, text=text or NOTHING_ASKED)
    await work.answer(event, user=message.from_user, place=_place(message))
    _remember(context, _memory(message))


def _replies_to(message: Message, bot: Bot) -> bool:
    """Say whether `message` replies to the bot; in a topic the bot opened, everything seems to."""
    first = message.reply_to_message
    return bool(first and first.from_user and first.from_user.id == bot.id and not first.forum_topic_created)


def _place(message: Message) -> Place:
    in_group = message.chat.type != ChatType.PRIVATE
    return Place(chat=str(message.chat.id), asked=message.message_id if in_group else None)


def _memory(message: Message) -> tuple[int, int]:
    return message.message_id, hash(message.text)


def _remember(context: Context, last: object) -> None:
    """Keep in memory what the chat's last message was; after a restart at worst it is answered again."""
    if context.chat_data is not None:
        context.chat_data["last"] = last


def _remembered(context: Context) -> object:
    return (context.chat_data or {}).get("last")
