"""A broadcast in simulated time: the real sender, outbox and pace under a clock of our own."""

import asyncio
import datetime
import itertools
import os
import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from telegram.error import RetryAfter

from bot.store import BROADCAST, MEMORY, OutboxRow, Store
from bot.telegram.pace import Pace
from bot.telegram.sender import Sender
from bot.telegram.server import Server

BEGUN = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
STEP = 0.25
GROUP = "-100"


@dataclass
class Sky:
    """A server that takes everything at once, and remembers when; some chats say 429 once."""

    id: int = 1
    seconds: float = 0.0
    sent: list[tuple[float, str, str]] = field(default_factory=list)
    busy: dict[str, float] = field(default_factory=dict)

    def now(self) -> datetime.datetime:
        return BEGUN + datetime.timedelta(seconds=self.seconds)

    async def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, int]:
        chat = str(arguments["chat_id"])
        if wait := self.busy.pop(chat, 0.0):
            self.sent.append((self.seconds, chat, "429"))
            raise RetryAfter(datetime.timedelta(seconds=wait))
        self.sent.append((self.seconds, chat, str(arguments["text"])))
        return {"message_id": len(self.sent)}


def message(chat: str, text: str, at: datetime.datetime, **more: Any) -> OutboxRow:
    call = {"method": "sendMessage", "arguments": {"chat_id": int(chat), "text": text}}
    return OutboxRow(chat=chat, payload=call, created_at=at, due_at=at, **more)


async def simulate(sky: Sky, store: Store, *, answers: Mapping[int, list[tuple[str, str]]]) -> None:
    """Let the sender work, in steps, until nothing waits; `answers` are posted at their step."""
    sender = Sender(cast(Server, sky), store, pace=Pace(), now=sky.now, clock=lambda: sky.seconds)
    for step in itertools.count():
        sky.seconds = step * STEP
        if step in answers:
            async with store.turn() as transaction:
                for chat, text in answers[step]:
                    await transaction.post(message(chat, text, sky.now()))
        await sender._round()
        await asyncio.gather(*sender._under_way.values())
        await asyncio.sleep(0)
        if step > max(answers) and not sender._ended:
            async with store.reading() as reading:
                if await reading.next_due() is None:
                    return


@dataclass(frozen=True)
class Outcome:
    """What happened: `waits` of those who wrote, in seconds; what was sent when; how often `news` came."""

    waits: list[float]
    sky: Sky
    news: Counter[str]


async def broadcast(to: int, *, answers: int) -> Outcome:
    """Write to so many people, while so many others are answered and the staff's group gets 15 cards."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    chance = random.Random(1)  # noqa: S311
    steps = int(to / 27 / STEP)
    posted: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for number in range(answers):
        posted[chance.randrange(steps)].append((str(50_000 + number % 300), f"answer {number}"))
    for number in range(15):
        posted[40 + number].append((GROUP, f"card {number}"))
    sky = Sky(busy={"7": 60.0, "8": 5.0})
    store = await Store.open(MEMORY)
    async with store.turn() as transaction:
        for number in range(to):
            await transaction.post(message(str(number + 1), "news", BEGUN, priority=BROADCAST))
    await simulate(sky, store, answers=posted)
    await store.close()
    since = {text: step * STEP for step, given in posted.items() for _, text in given}
    waits = [at - since[text] for at, _, text in sky.sent if text.startswith("answer")]
    return Outcome(waits, sky, Counter(chat for _, chat, text in sky.sent if text == "news"))
