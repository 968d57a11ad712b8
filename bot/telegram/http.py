"""The HTTP client behind python-telegram-bot's `Bot`, on aiohttp (docs/adr/0012-http-client.md).

It tells apart, by the cause of what it raises, what never left this machine and what may have arrived:
`bot.telegram.faults` reads that.
"""

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

NO_ANSWER = "what answered was not the Bot API"
# Seconds. Telegram closes a silent connection after some minutes; it is let go of before, because a message
# written into one that is just being closed may or may not have arrived.
KEPT = 30.0
CONNECT, WRITE = 5.0, 20.0
JSON = {"Content-Type": "application/json", "User-Agent": BaseRequest.USER_AGENT}
FORM = {"User-Agent": BaseRequest.USER_AGENT}


@dataclass(frozen=True)
class Plain:
    """Arguments that are ready to be sent: values of JSON, no files."""

    parameters: Mapping[str, Any]
    contains_files: Literal[False] = False


Body = RequestData | Plain


class Request(BaseRequest):
    """Calls over a pool of connections; times are seconds.

    `pool` is how long a call waits for a free connection, `read` how long for the answer.
    """

    __slots__ = ("_connections", "_pool", "_proxy", "_read", "_session")

    def __init__(self, *, address: str, connections: int, read: float, pool: float = 1.0):
        self._connections = connections
        self._read = read
        self._pool = pool
        self._proxy = proxy_for(address)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """How long an answer is waited for."""
        return self._read

    async def initialize(self) -> None:
        """Be ready; connections are made as they are needed."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEPT)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: Body | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return the status and the body of the answer."""
        if self._session is None:
            raise RuntimeError("this request was not initialized")
        timeout = _timeout(
            read=_given(read_timeout, self._read),
            write=_given(write_timeout, WRITE),
            connect=_given(connect_timeout, CONNECT),
            pool=_given(pool_timeout, self._pool),
        )
        body, headers = _body(request_data)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, proxy=self._proxy
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            # Only its name: some of these repeat the address, which holds the token.
            raise NetworkError(f"aiohttp.{type(error).__name__}") from error

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer; raise `TelegramError` for a body that is none, without logging it."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError(NO_ANSWER)
        return answer


def proxy_for(address: str) -> str | None:
    """Return the proxy the environment names for `address`, None where it is reached directly."""
    parts = urlsplit(address)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    proxies = urllib.request.getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")


def _given(value: Any, default: float) -> float | None:
    return default if isinstance(value, DefaultValue) else value


def _timeout(
    *, read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    parts = (read, write, connect, pool)
    total = None if None in parts else sum(part for part in parts if part is not None)
    waited = None if connect is None or pool is None else connect + pool
    return aiohttp.ClientTimeout(total=total, connect=waited, sock_connect=connect, sock_read=read)


def _body(data: Body | None) -> tuple[Any, dict[str, str]]:
    """Return what is sent, and how it is called: JSON, or a form where there are files."""
    if data is None:
        return None, FORM
    if isinstance(data, Plain) or not data.contains_files:
        return json.dumps(data.parameters).encode(), JSON
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, FORM
