"""How long each page of the console takes on the server, with many questions and open cases in the store.

    python benchmarks/console.py [--questions 10000] [--cases 500] [--rounds 15] [--database URL] [--sealed]

Everything asked is made up from the phrases of the knowledge, always the same. Times are of whole requests
through the application in this process: session, rights, store, template; without a network.
"""

import argparse
import asyncio
import datetime
import random
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.advice import knowledge as knowledge_folder  # noqa: E402
from bot.advice.advisor import Advisor  # noqa: E402
from bot.advice.explaining import Explanation, tried  # noqa: E402
from bot.advice.knowledge import COUNTRIES, Knowledge  # noqa: E402
from bot.advice.setting import Profile  # noqa: E402
from bot.casework.courier import Noticeboard  # noqa: E402
from bot.casework.rights import Rights  # noqa: E402
from bot.casework.voice import Voice  # noqa: E402
from bot.casework.work import Casework  # noqa: E402
from bot.console.house import House  # noqa: E402
from bot.console.signing_in import make_link  # noqa: E402
from bot.console.site import site  # noqa: E402
from bot.console.tokens import Tokens  # noqa: E402
from bot.insight.drafting import Drafts  # noqa: E402
from bot.insight.parity import changes, table  # noqa: E402
from bot.store import CaseRow, PersonRow, RequestRow, StaffRow, Store, Transaction  # noqa: E402
from bot.store.sealing import Sealing, new_secret  # noqa: E402

NOW = datetime.datetime(2026, 11, 23, 15, tzinfo=datetime.UTC)
LIMIT_MS = 300
STAFF = (
    StaffRow(id="lucia", channel="telegram", address="1", name="Lucía Example", role="admin"),
    StaffRow(id="marco", channel="telegram", address="2", name="Marco Example", role="agent"),
    StaffRow(
        id="ines", channel="telegram", address="3", name="Inês Example", role="editor", languages=("pt",)
    ),
    StaffRow(
        id="noah", channel="telegram", address="4", name="Noah Example", role="viewer", languages=("en",)
    ),
)
OUTCOMES = ("answer",) * 13 + ("clarify",) * 3 + ("no_match",) * 3 + ("handoff",)
REASONS = ("person",) * 4 + ("none_of_these",) * 3 + ("feedback",) * 2 + ("connect",)
WEEKS = 26


class Rows:
    """Made-up people, questions and cases, the same for the same seed."""

    def __init__(self, knowledge: Knowledge, seed: int = 7):
        self._dice = random.Random(seed)  # noqa: S311
        self._knowledge = knowledge
        self._topics = list(knowledge.topics.values())

    def person(self, number: int) -> PersonRow:
        """Return a person with a country and a language."""
        dice = self._dice
        return PersonRow(
            id=f"person{number}",
            channel="terminal",
            address=f"seat-{number}",
            pseudonym=f"p-{number:05d}",
            first_seen=NOW - datetime.timedelta(weeks=WEEKS),
            last_seen=NOW,
            language=dice.choice(("es", "es", "es", "pt", "en")),
            country=dice.choice((*COUNTRIES, None)),
            audience=dice.choice((None, None, "women", "sme", "informal", "exporter")),
        )

    def request(self, number: int, person: PersonRow) -> RequestRow:
        """Return a question of the person: a phrase of a topic, and what came of it."""
        dice, language = self._dice, person.language or "es"
        topic, other = dice.sample(self._topics, 2)
        outcome = dice.choice(OUTCOMES)
        fitting = [
            each.id
            for each in self._knowledge.resources.values()
            if topic.id in each.topics and each.serves(person.country)
        ]
        sure = dice.uniform(0.6, 0.98) if outcome == "answer" else dice.uniform(0.1, 0.5)
        # More is asked from week to week, and less at night.
        back = WEEKS * 7 * 24 * (1 - dice.random() ** 0.6)
        return RequestRow(
            id=f"q{number}",
            person=person.id,
            time=NOW - datetime.timedelta(hours=back),
            channel=person.channel,
            question=dice.choice(topic.phrases.get(language) or topic.phrases["es"]),
            outcome=outcome,
            language=language,
            country=person.country,
            audience=person.audience,
            topics=(topic.id,) if outcome in ("answer", "clarify") else (),
            resources=tuple(fitting[:3]) if outcome == "answer" else (),
            candidates=[[topic.id, sure, sure, None], [other.id, (1 - sure) / 2, 0.1, None]],
            confidence=sure,
            knowledge=self._knowledge.fingerprint,
            feedback=dice.choice((None, None, None, "up", "up", "down")) if outcome == "answer" else None,
        )

    async def case(self, number: int, request: RequestRow, *, state: str, t: Transaction) -> None:
        """Store a case of the question, with the steps that led to its state."""
        dice = self._dice
        opened = request.time + datetime.timedelta(minutes=2)
        who = dice.choice(STAFF[:3])
        taken = state != "open"
        answered = opened + datetime.timedelta(hours=dice.uniform(0.5, 60))
        case = CaseRow(
            id=f"c{number}",
            person=request.person,
            request=request.id,
            reason=dice.choice(REASONS),
            state=state,
            opened_at=opened,
            promised=opened.date() + datetime.timedelta(days=2),
            assigned_to=who.id if taken else None,
            closed_at=answered if state == "closed" else None,
            outcome="answered" if state == "closed" else None,
        )
        await t.add_case(case, who="person")
        if taken:
            await t.add_step(case.id, opened, who.name, "taken", staff=who.id)
        if state in ("answered", "closed"):
            text = "Te paso el enlace de la guía y quedo por aquí si tienes otra duda."
            await t.add_step(case.id, answered, who.name, "reply", text, staff=who.id)
        if state == "closed":
            await t.add_step(case.id, answered, who.name, "closed", "answered", staff=who.id)


async def seed(store: Store, knowledge: Knowledge, *, questions: int, cases: int) -> None:
    """Fill the store: so many questions, so many cases not closed, and as many closed ones twice over."""
    rows = Rows(knowledge)
    async with store.transaction() as t:
        for member in STAFF:
            await t.add_staff(member)
        people = [rows.person(number) for number in range(max(1, questions // 5))]
        for person in people:
            await t.add_person(person)
        asked = [rows.request(number, people[number % len(people)]) for number in range(questions)]
        for request in asked:
            await t.add_request(request)
        newest = sorted(asked, key=lambda request: request.time, reverse=True)
        states = ["open"] * 5 + ["assigned"] * 3 + ["answered"] * 2
        for number, request in enumerate(newest[: 3 * cases]):
            state = states[number % 10] if number < cases else "closed"
            await rows.case(number, request, state=state, t=t)


def house_over(store: Store, knowledge: Knowledge) -> House:
    """Return a console over the store, its clock standing still."""
    voice = Voice.of(knowledge)
    return House(
        store=store,
        tokens=Tokens(b"a secret of the benchmark, long enough to be one"),
        casework=Casework(lambda: voice, {"terminal": Noticeboard()}, rights=Rights()),
        knowledge=lambda: knowledge,
        clock=lambda: NOW,
        drafts=Drafts(knowledge.folder),
        explain=partial(_explain, Advisor(knowledge)),
        parity=lambda known, now: table(
            known, changes(known, state=known.folder / "drafts/texts.json", now=now)
        ),
        public_url="http://127.0.0.1:8080",
    )


def _explain(advisor: Advisor, question: str, *, day: datetime.date, **profile: str | None) -> Explanation:
    return tried(advisor, question, day=day, profile=Profile(**profile))


async def link(house: House, staff: str) -> str:
    """Return a link that signs in one of the staff."""
    async with house.store.transaction() as t:
        return await make_link(
            staff, tokens=house.tokens, public_url=house.public_url, at=house.clock(), transaction=t
        )


async def signed_in(house: House, staff: str) -> httpx.AsyncClient:
    """Return a browser without a network, signed in."""
    browser = httpx.AsyncClient(transport=httpx.ASGITransport(site(house)), base_url=house.public_url)
    token = (await link(house, staff)).partition("token=")[2]
    await browser.post("/sign-in", data={"token": token})
    return browser


PAGES = (
    "/queue",
    "/queue?view=overdue&country=UY",
    "/queue?view=closed",
    "/cases/c0",
    "/questions",
    "/questions?outcome=no_match&country=UY&language=es",
    "/questions?topic=loans&feedback=down",
    "/questions?words=credito",
    "/questions?words=palabra+que+no+existe",
    "/questions/q5",
    "/people/p-00005",
    "/gaps",
    "/gaps?weeks=26",
    "/drafts",
    "/knowledge",
    "/knowledge/topics/loans",
    "/knowledge/resources",
    "/knowledge/parity",
    "/knowledge/freshness",
    "/knowledge/try?question=quiero+exportar+miel&country=UY",
    "/trail",
    "/reports",
    "/reports?weeks=26",
)


async def measure(questions: int, cases: int, rounds: int, database: str | None, sealed: bool) -> bool:
    """Print the times of each page; return whether all stay under the limit."""
    knowledge = knowledge_folder.load(ROOT / "knowledge")
    with tempfile.TemporaryDirectory() as folder:
        sealing = Sealing(new_secret()) if sealed else None
        store = await Store.open(database or f"sqlite+aiosqlite:///{folder}/bot.db", sealing=sealing)
        began = time.perf_counter()
        await seed(store, knowledge, questions=questions, cases=cases)
        print(f"{questions} questions, {cases} cases not closed, made in {time.perf_counter() - began:.1f} s")
        house = house_over(store, knowledge)
        browser = await signed_in(house, "lucia")
        slow = []
        print(f"{'page':62s} {'median':>8s} {'slowest':>8s} {'CPU':>8s} {'kB':>6s}")
        for page in PAGES:
            times, spent = [], []
            # The first of its kind counts, and is told apart: it is the page that says so.
            began = time.perf_counter()
            await browser.get(page)
            await house.remembered.made()
            counted = time.perf_counter() - began
            for _ in range(rounds):
                began, busy = time.perf_counter(), time.process_time()
                answer = await browser.get(page)
                times.append(1000 * (time.perf_counter() - began))
                spent.append(1000 * (time.process_time() - busy))
                assert answer.status_code == 200, (page, answer.status_code)
            middle, worst, busy = statistics.median(times), max(times), statistics.median(spent)
            size = len(answer.content) / 1000
            first = f"  counted in {counted:.1f} s" if counted > 0.5 else ""
            print(f"{page:62s} {middle:5.0f} ms {worst:5.0f} ms {busy:5.0f} ms {size:6.1f}{first}")
            slow += [page] if middle > LIMIT_MS else []
        await browser.aclose()
        await house.remembered.settle()
        await store.close()
    print(f"all under {LIMIT_MS} ms" if not slow else f"over {LIMIT_MS} ms: {', '.join(slow)}")
    return not slow


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--database", help="an empty database to fill; default a file that is thrown away")
    parser.add_argument("--sealed", action="store_true", help="with encryption at rest")
    given = parser.parse_args()
    sys.exit(
        0
        if asyncio.run(measure(given.questions, given.cases, given.rounds, given.database, given.sealed))
        else 1
    )


if __name__ == "__main__":
    main()
