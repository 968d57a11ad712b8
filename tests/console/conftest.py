"""A console over a store in memory and the tiny knowledge."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from office import ADDRESS, STAFF, Clock, Office

from bot.advice.advisor import Advisor
from bot.advice.explaining import tried
from bot.advice.knowledge import Knowledge
from bot.advice.setting import Profile
from bot.casework.courier import Noticeboard
from bot.casework.rights import Rights
from bot.casework.voice import Voice
from bot.casework.work import Casework
from bot.console.house import House
from bot.console.remembered import Remembered
from bot.console.tokens import Tokens
from bot.insight.drafting import Drafts
from bot.insight.parity import table
from bot.store import MEMORY, Store


@pytest.fixture
async def office(tiny: Knowledge, tiny_advisor: Advisor, folder: Path) -> AsyncIterator[Office]:
    store = await Store.open(MEMORY)
    async with store.transaction() as transaction:
        for row in STAFF.values():
            await transaction.add_staff(row)
    clock = Clock()
    voice = Voice.of(tiny)
    house = House(
        store=store,
        tokens=Tokens(b"a secret of the tests, long enough to be one"),
        casework=Casework(lambda: voice, {"terminal": Noticeboard()}, rights=Rights()),
        knowledge=lambda: tiny,
        clock=clock,
        drafts=Drafts(folder),
        explain=lambda question, *, day, **profile: tried(
            tiny_advisor, question, day=day, profile=Profile(**profile)
        ),
        parity=lambda known, now: table(known, lambda file, path, id: now),
        remembered=Remembered(patience=30),
        public_url=ADDRESS,
    )
    yield Office(house, clock)
    await store.close()
