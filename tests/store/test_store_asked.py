"""What readers of the console ask the store: page by page, by every filter, by words; links and sessions."""

import datetime

import pytest
from store_rows import NOON, case, later, person, request

from bot.store import Asked, Mark, Queue, SessionRow, Sought, Store
from bot.store import asked as asking

DAY = datetime.timedelta(days=1)


def words(*wanted: str) -> Sought:
    return Sought(
        tuple(f"%{word}%" for word in wanted), lambda question: all(word in question for word in wanted)
    )


async def fill(store: Store, number: int = 7) -> None:
    async with store.transaction() as t:
        await t.add_person(person("ana", country="UY", language="pt"))
        for n in range(number):
            # Two at each moment: the id decides between them.
            await t.add_request(
                request(f"r{n}", time=later(n // 2), question=f"una {'par' if n % 2 else 'non'}")
            )


async def pages(store: Store, sought: Sought | None = None) -> list[list[str]]:
    """Return the ids of each page of three."""
    found: list[list[str]] = []
    before: Mark | None = None
    async with store.reading() as now:
        while True:
            rows, before = await now.asked(Asked(), before=before, limit=3, sought=sought)
            found.append([row.id for row in rows])
            if before is None:
                return found


async def test_pages_of_requests(store: Store) -> None:
    """The newest first, none twice and none left out, also where several have the same moment."""
    await fill(store)
    assert await pages(store) == [["r6", "r5", "r4"], ["r3", "r2", "r1"], ["r0"]]


async def test_words_in_pages(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are found, sealed or not; where only a few can be read at once, the next page goes on."""
    await fill(store)
    assert await pages(store, words("non")) == [["r6", "r4", "r2"], ["r0"]]
    assert await pages(store, words("una", "par")) == [["r5", "r3", "r1"]]
    monkeypatch.setattr(asking, "FARTHEST", 3)
    assert [id for page in await pages(store, words("non")) for id in page] == ["r6", "r4", "r2", "r0"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Asked(topic="loans"), ["r1"]),
        (Asked(topic="loan"), []),
        (Asked(resource="uy_x"), []),
        (Asked(resource="uy-x"), ["r1"]),
        (Asked(country="UY", feedback="down"), ["r1"]),
        (Asked(since=NOON, until=NOON + DAY, outcome="answer"), ["r1"]),
        (Asked(until=NOON), ["r0"]),
        (Asked(person="eva"), []),
    ],
)
async def test_filters_of_requests(wanted: Asked, found: list[str], store: Store) -> None:
    async with store.transaction() as t:
        await t.add_person(person("ana"))
        await t.add_request(request("r0", time=NOON - DAY))
        told = {"topics": ("export", "loans"), "resources": ("uy-x",), "country": "UY", "feedback": "down"}
        await t.add_request(request("r1", **told))
        rows, _ = await t.asked(wanted, limit=9)
        assert [row.id for row in rows] == found
        assert await t.asked_count(wanted) == len(found)


async def test_the_queue_and_its_counts(store: Store) -> None:
    """Who waits longest first; counted by state, broken promise, nobody's and the reader's own."""
    await fill(store)
    late, soon = NOON.date() - DAY, NOON.date() + DAY
    async with store.transaction() as t:
        await t.add_case(case("c1", request="r1", opened_at=later(1), promised=late), who="person")
        await t.add_case(
            case("c2", opened_at=later(1), state="assigned", assigned_to="mia", promised=soon), who="person"
        )
        await t.add_case(case("c3", opened_at=later(2), state="closed"), who="person")
        await t.add_case(case("c4", opened_at=later(3), reason="sensitive"), who="person")
        everyone = Queue(states=(), without=("sensitive",))
        counts = await t.queue_counts(everyone, today=NOON.date(), reader="mia")
        assert counts == {
            "open": 1, "assigned": 1, "answered": 0, "closed": 1, "overdue": 1, "nobody": 1, "mine": 1,
        }  # fmt: skip
        first = await t.queue(Queue(states=()), limit=2)
        rest = await t.queue(Queue(states=()), after=Mark(first[-1].opened_at, first[-1].id), limit=9)
        assert [row.id for row in (*first, *rest)] == ["c1", "c2", "c3", "c4"]
        assert (first[0].language, first[0].country) == ("pt", "UY")
        for wanted, found in (
            (Queue(assigned_to=""), ["c1", "c4"]),
            (Queue(assigned_to="mia"), ["c2"]),
            (Queue(overdue=NOON.date()), ["c1"]),
            (Queue(country="UY", language="pt", reason="sensitive"), ["c4"]),
            (Queue(person="eva"), []),
        ):
            assert [row.id for row in await t.queue(wanted, limit=9)] == found


async def test_a_link_is_used_once_and_in_time(store: Store) -> None:
    async with store.transaction() as t:
        for token in ("early", "late"):
            await t.add_sign_in(token, "mia", at=NOON, until=later(15))
        assert await t.use_sign_in("early", later(14)) == "mia"
        assert await t.use_sign_in("early", later(14)) is None
        assert await t.use_sign_in("late", later(15)) is None
        assert await t.use_sign_in("never", NOON) is None
        await t.sweep_sign_ins(later(15))
        assert (await t.counts())["sign_ins"] == 0


async def test_sessions_end(store: Store) -> None:
    """By time, one by one, or all of one person."""
    async with store.transaction() as t:
        for token, staff in (("a", "mia"), ("b", "mia"), ("c", "eva")):
            row = {"created_at": NOON, "seen_at": NOON, "expires_at": later(60)}
            await t.add_session(SessionRow(token=token, staff=staff, **row))
        await t.touch_session("c", seen=later(50), until=later(110))
        assert await t.session("a", later(60)) is None
        assert (await t.session("c", later(60))).staff == "eva"  # type: ignore[union-attr]
        assert await t.end_session("a")
        assert not await t.end_session("a")
        assert await t.end_sessions_of("mia")
        assert (await t.counts())["sessions"] == 1
