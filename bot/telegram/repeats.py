"""What only repeats the update before it: the second tap on a button, the next part of an album."""

import datetime
from collections.abc import Mapping
from typing import Any

from bot.store import InboxRow, Reading

# A button that is meant to be pressed twice is not pressed twice as fast.
DOUBLE_TAP = datetime.timedelta(seconds=3)
# An album holds ten parts at most; others may write between them in a group.
LOOKED_AT = 12


async def is_double_tap(row: InboxRow, stored: Reading) -> bool:
    """Say whether the same person pressed the same button of the same message moments ago."""
    press = _press(row.payload)
    for earlier in await stored.before(str(row.chat), row.update_id, LOOKED_AT):
        if row.received_at - earlier.received_at > DOUBLE_TAP:
            return False
        other = _press(earlier.payload)
        if other is not None and other[0] == (press or [None])[0]:
            return other == press
    return False


async def is_same_album(row: InboxRow, stored: Reading) -> bool:
    """Say whether an earlier part of the same album was answered already."""
    album = _album(row.payload)
    if album is None:
        return False
    earlier = await stored.before(str(row.chat), row.update_id, LOOKED_AT)
    return any(_album(other.payload) == album for other in earlier)


def _press(payload: Mapping[str, Any]) -> list[Any] | None:
    press = payload.get("callback_query")
    if not isinstance(press, dict):
        return None
    message = press.get("message") or {}
    return [press.get("from", {}).get("id"), message.get("message_id"), press.get("data")]


def _album(payload: Mapping[str, Any]) -> str | None:
    message = payload.get("message")
    album = message.get("media_group_id") if isinstance(message, dict) else None
    return None if album is None else str(album)
