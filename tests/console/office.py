"""A console under test: its clock in the test's hand, its staff, and a browser for each of them."""

import asyncio
import contextlib
import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from bot import tending
from bot.advice.advisor import Advisor
from bot.advice.knowledge import load
from bot.console.house import House
from bot.console.signing_in import make_link
from bot.console.site import site
from bot.insight import replaying
from bot.insight.replaying import Replay
from bot.store import StaffRow, Store

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
ADDRESS = "http://127.0.0.1:8080"
STAFF = {
    id: StaffRow(
        id=id, channel="telegram", address=id, name=f"{id.title()} Example", role=role, languages=("en",)
    )
    for id, role in (("vera", "viewer"), ("abel", "agent"), ("eda", "editor"), ("rosa", "admin"))
}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime.datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += datetime.timedelta(**time)


@dataclass
class Office:
    """The console under test: its house, its clock, and a browser for each of the staff."""

    house: House
    clock: Clock

    @property
    def store(self) -> Store:
        return self.house.store

    def browser(
        self, *, address: str | None = None, client: tuple[str, int] = ("127.0.0.1", 999)
    ) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(site(self.house), client=client, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=address or self.house.public_url)

    async def signed_in(self, id: str) -> httpx.AsyncClient:
        """Return the browser of one of the staff, signed in by a link."""
        browser = self.browser()
        entered = await enter(browser, await self.link(id))
        assert entered.status_code == 303
        return browser

    async def link(self, id: str) -> str:
        """Return a link that signs in one of the staff."""
        house = self.house
        async with house.store.transaction() as transaction:
            return await make_link(
                id, tokens=house.tokens, public_url=house.public_url, at=self.clock(), transaction=transaction
            )

    def csrf(self, browser: httpx.AsyncClient) -> str:
        """Return what the forms of this browser's session carry."""
        return self.house.tokens.for_forms(next(iter(_sessions(browser))))

    def trying(self, before: Advisor) -> "Office":
        """Return the same office, where the effect of a draft on the last questions is told."""

        @contextlib.contextmanager
        def trial(folder: Path) -> Iterator[Advisor]:
            yield Advisor(load(folder))

        async def effect(draft: str, day: datetime.date) -> Replay:
            questions = await tending.last_questions(self.store, 500)
            given = {"before": before, "trial": trial, "day": day}
            return await asyncio.to_thread(
                lambda: replaying.effect(draft, self.house.drafts, questions, **given)
            )

        return replace(self, house=replace(self.house, effect=effect))

    def with_address(self, address: str) -> "Office":
        """Return the same office behind another public address."""
        return replace(self, house=replace(self.house, public_url=address))


async def enter(browser: httpx.AsyncClient, link: str) -> httpx.Response:
    """Use a link as its page does."""
    return await browser.post("/sign-in", data={"token": link.partition("token=")[2]})


def _sessions(browser: httpx.AsyncClient) -> list[str]:
    return [cookie.value or "" for cookie in browser.cookies.jar if cookie.name.endswith("session")]
