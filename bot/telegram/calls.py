"""Calls of the Bot API as the outbox keeps them: plain dicts of a method and its arguments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from telegram.constants import ParseMode

from bot.conversation.replies import Reply, Span
from bot.telegram import render

Call = dict[str, Any]

# What the note at a pressed button may hold, in UTF-16 units.
LONGEST_NOTICE = 200


@dataclass(frozen=True)
class Place:
    """Where replies go: a chat; there, the message whose button was pressed, and the press itself.

    `asked` is the message that is answered, named only in groups, where several people talk.
    """

    chat: str
    pressed: int | None = None
    press: str | None = None
    asked: int | None = None


def answers(replies: Sequence[Reply], place: Place) -> list[Call]:
    """Return the calls that say `replies` in order; a press is answered first, with the first notice."""
    calls: list[Call] = []
    if place.press is not None:
        notices = [reply.notice for reply in replies if reply.notice and not reply.lines]
        calls.append(press_answered(place.press, notices[0] if notices else ""))
    for reply in replies:
        said = message(_spoken(reply, place), place)
        if said and said[0]["method"] == "editMessageText":
            place = replace(
                place, pressed=None
            )  # edited once: the replies that follow are messages of their own
        calls += said
    return calls


def message(reply: Reply, place: Place) -> list[Call]:
    """Return the calls that say `reply`; its first piece replaces the pressed message where it `edits`."""
    calls = [_sent(piece, place) for piece in render.pieces(reply)]
    if calls and reply.edits and place.pressed is not None:
        calls[0] = _edited(calls[0], place.pressed)
    return calls


def press_answered(press: str, notice: str = "") -> Call:
    """Return the call that ends the waiting of a pressed button, with a short note where there is one."""
    text = render.shortened(render.whole(notice), LONGEST_NOTICE)
    noted = {"text": text} if text else {}
    return {"method": "answerCallbackQuery", "arguments": {"callback_query_id": press, **noted}}


def typing(chat: str) -> Call:
    """Return the call that shows that an answer is being made."""
    return {"method": "sendChatAction", "arguments": {"chat_id": int(chat), "action": "typing"}}


def as_new(call: Call) -> Call:
    """Return the edit `call` as one that sends the same as a new message."""
    arguments = {name: value for name, value in call["arguments"].items() if name != "message_id"}
    return {"method": "sendMessage", "arguments": arguments}


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
        "chat_id": int(place.chat),
        "text": text,
        "parse_mode": ParseMode.HTML.value,
        "link_preview_options": {"is_disabled": True},
    }
    if keyboard is not None:
        arguments["reply_markup"] = keyboard.to_dict()
    if place.asked is not None:
        arguments["reply_parameters"] = {"message_id": place.asked, "allow_sending_without_reply": True}
    return {"method": "sendMessage", "arguments": arguments}


def _edited(call: Call, pressed: int) -> Call:
    arguments = {name: value for name, value in call["arguments"].items() if name != "reply_parameters"}
    return {"method": "editMessageText", "arguments": arguments | {"message_id": pressed}}
