"""What a failed call means, and how it is told in a log."""

import traceback
from enum import Enum, auto
from pathlib import PurePath

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.errors import BotError


class Fault(Enum):
    """The kinds of failure that are dealt with differently."""

    BUSY = auto()
    """Too many requests (429): the server says when to come back."""
    UNDONE = auto()
    """Never reached the server, or was turned away by it for now: may be tried again."""
    LOST = auto()
    """Sent, but the answer was lost: it may or may not have been done."""
    GONE = auto()
    """The chat takes no messages any more."""
    MOVED = auto()
    """The group grew and has another number."""
    UNCHANGED = auto()
    """The message already says what the edit would make it say."""
    UNEDITABLE = auto()
    """The message to edit is gone or cannot be edited."""
    EXPIRED = auto()
    """The press of a button is too old to be answered."""
    REFUSED = auto()
    """Will never be done."""


# What the server says with 400, in lower case, as parts because its wording changes.
_BAD_REQUESTS = {
    "message is not modified": Fault.UNCHANGED,
    "message to edit not found": Fault.UNEDITABLE,
    "message can't be edited": Fault.UNEDITABLE,
    "message_id_invalid": Fault.UNEDITABLE,
    "no text in the message to edit": Fault.UNEDITABLE,
    "query is too old": Fault.EXPIRED,
    "query id is invalid": Fault.EXPIRED,
    "chat not found": Fault.GONE,
    "user is deactivated": Fault.GONE,
    "peer_id_invalid": Fault.GONE,
}
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)


def fault(error: TelegramError) -> Fault:
    """Return what `error` means for the call that met it."""
    match error:
        case RetryAfter():
            return Fault.BUSY
        case ChatMigrated():
            return Fault.MOVED
        case Forbidden():
            return Fault.GONE
        case BadRequest():
            said = error.message.lower()
            return next((fault for part, fault in _BAD_REQUESTS.items() if part in said), Fault.REFUSED)
        case InvalidToken():
            return Fault.UNDONE  # the intake ends the program; what waits is sent once the token is right
        case NetworkError():
            return _network_fault(error)
    return Fault.UNDONE  # what answered was not Telegram: a captive portal, a proxy's page


def told(error: BaseException) -> str:
    """Return a Telegram error in a few plain words, without the body the server sent."""
    said = str(error).partition(". Parsing")[0].partition("\n")[0]
    return f"{type(error).__name__}: {said[:120]}" if said else type(error).__name__


def placed(error: BaseException) -> str:
    """Return the type of `error` and where it was raised; its text may be a person's, unless it is ours."""
    if isinstance(error, BotError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + where


def _network_fault(error: NetworkError) -> Fault:
    cause = error.__cause__
    if cause is None or isinstance(cause, TelegramError):  # the server answered: 5xx, or too large
        return Fault.REFUSED if "entity too large" in error.message.lower() else Fault.UNDONE
    if isinstance(cause, _NEVER_SENT):
        return Fault.UNDONE
    return Fault.LOST if isinstance(cause, (aiohttp.ClientError, OSError)) else Fault.REFUSED
