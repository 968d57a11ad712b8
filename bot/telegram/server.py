"""The Bot API spoken in plain dicts, as inbox and outbox keep them."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.settings import TelegramSettings

# How long an answer is waited for. Long, because a send whose answer is lost may be sent twice.
READ_TIMEOUT = 20.0
CONNECTIONS = 64
NO_ANSWER = "what answered was not the Bot API"


class Request(HTTPXRequest):
    """python-telegram-bot's HTTP client, which would log whole any answer it cannot read."""

    __slots__ = ()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer; raise `TelegramError` for a body that is none."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError(NO_ANSWER)
        return answer


class Server(ExtBot[None]):
    """python-telegram-bot's `Bot`, with calls that neither read nor build its objects.

    An update Telegram adds tomorrow must not stop the batch it came in, so batches stay unread here.
    """

    __slots__ = ()

    async def call(
        self, method: str, arguments: Mapping[str, Any], *, read_timeout: float = READ_TIMEOUT
    ) -> Any:
        """Return the result of `method`; raise `TelegramError` for whatever else is answered."""
        try:
            return await self._post(method, dict(arguments), read_timeout=read_timeout)
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
            connection_pool_size=CONNECTIONS, read_timeout=READ_TIMEOUT, pool_timeout=READ_TIMEOUT
        ),
        get_updates_request=Request(connection_pool_size=1),
    )


def _is_update(update: object) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)
