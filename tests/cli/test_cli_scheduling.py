"""What happens by the clock: each once, in office hours, and again only when it is due again."""

import asyncio
import base64
import contextlib
import datetime
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tiny_knowledge
from fake_encoder import FakeEncoder

from bot.advice import knowledge
from bot.advice.advisor import Advisor
from bot.app import Desk
from bot.casework.offices import Offices
from bot.casework.voice import Voice
from bot.cli.scheduling import Jobs
from bot.cli.staffing import casework
from bot.conversation.dialogue import Speaker
from bot.settings import PrivacySettings, Settings, StaffSettings
from bot.store import MEMORY, CardRow, CaseRow, PersonRow, RequestRow, StaffRow, Store
from bot.telegram.staff_group import StaffGroup

GROUP = -1001
# A Tuesday, an hour after the office in La Paz opened.
TUESDAY = datetime.datetime(2026, 11, 24, 13, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
SHIPPED = Path(__file__).parents[2] / "knowledge" / "messages" / "es.yaml"


class Clock:
    """Says what time it is, as a test sets it."""

    def __init__(self) -> None:
        self.now = TUESDAY

    def __call__(self) -> datetime.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    store = await Store.open(MEMORY)
    async with store.transaction() as now:
        await now.add_person(
            PersonRow(
                id="ana",
                channel="telegram",
                address="7",
                pseudonym="p-ana",
                first_seen=TUESDAY - 9 * DAY,
                last_seen=TUESDAY - 9 * DAY,
            )
        )
        asked = {"person": "ana", "channel": "telegram", "question": "¿qué?", "outcome": "no_match"}
        await now.add_request(RequestRow(id="r1", time=TUESDAY - 5 * DAY, **asked))
        await now.add_case(
            CaseRow(
                id="c1",
                person="ana",
                reason="person",
                request="r1",
                opened_at=TUESDAY - 5 * DAY,
                promised=(TUESDAY - DAY).date(),
            ),
            who="person",
        )
        await now.add_staff(StaffRow(id="mia", channel="telegram", address="21", name="Mia"))
    yield store
    await store.close()


@pytest.fixture
def jobs(tmp_path: Path, store: Store, clock: Clock) -> Jobs:
    folder = tiny_knowledge.write(tmp_path / "knowledge")
    (folder / "messages" / "es.yaml").write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    speaker = Speaker.of(Advisor(knowledge.load(folder)))
    voice = Voice(speaker.advisor.knowledge, speaker.messages, speaker.answers)
    settings = Settings(staff=StaffSettings(group_id=GROUP), privacy=PrivacySettings(keep_days=30))
    offices = Offices.of(settings.staff)
    group = StaffGroup(store, casework(settings, lambda: voice), offices, language="es", now=clock)
    return Jobs(settings, store, Desk(speaker, offices=offices), group, now=clock)


async def posted(store: Store) -> list[dict[str, Any]]:
    """Return the calls that wait, in order."""
    async with store.reading() as now:
        rows = [await now.message(number) for number in range(1, 50)]
    return [row.payload for row in rows if row]


async def texts(store: Store) -> list[tuple[int, str]]:
    calls = [call["arguments"] for call in await posted(store)]
    return [(arguments["chat_id"], arguments.get("text", "")) for arguments in calls]


async def test_the_group_is_reminded_once_a_day(jobs: Jobs, store: Store, clock: Clock) -> None:
    await jobs.remind()
    await jobs.remind()
    ((chat, text),) = await texts(store)
    assert chat == GROUP
    assert text.startswith("⏰ 1 casos pasaron de lo prometido:")
    assert "c1" in text
    clock.now += DAY
    await jobs.remind()
    assert len(await texts(store)) == 2


async def test_nobody_is_reminded_at_night(jobs: Jobs, store: Store, clock: Clock) -> None:
    clock.now -= datetime.timedelta(hours=8)
    await jobs.remind()
    assert await texts(store) == []


async def test_who_has_it_is_reminded_in_private(jobs: Jobs, store: Store) -> None:
    async with store.transaction() as now:
        await now.set_case("c1", state="assigned", assigned_to="mia")
    await jobs.remind()
    assert [chat for chat, _ in await texts(store)] == [GROUP, 21]


async def test_the_digest_comes_once_a_week(jobs: Jobs, store: Store, clock: Clock) -> None:
    await jobs.digest()
    await jobs.digest()
    assert {chat for chat, _ in await texts(store)} == {GROUP}
    first = len(await texts(store))
    assert first >= 1
    clock.now += 7 * DAY
    await jobs.digest()
    assert len(await texts(store)) > first


async def test_the_digest_comes_as_a_workbook_too(jobs: Jobs, store: Store) -> None:
    await jobs.digest()
    *said, file = await posted(store)
    assert all(call["method"] == "sendMessage" for call in said)
    assert (file["method"], file["arguments"]) == ("sendDocument", {"chat_id": GROUP})
    assert file["file"]["name"] == "resumen-2026-11-16.xlsx"
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(file["file"]["content"]))) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "2026-11-16 2026-11-22" in strings
    assert "¿qué?" not in strings  # one person alone asked it


async def test_the_digest_is_grouped_by_meaning_where_something_reads(jobs: Jobs, store: Store) -> None:
    encoder = FakeEncoder()
    jobs._desk.speaker.advisor.quickest = encoder
    await jobs.digest()
    assert encoder.encoded == ["¿qué?"]


async def test_the_digest_waits_for_the_office(jobs: Jobs, store: Store, clock: Clock) -> None:
    clock.now -= datetime.timedelta(hours=8)
    await jobs.digest()
    assert await texts(store) == []


async def test_what_ends_soon_is_named_once_a_week(jobs: Jobs, store: Store, clock: Clock) -> None:
    clock.now += 365 * DAY  # by then every resource is due for a look
    while not jobs._may_write(jobs._whole):
        clock.now += DAY
    await jobs.freshness()
    await jobs.freshness()
    assert [text.startswith("🗓") for _, text in await texts(store)] == [True]


async def test_dead_links_are_told_once_a_day(jobs: Jobs, store: Store) -> None:
    await jobs.dead_links(["https://example.org/gone"])
    await jobs.dead_links(["https://example.org/gone"])
    ((_, text),) = await texts(store)
    assert text.endswith("https://example.org/gone")


async def test_what_is_let_go_of_leaves_the_staffs_chats_too(jobs: Jobs, store: Store, clock: Clock) -> None:
    async with store.transaction() as now:
        await now.set_case("c1", state="closed", closed_at=TUESDAY)
        await now.add_card(CardRow(case="c1", chat=str(GROUP), thread_id=103, message_id=104))
    await jobs.retention()
    assert await posted(store) == []
    clock.now += 31 * DAY
    await jobs.retention()
    assert [call["method"] for call in await posted(store)] == ["deleteForumTopic"]
    async with store.reading() as now:
        assert await now.case("c1") is None


@pytest.fixture
def held(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places that were held, one at a time, as among several processes on one database."""
    turns: dict[str, asyncio.Lock] = {}
    places: list[str] = []

    @contextlib.asynccontextmanager
    async def alone(place: str) -> AsyncIterator[None]:
        async with turns.setdefault(place, asyncio.Lock()):
            places.append(place)
            yield

    monkeypatch.setattr(store, "alone", alone)
    return places


async def test_of_two_processes_one_does_each_job(jobs: Jobs, store: Store, held: list[str]) -> None:
    """Each waits for the other, and then finds that everything is done."""
    for job in jobs.all:
        await job.run()
    once = await posted(store)
    await asyncio.gather(*(job.run() for job in [*jobs.all, *jobs.all]))
    assert once != []
    assert await posted(store) == once
    assert sorted(held) == sorted(3 * [f"job {job.name}" for job in jobs.all])


async def test_admins_are_put_on_the_staff_by_one_process_at_a_time(
    jobs: Jobs, store: Store, held: list[str]
) -> None:
    """Two processes that ask at the same moment leave each admin there once."""

    async def call(method: str, _: object) -> list[dict[str, Any]]:
        assert (method, held[-1]) == ("getChatAdministrators", "admins 9")
        return [{"status": "creator", "user": {"id": 31, "first_name": "Ada"}}]

    server: Any = SimpleNamespace(id=9, call=call)
    await asyncio.gather(*(jobs._staff._admit_admins(GROUP, server) for _ in range(2)))
    async with store.reading() as now:
        assert [each.address for each in await now.staff()].count("31") == 1
    assert held == ["admins 9", "admins 9"]
