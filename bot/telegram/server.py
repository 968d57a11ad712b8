"""The Bot API spoken in plain dicts, as inbox and outbox keep them."""

import base64
import os
from collections.abc import Mapping, Sequence
from typing import Any

from telegram import InputFile
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.settings import TelegramSettings
from bot.telegram.http import NO_ANSWER, Plain, Request

# How long an answer is waited for. Long, because a send whose answer is lost may be sent twice.
READ_TIMEOUT = 20.0
CONNECTIONS = 64


class Server(ExtBot[None]):
    """python-telegram-bot's `Bot`, with calls that neither read nor build its objects.

    An update Telegram adds tomorrow must not stop the batch it came in, so batches stay unread here.
    """

    __slots__ = ()

    async def call(
        self,
        method: str,
        arguments: Mapping[str, Any],
        *,
        file: Mapping[str, str] | None = None,
        read_timeout: float = READ_TIMEOUT,
    ) -> Any:
        """Return the result of `method`; raise `TelegramError` for whatever else is answered.

        A `file` (its name, its content as base64) is handed over as the document of the call.
        """
        try:
            if file is not None:
                given_with = {**arguments, "document": _uploaded(file)}
                return await self._post(method, given_with, read_timeout=read_timeout)
            # As the library's own `_post` does it, without looking through each argument for its objects.
            client = self._request[method != "getUpdates"]
            given: Any = Plain({name: value for name, value in arguments.items() if value is not None})
            return await client.post(f"{self._base_url}/{method}", given, read_timeout=read_timeout)
        except KeyError:
            raise TelegramError(NO_ANSWER) from None

    async def updates(self, offset: int | None, allowed: Sequence[str], *, wait: int) -> list[dict[str, Any]]:
        """Return the updates from `offset` on, waiting for the first; earlier ones are forgotten."""
        arguments = {"offset": offset, "timeout": wait, "allowed_updates": list(allowed)}
        found = await self.call("getUpdates", arguments, read_timeout=wait + READ_TIMEOUT)
        if not isinstance(found, list) or not all(_is_update(update) for update in found):
            raise TelegramError(NO_ANSWER)
        return found


def connect(settings: TelegramSettings, token: str) -> Server:
    """Return the server as the settings name it; nothing is asked of it yet."""
    # Without it the library warns each time it is told to wait: https://docs.python-telegram-bot.org (22.2).
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    return Server(
        token,
        base_url=settings.base_url,
        base_file_url=settings.base_file_url,
        request=Request(
            address=settings.base_url, connections=CONNECTIONS, read=READ_TIMEOUT, pool=READ_TIMEOUT
        ),
        get_updates_request=Request(address=settings.base_url, connections=1, read=READ_TIMEOUT),
    )


def _uploaded(file: Mapping[str, str]) -> InputFile:
    return InputFile(base64.b64decode(file["content"]), filename=file["name"], attach=False)


def _is_update(update: object) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)
