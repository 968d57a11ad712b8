"""A console over a store in memory and the tiny knowledge."""

from collections.abc import AsyncIterator

import pytest
from office import ADDRESS, STAFF, Clock, Office

from bot.advice.knowledge import Knowledge
from bot.console.house import House, Member
from bot.console.tokens import Tokens
from bot.store import MEMORY, Store


@pytest.fixture
async def office(tiny: Knowledge) -> AsyncIterator[Office]:
    store = await Store.open(MEMORY)
    staff = dict(STAFF)

    async def member(id: str) -> Member | None:
        return staff.get(id)

    clock = Clock()
    house = House(
        store=store,
        tokens=Tokens(b"a secret of the tests, long enough to be one"),
        members=member,
        knowledge=lambda: tiny,
        clock=clock,
        public_url=ADDRESS,
    )
    yield Office(house, clock, staff)
    await store.close()
