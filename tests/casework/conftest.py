"""Casework over a store in memory: a person with a case, staff, and a courier that keeps what it is given."""

from collections.abc import AsyncIterator

import pytest
import tiny_knowledge
from casework_people import NOON, STAFF, Satchel, add_person

from bot.advice import knowledge
from bot.casework.rights import Rights
from bot.casework.voice import Voice
from bot.casework.work import Casework
from bot.store import MEMORY, CaseRow, RequestRow, Store, Transaction


@pytest.fixture
def satchel() -> Satchel:
    return Satchel()


@pytest.fixture(scope="session")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Voice:
    folder = tiny_knowledge.write(tmp_path_factory.mktemp("casework"))
    (folder / "canned.yaml").write_text("soon:\n  title: {es: Pronto}\n  text: {es: Ya va, en: Soon}\n")
    return Voice.of(knowledge.load(folder))


@pytest.fixture
def casework(voice: Voice, satchel: Satchel) -> Casework:
    return Casework(lambda: voice, {"telegram": satchel}, rights=Rights(sensitive=("zoe",)))


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = await Store.open(MEMORY)
    async with store.transaction() as transaction:
        for each in STAFF:
            await transaction.add_staff(each)
        await add_person(transaction, "ana")
        await transaction.add_request(
            RequestRow(
                id="r1", person="ana", time=NOON, channel="telegram", question="¿cómo?", outcome="no_match"
            )
        )
        await transaction.add_case(
            CaseRow(id="c1", person="ana", reason="person", request="r1", opened_at=NOON), who="person"
        )
        await transaction.add_case(
            CaseRow(id="c9", person="ana", reason="sensitive", opened_at=NOON), who="person"
        )
    yield store
    await store.close()


@pytest.fixture
async def now(store: Store) -> AsyncIterator[Transaction]:
    """A transaction to act in."""
    async with store.transaction() as transaction:
        yield transaction
