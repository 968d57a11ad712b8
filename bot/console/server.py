"""The server: uvicorn on the event loop of whoever calls, until it is told to stop."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette

from bot.errors import BotError, UsageError, reason


def place(listen: str) -> tuple[str, int]:
    """Return host and port of `console.listen`."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"console.listen: {listen} is not an address such as 127.0.0.1:8080")
    return host.strip("[]"), int(port)


def is_local(listen: str) -> bool:
    """Say whether only this machine can reach the address."""
    host, _ = place(listen)
    return host in {"127.0.0.1", "::1", "localhost"}


def taken(listen: str) -> socket.socket:
    """Take the place to listen at; a fault names it and the way out."""
    host, port = place(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
    except OSError as error:
        door.close()
        raise BotError(
            f"the console cannot listen at {listen}: {reason(error)}; name another with console.listen"
        ) from None
    return door


class _Server(uvicorn.Server):
    """Says when it answers, and leaves the signals of the process to whoever runs it."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]):
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(
    application: Starlette,
    door: socket.socket,
    stop: asyncio.Event,
    *,
    proxy: str = "127.0.0.1",
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve at `door` until `stop` is set; `ready` is called once it answers.

    `proxy` is whose word is taken for where a request really comes from, and whether it came over https.
    """
    config = uvicorn.Config(
        application,
        lifespan="off",
        log_config=None,
        access_log=False,  # addresses hold what was searched for
        server_header=False,
        forwarded_allow_ips=proxy,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=20,
        limit_concurrency=100,
    )
    server = _Server(config, ready)
    serving = asyncio.create_task(server.serve(sockets=[door]))
    waiting = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        waiting.cancel()
        await serving
        door.close()
