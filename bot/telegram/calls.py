"""Calls of the Bot API as the outbox keeps them: plain dicts of a method and its arguments."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from telegram.constants import ParseMode

from bot.conversation.replies import Attachment, Document, Reply, Span
from bot.telegram import render
from bot.telegram.revisions import Answered

Call = dict[str, Any]

# What the note at a pressed button may hold, in UTF-16 units.
LONGEST_NOTICE = 200
# What the text under a file may hold, in UTF-16 units.
LONGEST_CAPTION = 1024
# What sends a file that the server has, by its kind, which is also the name of the argument.
SENDS: dict[Literal["photo", "document"], str] = {"photo": "sendPhoto", "document": "sendDocument"}
# For how many seconds Telegram keeps what was offered for the same words of the same person.
INLINE_KEPT = 300
# What the bot is started with by who comes from there.
INLINE_START = "inline"


@dataclass(frozen=True)
class Place:
    """Where replies go: a chat; there, the message whose button was pressed, and the press itself.

    `shown` is what the pressed message shows: its text and its buttons. `asked` is the message that is
    answered, named only in groups, where several people talk, and `thread` the group's topic it is in.
    `answered` is the earlier answer to a question that was reworded.
    """

    chat: str
    pressed: int | None = None
    press: str | None = None
    shown: tuple[str, object] | None = None
    asked: int | None = None
    thread: int | None = None
    answered: Answered | None = None


def answers(replies: Sequence[Reply], place: Place) -> list[Call]:
    """Return the calls that say `replies` in order; a press is answered first, with the first notice."""
    calls: list[Call] = []
    if place.press is not None:
        notices = [reply.notice for reply in replies if reply.notice and not reply.lines]
        calls.append(press_answered(place.press, notices[0] if notices else ""))
    for reply in replies:
        said = message(_spoken(reply, place), place)
        if said and said[0]["method"] == "editMessageText":
            # Edited once: the replies that follow are messages of their own.
            calls += said if _changes(said[0], place) else said[1:]
            place = replace(place, pressed=None, answered=None)
        else:
            calls += said
    return calls


def message(reply: Reply, place: Place) -> list[Call]:
    """Return the calls that say `reply`.

    Its first piece replaces the pressed message where it `edits`, the earlier answer where it `revises`.
    """
    if reply.document is not None:
        return [_document(reply, reply.document, place)]
    if reply.attachment is not None:
        return _attached(reply, reply.attachment, place)
    calls = [_sent(piece, place) for piece in render.pieces(reply)]
    if calls and reply.revises and place.answered is not None:
        calls[0] = _edited(calls[0]) | {"replaces": place.answered.row}
    elif calls and reply.edits and place.pressed is not None:
        calls[0] = _edited(calls[0], message_id=place.pressed)
    return calls


def inline_answered(query: str, results: Sequence[Mapping[str, Any]] = (), *, button: str = "") -> Call:
    """Return the call that offers `results` for an inline query, with a `button` that leads to the bot."""
    arguments: dict[str, Any] = {
        "inline_query_id": query,
        "results": list(results),
        "cache_time": INLINE_KEPT,
        "is_personal": True,
    }
    if button:
        arguments["button"] = {"text": button, "start_parameter": INLINE_START}
    return {"method": "answerInlineQuery", "arguments": arguments}


def press_answered(press: str, notice: str = "") -> Call:
    """Return the call that ends the waiting of a pressed button, with a short note where there is one."""
    text = render.shortened(render.whole(notice), LONGEST_NOTICE)
    noted = {"text": text} if text else {}
    return {"method": "answerCallbackQuery", "arguments": {"callback_query_id": press, **noted}}


def typing(chat: str) -> Call:
    """Return the call that shows that an answer is being made."""
    return {"method": "sendChatAction", "arguments": {"chat_id": int(chat), "action": "typing"}}


def as_new(call: Call) -> Call:
    """Return the edit `call` as one that sends the same words as a new message."""
    arguments = {name: value for name, value in call["arguments"].items() if name != "message_id"}
    if "caption" in arguments:
        arguments["text"] = arguments.pop("caption")
    return {"method": "sendMessage", "arguments": arguments}


def corrected(call: Call, message_id: int) -> Call:
    """Return the call that has a message say what `call` would send: its text, or what is under its file."""
    if "caption" not in call["arguments"]:
        return _edited(call, message_id=message_id)
    kept = ("chat_id", "caption", "parse_mode", "reply_markup")
    arguments = {name: value for name, value in call["arguments"].items() if name in kept}
    return {"method": "editMessageCaption", "arguments": arguments | {"message_id": message_id}}


def attachment(call: Call) -> Attachment | None:
    """Return what `call` sends that the server has already, None where it sends no such thing."""
    for kind, method in SENDS.items():
        if call.get("method") == method and kind in call["arguments"]:
            return Attachment(kind, str(call["arguments"][kind]))
    return None


def moved(call: Call, chat: int) -> Call:
    """Return `call` for `chat`, the number a group has since it grew."""
    return {"method": call["method"], "arguments": call["arguments"] | {"chat_id": chat}}


def _spoken(reply: Reply, place: Place) -> Reply:
    """Return `reply` with its notice as its text where no button was pressed that could show it."""
    if reply.lines or not reply.notice or place.press is not None:
        return reply
    return replace(reply, lines=((Span(reply.notice),),))


def _sent(piece: render.Piece, place: Place) -> Call:
    text, keyboard = piece
    arguments: dict[str, Any] = {
        **_where(place),
        "text": text,
        "parse_mode": ParseMode.HTML.value,
        "link_preview_options": {"is_disabled": True},
    }
    if keyboard is not None:
        arguments["reply_markup"] = keyboard
    return {"method": "sendMessage", "arguments": arguments}


def _document(reply: Reply, document: Document, place: Place) -> Call:
    """Return the call that hands a file over; what is in it goes with the call, to survive a restart."""
    arguments: dict[str, Any] = dict(_where(place))
    if pieces := render.pieces(reply, LONGEST_CAPTION):
        arguments |= {"caption": pieces[0][0], "parse_mode": ParseMode.HTML.value}
        if keyboard := pieces[-1][1]:
            arguments["reply_markup"] = keyboard
    content = base64.b64encode(document.content).decode("ascii")
    return {
        "method": "sendDocument",
        "arguments": arguments,
        "file": {"name": document.name, "content": content},
    }


def _attached(reply: Reply, attachment: Attachment, place: Place) -> list[Call]:
    """Return the call that sends a file the server has; what is too long to stand under it follows."""
    under, *rest = render.pieces(reply, LONGEST_CAPTION) or [("", None)]
    arguments: dict[str, Any] = {**_where(place), attachment.kind: attachment.id}
    text, keyboard = under
    if text:
        arguments |= {"caption": text, "parse_mode": ParseMode.HTML.value}
    if keyboard is not None:
        arguments["reply_markup"] = keyboard
    return [
        {"method": SENDS[attachment.kind], "arguments": arguments},
        *(_sent(piece, place) for piece in rest),
    ]


def _where(place: Place) -> dict[str, Any]:
    where: dict[str, Any] = {"chat_id": int(place.chat)}
    if place.thread is not None:
        where["message_thread_id"] = place.thread
    if place.asked is not None:
        where["reply_parameters"] = {"message_id": place.asked, "allow_sending_without_reply": True}
    return where


def _edited(call: Call, **message: int) -> Call:
    """Return `call` as an edit of a message, whose number may still be open."""
    only_new = ("reply_parameters", "message_thread_id")
    arguments = {name: value for name, value in call["arguments"].items() if name not in only_new}
    return {"method": "editMessageText", "arguments": arguments | message}


def _changes(edit: Call, place: Place) -> bool:
    """Say whether the message would look different: the server refuses an edit that changes nothing."""
    text, markup = edit["arguments"]["text"], edit["arguments"].get("reply_markup")
    if "replaces" in edit and place.answered is not None:
        return (text, markup) != (place.answered.text, place.answered.markup)
    return (render.plain(text).strip(), markup) != place.shown
