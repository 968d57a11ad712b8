"""An ASGI application on an address of its own, on the loop that is running already."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from bot.errors import BotError, UsageError, reason

# What requests under way are given to end when the application stops, in seconds.
LAST_CALL = 5
BACKLOG = 128


class Listener:
    """A socket that listens. Made at once, so that a port in use is told before anything starts.

    `key` names the setting the address comes from. Port 0 takes a free one; `port` says which.
    """

    def __init__(self, listen: str, key: str):
        host, port = _address(listen, key)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((host, port))
            self._socket.listen(BACKLOG)
        except OSError as error:
            self._socket.close()
            raise BotError(
                f"{key} {listen} cannot be listened on: {reason(error)}; set another one"
            ) from None
        self.host = host
        self.port: int = self._socket.getsockname()[1]

    @property
    def address(self) -> str:
        """Return the address as a browser takes it."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def close(self) -> None:
        """Let go of the address where it was never served."""
        self._socket.close()

    async def serve(
        self,
        application: Any,
        *,
        proxied: bool = False,
        proxy: str = "127.0.0.1",
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Serve `application` until cancelled, then let requests under way end.

        `proxied` believes what the proxy at the address `proxy` says of the client's address and scheme.
        `ready` is called once requests are answered.
        """
        server = _Server(
            uvicorn.Config(
                application,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=proxied,
                forwarded_allow_ips=proxy,
                timeout_graceful_shutdown=LAST_CALL,
            ),
            ready,
        )
        serving = asyncio.create_task(server.serve(sockets=[self._socket]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            server.should_exit = True
            await serving
            raise


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs the loop, and says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]):
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    def install_signal_handlers(self) -> None:
        """Install none."""

    def capture_signals(self) -> Any:
        """Capture none."""
        return contextlib.nullcontext()


def _address(listen: str, key: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise UsageError(f"{key} {listen} is not an address; write one like 127.0.0.1:8080")
    return host.strip("[]"), int(port)
