"""Many people who write to the bot at once, and the count of what became of every question.

The people live in the strict Bot API server, which goes on while the bot is killed. Each question is worded
as no other is, so that it can be found again.
"""

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

import aiohttp
import asyncpg
from sqlalchemy import create_engine, make_url, text

FIRST = 20_000_000
LOST = "answer lost"
QUESTIONS = (
    "como hago una factura {}",
    "como registro una empresa {}",
    "necesito un credito {}",
    "quiero exportar a brasil {}",
    "como vendo por internet {}",
)


@dataclass
class Count:
    """What became of the questions. All but `asked`, `answered` and `repeated` should be 0.

    `repeated` are messages a person has twice because the server's confirmation never reached the bot: the
    one window. `given_up` are those whose confirmation was lost again and again and that did not arrive;
    `windows` is how many sends ended without a confirmation. `slowed` were logged and answered with a wish to
    wait, since ten answers to that person had not been sent yet.
    """

    asked: int = 0
    answered: int = 0
    not_logged: int = 0
    logged_twice: int = 0
    not_answered: int = 0
    answered_twice: int = 0
    never_arrived: int = 0
    out_of_order: int = 0
    repeated: int = 0
    given_up: int = 0
    slowed: int = 0
    windows: int = 0

    @property
    def losses(self) -> dict[str, int]:
        """Return what should not have happened."""
        right = {"asked", "answered", "repeated", "given_up", "slowed", "windows"}
        found = {part.name: getattr(self, part.name) for part in fields(self) if part.name not in right}
        if self.repeated > self.windows:
            found["repeated without a reason"] = self.repeated - self.windows
        return {name: number for name, number in found.items() if number}

    def __str__(self) -> str:
        return ", ".join(f"{part.name.replace('_', ' ')} {getattr(self, part.name)}" for part in fields(self))


@dataclass
class Crowd:
    """So many people against the server at `base`; `pause` is how long each waits between two questions."""

    base: str
    people: int
    pause: tuple[float, float] = (1.0, 4.0)
    seed: int = 7
    asked: dict[int, list[str]] = field(default_factory=dict)
    _number: int = 0

    async def write(self, stop: asyncio.Event) -> None:
        """Have everyone write until `stop`."""
        async with aiohttp.ClientSession() as session:
            chance = random.Random(self.seed)  # noqa: S311
            people = [self._person(FIRST + n, session, chance, stop) for n in range(self.people)]
            await asyncio.gather(*people)

    async def _person(
        self, user: int, session: aiohttp.ClientSession, chance: random.Random, stop: asyncio.Event
    ) -> None:
        first = chance.uniform(0, self.pause[1])
        while not stop.is_set():
            try:
                await asyncio.wait_for(stop.wait(), first or chance.uniform(*self.pause))
            except TimeoutError:
                first = 0.0
                await self._ask(user, session)

    async def _ask(self, user: int, session: aiohttp.ClientSession) -> None:
        self._number += 1
        question = QUESTIONS[self._number % len(QUESTIONS)].format(f"caso {self._number}")
        self.asked.setdefault(user, []).append(question)
        said = {"text": question, "language_code": "es"}
        async with session.post(f"{self.base}/_ctl/user/{user}/send", json=said) as answer:
            answer.raise_for_status()

    async def settled(self, url: str, *, patience: float = 120.0) -> None:
        """Wait until nothing waits: neither at the server, nor in the database."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(patience):
            while True:
                async with session.get(f"{self.base}/_ctl/stats") as answer:
                    pending = (await answer.json())["pending"]
                rows = await rows_of(url, _UNSETTLED)
                if not pending and not rows[0][0]:
                    return
                await asyncio.sleep(0.2)

    async def count(self, url: str) -> Count:
        """Compare what was asked with what is stored at `url` and what the people have on their screens."""
        count = Count(asked=sum(map(len, self.asked.values())))
        logged = Counter(question for (question,) in await rows_of(url, "SELECT question FROM requests"))
        slowed = {question for (question,) in await rows_of(url, _SLOWED)}
        posted = await rows_of(url, _POSTED)
        by_question: dict[str, list[Any]] = {}
        by_chat: dict[str, list[Any]] = {}
        for question, chat, state, tries, error, payload in posted:
            said = payload if isinstance(payload, dict) else json.loads(payload)
            if said["method"] == "sendMessage":
                by_chat.setdefault(chat, []).append((state, tries, error, said["arguments"]["text"]))
                by_question.setdefault(question, []).append((state, said["arguments"]["text"]))
        async with aiohttp.ClientSession() as session:
            for user, questions in self.asked.items():
                for question in questions:
                    count.not_logged += logged[question] == 0
                    count.logged_twice += logged[question] > 1
                    if question in slowed:
                        count.slowed += 1
                        continue
                    answer = by_question.get(question, [])
                    whole = bool(answer) and {state for state, _ in answer} <= {"sent", "failed"}
                    count.answered += whole
                    count.not_answered += not whole
                    count.answered_twice += len({text for _, text in answer}) < len(answer)
                await self._compare(user, by_chat.get(str(user), []), session, count)
        return count

    async def _compare(
        self, user: int, rows: list[Any], session: aiohttp.ClientSession, count: Count
    ) -> None:
        """Compare what was sent to a person with what is on their screen."""
        async with session.get(f"{self.base}/_ctl/chat/{user}/messages") as answer:
            screen = (await answer.json())["messages"]
        seen = [message["text"] for message in screen if message["from"]["is_bot"]]
        count.windows += sum(max(tries - 1, 0) for state, tries, error, _ in rows)
        missing = max(len(rows) - len(seen), 0)
        given_up = min(missing, sum(state == "failed" and error == LOST for state, _, error, _ in rows))
        count.given_up += given_up
        count.never_arrived += missing - given_up
        count.repeated += max(len(seen) - len(rows), 0)
        once = [text for place, text in enumerate(seen) if place == 0 or text != seen[place - 1]]
        told = [plain(text) for *_, text in rows]
        told = [text for place, text in enumerate(told) if place == 0 or text != told[place - 1]]
        count.out_of_order += once != told and len(seen) >= len(rows)


def plain(html: str) -> str:
    """Return what a person sees of a message."""
    for tag in ("<b>", "</b>", "<i>", "</i>"):
        html = html.replace(tag, "")
    return html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


_SLOWED = "SELECT question FROM requests WHERE outcome = 'throttled'"
_UNSETTLED = (
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting')"
    " + (SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending'))"
)
_POSTED = (
    "SELECT r.question, o.chat, o.state, o.tries, o.error, o.payload"
    " FROM outbox o LEFT JOIN requests r ON r.id = o.request ORDER BY o.id"
)


async def rows_of(url: str, statement: str) -> list[Any]:
    """Return the rows of a statement, past the program that is tried."""
    if url.startswith("postgresql"):
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(address)
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()
    return await asyncio.to_thread(_sqlite_rows, url, statement)


def _sqlite_rows(url: str, statement: str) -> list[Any]:
    engine = create_engine(make_url(url).set(drivername="sqlite"))
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]
    finally:
        engine.dispose()
