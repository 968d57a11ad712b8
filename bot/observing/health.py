"""Health over HTTP: whether the process lives, whether it can serve, and its figures.

`/healthz` says that the event loop turns. `/readyz` asks the database, and says no where the oldest message
has waited too long: then something is stuck, or there is too much for this machine. `/metrics` is for
Prometheus.
"""

import asyncio
import datetime
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import BotError
from bot.observing.metrics import CONTENT_TYPE, Metrics, Queues

Look = Callable[[], Awaitable[Queues]]
Clock = Callable[[], datetime.datetime]

# How long a message may wait before the bot no longer counts as ready, and the database to be asked.
LONGEST_WAIT = datetime.timedelta(minutes=2)
PATIENCE = 3.0


class Health:
    """What is asked of a process from outside; `look` reads what waits in the database."""

    def __init__(self, look: Look, metrics: Metrics, *, now: Clock):
        self._look = look
        self._metrics = metrics
        self._now = now

    def routes(self, *, metrics: bool) -> list[Route]:
        """Return the routes of health; `metrics` adds the figures, which are not for everyone."""
        shown = [Route("/metrics", self.metrics)] if metrics else []
        return [Route("/healthz", self.alive), Route("/readyz", self.ready), *shown]

    def application(self) -> Starlette:
        """Return the routes, figures included, as an application of its own."""
        return Starlette(routes=self.routes(metrics=True))

    async def alive(self, request: Request) -> Response:
        """Say that the event loop turns."""
        return PlainTextResponse("ok\n")

    async def ready(self, request: Request) -> Response:
        """Say whether messages are answered, and where not, why."""
        fault = await self._fault()
        return PlainTextResponse(f"{fault or 'ok'}\n", status_code=503 if fault else 200)

    async def metrics(self, request: Request) -> Response:
        """Show the figures; those that wait are asked of the database now."""
        try:
            queues = await asyncio.wait_for(self._look(), PATIENCE)
        except (BotError, TimeoutError):
            return PlainTextResponse("the database does not answer\n", status_code=503)
        return Response(self._metrics.show(queues, self._now()), media_type=CONTENT_TYPE)

    async def _fault(self) -> str:
        try:
            queues = await asyncio.wait_for(self._look(), PATIENCE)
        except (BotError, TimeoutError):
            return "the database does not answer"
        if queues.inbox_since is not None and self._now() - queues.inbox_since > LONGEST_WAIT:
            return f"messages wait since {queues.inbox_since:%H:%M:%S} UTC"
        return ""
