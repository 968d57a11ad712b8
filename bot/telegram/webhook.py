"""Webhooks: Telegram brings each update, and may forget it once it is in the inbox and not before."""

import asyncio
import datetime
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import BotError, UsageError
from bot.listening import Listener
from bot.settings import TelegramSettings
from bot.store import Store
from bot.telegram.handlers import UPDATES
from bot.telegram.intake import chat_of
from bot.telegram.patience import patiently
from bot.telegram.server import Server

log = logging.getLogger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105
# Far more than an update can hold: a text is at most 4,096 letters, and files come as their ids.
LARGEST = 1 << 20
# How many updates Telegram brings at the same time, of different chats.
AT_ONCE = 64
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Webhook:
    """Listens for updates and stores them; `beside` are other routes of the same address, such as health.

    Raises `UsageError` where the settings name no address for Telegram to come to.
    """

    def __init__(
        self,
        settings: TelegramSettings,
        server: Server,
        store: Store,
        *,
        listener: Listener,
        beside: Sequence[BaseRoute] = (),
        now: Callable[[], datetime.datetime],
    ):
        self._url = _url(settings)
        self._secret = _secret(settings)
        self._server = server
        self._store = store
        self._listener = listener
        self._now = now
        self._beside = beside
        self._answers = asyncio.Event()
        self.received: Callable[[], None] = lambda: None

    async def run(self) -> None:
        """Take updates in until cancelled, then let those under way be stored.

        The address stays with Telegram: another process may serve it, and what comes meanwhile is kept.
        """
        serving = asyncio.create_task(self._listener.serve(self.application(), ready=self._answers.set))
        try:
            await self._answers.wait()
            await patiently(self._announce)
            await serving
        finally:
            serving.cancel()
            await asyncio.wait({serving})

    def application(self) -> Starlette:
        """Return what answers Telegram."""
        path = urlsplit(self._url).path or "/"
        return Starlette(routes=[Route(path, self.receive, methods=["POST"]), *self._beside])

    async def receive(self, request: Request) -> Response:
        """Answer 200 once the update is stored. Telegram brings it again after any other answer."""
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret.encode()):
            return PlainTextResponse("the secret is not the one of this bot\n", status_code=403)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return PlainTextResponse("", status_code=400)
        if body is None:
            return PlainTextResponse("too large for an update\n", status_code=413)
        update = _update(body)
        if update is None:
            return PlainTextResponse("this is no update\n", status_code=400)
        try:
            async with self._store.turn() as transaction:
                row = (update["update_id"], chat_of(update), update)
                await transaction.receive([row], self._now())
        except BotError as error:
            log.warning("an update stays with Telegram for now: %s", error)
            return PlainTextResponse("cannot be stored now\n", status_code=503)
        self.received()
        return PlainTextResponse("")

    async def _announce(self) -> None:
        await self._server.call(
            "setWebhook",
            {
                "url": self._url,
                "secret_token": self._secret,
                "allowed_updates": list(UPDATES),
                "max_connections": AT_ONCE,
            },
        )
        log.info("updates are brought to %s", self._url)


async def _body(request: Request) -> bytes | None:
    """Return the body, None for one that is too large, which is read no further."""
    if int(request.headers.get("content-length", "0") or 0) > LARGEST:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    # What a column of the database holds; true is an int to Python.
    fits = isinstance(number, int) and not isinstance(number, bool) and abs(number) < 1 << 63
    return update if fits else None


def _url(settings: TelegramSettings) -> str:
    url = settings.webhook_url or ""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise UsageError(
            "telegram.webhook_url is not a public https address; name the one that leads to telegram.listen"
        )
    return url


def _secret(settings: TelegramSettings) -> str:
    """Return what Telegram sends along: as set, or made from the token, the same in every replica."""
    if settings.webhook_secret is None:
        token = settings.token.get_secret_value() if settings.token else ""
        return hmac.new(token.encode(), b"webhook secret", hashlib.sha256).hexdigest()
    secret = settings.webhook_secret.get_secret_value()
    if not _SECRET.fullmatch(secret):
        raise UsageError(
            "telegram.webhook_secret holds what Telegram does not allow; "
            "use up to 256 of A-Z, a-z, 0-9, _ and -"
        )
    return secret
