"""Opened links, counted: an address of our own that counts and leads on to the resource's exact address.

Telegram tells nobody that a link button was opened. Where the settings ask for it, buttons lead here
first. The token in the address is signed and names a resource and a setting, never a person; what is kept
is a sum by week. Without the settings' word, addresses are given exactly as they are.
"""

import dataclasses
import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.advice.knowledge import Knowledge
from bot.conversation.records import Turn
from bot.conversation.replies import Button, Reply
from bot.errors import BotError
from bot.store import OpensRow, Store

log = logging.getLogger(__name__)

PATH = "/go/"
SALT = "opened link"
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True)
class Opening:
    """What an address says: which resource, shown for which topic, in which country and language."""

    resource: str
    topic: str = ""
    country: str = ""
    language: str = ""


class Openings:
    """Makes the addresses that count, and reads them. `public_url` is how people reach this server."""

    def __init__(self, secret: bytes, public_url: str):
        self._signed = URLSafeSerializer(secret, salt=SALT)
        self._place = public_url.rstrip("/") + PATH

    def address(self, opening: Opening) -> str:
        """Return the address that counts `opening` and leads on."""
        token = self._signed.dumps(list(dataclasses.astuple(opening)))
        return self._place + (token if isinstance(token, str) else token.decode())

    def read(self, token: str) -> Opening | None:
        """Return what an address says, None for one that was not made here."""
        try:
            values = self._signed.loads(token)
            return Opening(*(str(value) for value in values))
        except (BadSignature, TypeError, ValueError):
            return None

    def through(self, turn: Turn, knowledge: Knowledge) -> Turn:
        """Return the turn with its links to resources led through here; every other address as it is."""
        ids: dict[str, str] = {}
        for item in knowledge.resources.values():
            ids.setdefault(item.url, item.id)
        person = turn.person

        def led(button: Button) -> Button:
            if button.url is None or button.url not in ids:
                return button
            country = person.country or person.heard or ""
            opening = Opening(ids[button.url], person.topic or "", country, person.language or "")
            return dataclasses.replace(button, url=self.address(opening))

        def replied(reply: Reply) -> Reply:
            return dataclasses.replace(reply, rows=tuple(tuple(map(led, row)) for row in reply.rows))

        return dataclasses.replace(turn, replies=tuple(map(replied, turn.replies)))


def route(
    openings: Openings,
    store: Store,
    *,
    knowledge: Callable[[], Knowledge],
    now: Callable[[], datetime.datetime],
) -> Route:
    """Return the route that counts and leads on. A look at the headers alone (HEAD) is not counted."""

    async def go(request: Request) -> Response:
        opening = openings.read(request.path_params["token"])
        resource = knowledge().resources.get(opening.resource) if opening else None
        if opening is None or resource is None or not resource.shown_on(now().date()):
            return PlainTextResponse("404", status_code=404, headers=HEADERS)
        if request.method == "GET":
            await _count(store, opening, now().date())
        return RedirectResponse(resource.url, status_code=303, headers=HEADERS)

    return Route(PATH + "{token}", go, methods=["GET", "HEAD"])


async def _count(store: Store, opening: Opening, day: datetime.date) -> None:
    """Count, if the store can: whoever follows a link gets there either way."""
    week = day - datetime.timedelta(days=day.weekday())
    try:
        async with store.transaction() as transaction:
            await transaction.count_open(OpensRow(week=week, **dataclasses.asdict(opening)))
    except BotError as fault:
        log.error("an opened link is not counted: %s", fault)
