"""Two hundred people at once, in five countries and three languages, with a bot that is killed now and then.

    python benchmarks/people.py [--people 200] [--seed 1] [--encoder none] [--database URL] [--keep FOLDER]

Starts the strict Bot API server and the bot itself (`python -m bot run`), acts as the people, and stops the
bot three times meanwhile, twice without a warning. At the end it asks what must be true of all of it: the
server refused nothing, every pressed button was answered, nobody saw what was another's, and every question
is in the log exactly once. Exit 1 where it is not.
"""

import argparse
import collections
import json
import random
import re
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "faults"))
from serving import TOKEN, World, asked, bot_api, bot_environment, ready, started, until

BOT = [sys.executable, "-m", "bot", "run"]
GROUP = -100500
# Seconds a person waits for an answer: long enough for the bot to be killed and started meanwhile.
PATIENCE = 90.0
COUNTRIES = {"es": ("AR", "BO", "CO", "HN", "UY"), "en": ("HN", "UY"), "pt": ("UY", "AR")}
QUESTIONS = {
    "es": (
        "quiero sacar un préstamo para comprar máquinas de coser",
        "cómo hago para emitir una factura electrónica",
        "qué necesito para contratar a mi primera empleada",
        "quiero vender mis artesanías por internet",
        "busco un curso gratis para administrar mi negocio",
        "cuánto dura la luna llena en invierno",
    ),
    "en": (
        "how do I register my company with the tax office",
        "I want to export honey and do not know where to begin",
        "is there a mentor for women who own a business",
        "what is the best football team of the continent",
    ),
    "pt": (
        "como faço para registrar a marca da minha loja",
        "preciso de um empréstimo para a minha padaria",
        "quero vender meus produtos pela internet",
        "qual é a receita de um bolo de chocolate",
    ),
}
BURSTS = {
    "es": ("necesito plata", "para mi negocio", "de costura {token}"),
    "en": ("I need money", "for my shop", "in town {token}"),
    "pt": ("preciso de dinheiro", "para minha loja", "de roupas {token}"),
}
FORGED = (
    "",
    "x",
    "o:loans:t1",
    "n:t1",
    "p:tzzzzzzz",
    "m:../../etc:0",
    "u:' OR 1=1",
    "pf:a:b:c",
    "é" * 32,
    "t:",
)
COMMANDS = (
    "menu",
    "women",
    "library",
    "country",
    "language",
    "profile",
    "help",
    "privacy",
    "cancel",
    "person",
)
# A question's id in a button: the base-36 number of its update behind a "t".
REQUEST = re.compile(r"(?:^|:)(t[0-9a-z]{6,})(?::|$)")
# What is done again where nobody can know whether it was done.
REPEATED = "an edit or an answer to a button done again, since the bot was killed before it knew"
# What the server refuses although nobody did anything wrong.
EXPECTED = {
    "terminated by other getUpdates": "a poll of the bot that was killed",
    "bot was blocked by the user": "an answer under way to somebody who just blocked the bot",
    "message is not modified": REPEATED,
    "query is too old": REPEATED,
}


@dataclass
class Person:
    """One person: what they do, and what they remember of it for the end."""

    world: World
    number: int
    random: random.Random
    language: str
    asked: dict[str, str] = field(default_factory=dict)
    revised: set[str] = field(default_factory=set)
    once: set[str] = field(default_factory=set)
    forgotten: bool = False
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.user = self.world.user(self.number, lang=self.language, first_name=f"Persona {self.number}")
        self.questions = 0

    @property
    def chat(self) -> str:
        """Their private chat."""
        return str(self.number)

    def token(self) -> str:
        """Return a word that is in no other question."""
        self.questions += 1
        return f"zk{self.number}x{self.questions}"

    # -- what a person does ----------------------------------------------------------------------

    def live(self) -> None:
        """Do a dozen things in an order of one's own."""
        deeds: list[Callable[[], None]] = [
            self.ask, self.ask, self.ask_and_edit, self.press, self.press_twice, self.forge, self.burst,
            self.send_something, self.command, self.old_button, self.block, self.in_a_group, self.inline,
            self.album,
        ]  # fmt: skip
        if self.number % 5 == 0:
            deeds.append(self.flood)
        self.random.shuffle(deeds)
        self.start()
        for deed in deeds:
            deed()
        self.take_data()
        if self.number % 7 == 0:
            self.forget()

    def start(self) -> None:
        """Come by the front door, or by a link."""
        self.say(self.random.choice(("/start", "/start loans", "/start loans__feria2026", "/start nowhere")))

    def ask(self) -> None:
        """Ask something; answer the question for the country where it comes back."""
        replies = self.question(self.random.choice(QUESTIONS[self.language]))
        countries = [
            (reply.id, button["callback_data"])
            for reply in replies
            for row in reply.rows
            for button in row
            if str(button.get("callback_data", "")).startswith("c:")
        ]
        wanted = f"c:{self.random.choice(COUNTRIES[self.language])}"
        for message, data in countries:
            if data.startswith(wanted):
                self.act("press", data=data, message_id=message)

    def ask_and_edit(self) -> None:
        """Ask something, then change its words, once or twice."""
        self.question(self.random.choice(QUESTIONS[self.language]))
        number = self.last_written()
        for _ in range(self.random.choice((1, 2))):
            before = next(reversed(self.asked))
            token = self.token()
            self.revised.add(before)
            self.asked[token] = "edited"
            text = f"{self.random.choice(QUESTIONS[self.language])} {token}"
            self.act(
                "send", text=text, edit=number, wait=False
            )  # where the answer is the same, nothing is said
            time.sleep(1.0)

    def press(self) -> None:
        """Press any button in sight."""
        if found := self.buttons():
            message, data = self.random.choice(found)
            self.act("press", data=data, message_id=message)

    def press_twice(self) -> None:
        """Press a button twice, as a thumb does."""
        if found := self.buttons():
            message, data = self.random.choice(found)
            self.act("press", data=data, message_id=message, wait=False)
            self.act("press", data=data, message_id=message)

    def old_button(self) -> None:
        """Press a button of the oldest message there is, perhaps from before a restart."""
        if found := self.buttons():
            message, data = found[0]
            self.act("press", data=data, message_id=message)

    def forge(self) -> None:
        """Press a button that nobody sent."""
        if found := self.buttons():
            self.act("press", message_id=found[-1][0], forge=self.random.choice(FORGED))

    def burst(self) -> None:
        """Ask in three short messages."""
        token = self.token()
        first, second, third = (text.format(token=token) for text in BURSTS[self.language])
        self.asked[token] = "in three parts"
        self.say(first, wait=False)
        self.say(second, wait=False)
        self.say(third)

    def send_something(self) -> None:
        """Send what is no text."""
        content: dict[str, Any] = self.random.choice(
            (
                {"voice": {"content": "AAAA"}},
                {"document": {"content": "AAAA"}},
                {"extra": {"location": {"latitude": -34.9, "longitude": -56.2}}},
                {"extra": {"contact": {"phone_number": "1", "first_name": "A"}}},
                {"extra": {"dice": {"emoji": "🎲", "value": 3}}},
                {"extra": {"something_new": {"x": 1}}},
            )
        )
        self.act("send", **content)

    def album(self) -> None:
        """Send three photos as one."""
        album = {"media_group_id": f"album{self.number}"}
        for _ in range(2):
            self.act("send", photo={"content": "AAAA"}, extra=album, wait=False)
        self.act("send", photo={"content": "AAAA"}, extra=album)

    def command(self) -> None:
        """Give a command, known or not."""
        self.say("/" + self.random.choice((*COMMANDS, "nothing")))

    def block(self) -> None:
        """Block the bot in the middle of an answer, and come back later."""
        token = self.token()
        self.asked[token] = "before blocking"
        self.once.add(token)
        self.say(f"{self.random.choice(QUESTIONS[self.language])} {token}", wait=False)
        self.user.block()
        time.sleep(self.random.random())
        self.user.unblock()
        self.ask()

    def in_a_group(self) -> None:
        """Talk in a group, to others and to the bot."""
        self.act("send", text="charla entre nosotros", chat=GROUP, wait=False)
        token = self.token()
        self.asked[token] = "in a group"
        text = f"@fake_test_bot {self.random.choice(QUESTIONS[self.language])} {token}"
        self.act("send", text=text, chat=GROUP, wait=False)

    def inline(self) -> None:
        """Type after the bot's name in some chat."""
        word = {"es": "exportar", "en": "loans", "pt": "crédito"}[self.language]
        found = self.world.ctl(
            "inline", {"user": self.number, "query": word, "wait": PATIENCE} | self.user.info
        )
        if found["results"] is None:
            self.faults.append("an inline query was not answered")

    def flood(self) -> None:
        """Write much faster than one can read."""
        for _ in range(25):
            token = self.token()
            self.asked[token] = "in a flood"
            self.say(f"{self.random.choice(QUESTIONS[self.language])} {token}", wait=False)

    def take_data(self) -> None:
        """Ask for all that is stored, and look whose it is."""
        files: list[str] = []
        for _ in range(8):
            self.say("/mydata", settle=2.0)
            files = [
                m["document"]["file_id"] for m in self.screen() if "document" in m and m["from"]["is_bot"]
            ]
            if files:
                break
            time.sleep(12)  # as long as one is asked to wait who wrote too fast
        if not files:
            self.faults.append("the file with the stored data did not come")
        for file in files:
            words = set(re.findall(r"zk(\d+)x\d+", fetched(self.world, file)))
            if words - {str(self.number)}:
                self.faults.append("a file holds the words of somebody else")

    def forget(self) -> None:
        """Have everything erased."""
        self.say("/forget")
        time.sleep(12)
        confirm = [(message, data) for message, data in self.buttons() if data == "forget"]
        if confirm:
            self.act("press", data="forget", message_id=confirm[-1][0])
            self.forgotten = True

    # -- parts -----------------------------------------------------------------------------------

    def question(self, text: str) -> list[Any]:
        """Ask something that is in the log once."""
        token = self.token()
        self.asked[token] = "asked"
        return self.say(f"{text} {token}")

    def say(self, text: str, **more: Any) -> list[Any]:
        """Write something; return what the bot did."""
        return self.act("send", text=text, **more)

    def act(self, what: str, *, wait: bool = True, settle: float = 0.3, **body: Any) -> list[Any]:
        """Do something; wait for an answer, which may take a restart."""
        try:
            done = self.user.act(what, timeout=PATIENCE if wait else 0, settle=settle, **body)
        except RuntimeError as error:
            if "no such button" not in str(error):
                raise
            return []  # the message changed just before the thumb came down
        if wait and not done:
            self.faults.append(f"no answer to {what} {sorted(body)}")
        return done if isinstance(done, list) else []

    def screen(self) -> list[dict[str, Any]]:
        """Return what is in the chat."""
        found: list[dict[str, Any]] = self.user.screen()
        return found

    def last_written(self) -> int:
        """Return the number of the person's last message."""
        return max(message["message_id"] for message in self.screen() if not message["from"]["is_bot"])

    def buttons(self) -> list[tuple[int, str]]:
        """Return every button in the chat that sends something back, but those that erase, oldest first."""
        return [
            (message["message_id"], button["callback_data"])
            for message in self.screen()
            for row in message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
            if button.get("callback_data")
        ]


def fetched(world: World, file: str) -> str:
    """Return what is in a file the bot sent."""
    with urllib.request.urlopen(f"{world.base}/file/bot{TOKEN}/documents/{file}", timeout=30) as answer:  # noqa: S310
        return answer.read().decode("utf-8", "replace")


# ---- the bot, which does not live for ever ------------------------------------------------------


class Bot:
    """The bot's process, stopped and started while people write."""

    def __init__(self, world: World, folder: Path, environment: dict[str, str]):
        self._world = world
        self._log = folder / "bot.log"
        self._environment = environment
        self.starts = 0
        self._process = self._started()

    def _started(self) -> Any:
        before = asked(self._world)
        process = started(BOT, log=self._log, **self._environment)
        ready(self._world, before)
        self.starts += 1
        return process

    def again(self, how: signal.Signals) -> None:
        """Stop the bot with a signal, and start it anew."""
        self._process.send_signal(how)
        self._process.wait(30)
        self._process = self._started()

    def stop(self) -> int:
        """Stop it for good; return how it ended."""
        self._process.terminate()
        return int(self._process.wait(30))


# ---- what must be true at the end ---------------------------------------------------------------


def judged(world: World, database: Path, people: list[Person]) -> tuple[dict[str, Any], list[str]]:
    """Return figures of all that happened, and what was wrong with it."""
    stats = world.stats()
    faults = [f"person {person.number}: {fault}" for person in people for fault in person.faults]
    with closing(sqlite3.connect(database)) as stored:
        (again,) = stored.execute("select count(*) from outbox where tries > 1").fetchone()
    refused: collections.Counter[str] = collections.Counter()
    for call in stats["refused"]:
        why = next((why for part, why in EXPECTED.items() if part in call["error"]), None)
        refused[why or "unexpected"] += 1
        if why is None or (why == REPEATED and refused[why] > again):
            faults.append(f"the server refused {call['method']}: {call['error'][:60]} {call['params']}")
    if stats["unanswered_callbacks"]:
        faults.append(f"{stats['unanswered_callbacks']} pressed buttons were never answered")
    with closing(sqlite3.connect(database)) as stored:
        faults += [*_not_logged_once(stored, people), *_strangers(world, stored, people), *_left_over(stored)]
        rows = {name: stored.execute(f"select count(*) from {name}").fetchone()[0] for name in TABLES}  # noqa: S608
        outcomes = dict(stored.execute("select outcome, count(*) from requests group by outcome").fetchall())
    figures = {
        "calls": sum(stats["calls"].values()),
        "sent": stats["calls"].get("sendMessage", 0) + stats["calls"].get("sendDocument", 0),
        "edited": stats["calls"].get("editMessageText", 0),
        "buttons answered": stats["calls"].get("answerCallbackQuery", 0),
        "inline queries answered": stats["calls"].get("answerInlineQuery", 0),
        "refused, expected": dict(refused),
        "rows": rows,
        "outcomes": outcomes,
        "reply latency": stats["reply_latency"],
    }
    return figures, faults


TABLES = ("people", "requests", "cases", "inbox", "outbox")


def _not_logged_once(stored: sqlite3.Connection, people: list[Person]) -> Iterator[str]:
    """Give each question that is not in the log exactly once; reworded ones are there in their last words."""
    logged: collections.Counter[str] = collections.Counter()
    chosen: set[str] = set()
    for question, kind in stored.execute("select question, kind from requests"):
        tokens = set(re.findall(r"zk\d+x\d+", question or ""))
        # A topic chosen afterwards is a row of its own with those words, or takes the question's place.
        if kind == "chosen":
            chosen |= tokens
        else:
            logged.update(tokens)
    for person in people:
        for token, how in person.asked.items():
            expected = 0 if person.forgotten or token in person.revised else 1
            found = logged[token] or int(expected == 1 and token in chosen)
            if found != expected:
                yield f"question {token} ({how}) is in the log {found} times, not {expected}"


def _strangers(world: World, stored: sqlite3.Connection, people: list[Person]) -> Iterator[str]:
    """Give each message that was sent to, or holds a button of, somebody else."""
    owners = dict(
        stored.execute("select r.id, p.address from requests r join people p on p.id = r.person").fetchall()
    )
    for chat, address in stored.execute(
        "select o.chat, p.address from outbox o join people p on p.id = o.person"
    ):
        if chat.lstrip("-").isdigit() and not chat.startswith("-") and chat != address:
            yield f"a message for {address} went to {chat}"
    for person in people:
        for message in person.screen():
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in (button for row in rows for button in row):
                named = REQUEST.search(button.get("callback_data") or "")
                owner = owners.get(named[1]) if named else None
                if owner is not None and owner != person.chat:
                    yield f"person {person.number} sees a button of person {owner}"


def _left_over(stored: sqlite3.Connection) -> Iterator[str]:
    """Give what still waits, or was given up."""
    for table, state in (
        ("inbox", "waiting"),
        ("inbox", "failed"),
        ("outbox", "waiting"),
        ("outbox", "sending"),
    ):
        (count,) = stored.execute(f"select count(*) from {table} where state = ?", (state,)).fetchone()  # noqa: S608
        if count:
            yield f"{count} rows of the {table} are {state}"
    for error, count in stored.execute(
        "select error, count(*) from outbox where state = 'failed' group by error"
    ):
        if "blocked" not in (error or ""):
            yield f"{count} messages were given up: {error}"


def acted(
    world: World, bot: Bot, database: Path, *, count: int, seed: int
) -> tuple[dict[str, Any], list[str]]:
    """Let the people live, the bot die now and then; return the figures and what was wrong."""
    languages = [language for language in QUESTIONS for _ in range({"es": 3, "en": 1, "pt": 1}[language])]
    people = [
        Person(world, 10_000 + n, random.Random(seed * 100_003 + n), languages[n % len(languages)])  # noqa: S311
        for n in range(count)
    ]
    world.group(GROUP, members={str(person.number): "member" for person in people}, admin=True)
    done = threading.Semaphore(0)
    with ThreadPoolExecutor(max_workers=count) as pool:

        def lived(person: Person) -> None:
            try:
                person.live()
            finally:
                done.release()

        lives = [pool.submit(lived, person) for person in people]
        for share, how in ((0.1, signal.SIGTERM), (0.3, signal.SIGKILL), (0.6, signal.SIGKILL)):
            waited = _wait(done, max(1, int(count * share)) if how else 0, lives)
            if waited:
                bot.again(how)
        for life in lives:
            life.result()
    until(lambda: settled(database), PATIENCE * 4)
    return judged(world, database, people)


def _wait(done: threading.Semaphore, some: int, lives: list[Any]) -> bool:
    """Wait until `some` more people are through, or for a while; say whether others still go on."""
    for _ in range(some):
        if not done.acquire(timeout=20):
            break
    return not all(life.done() for life in lives)


def settled(database: Path) -> bool:
    """Say whether nothing waits any more, neither to be answered nor to be sent."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as stored:
        (waits,) = stored.execute(
            "select (select count(*) from inbox where state = 'waiting')"
            " + (select count(*) from outbox where state in ('waiting', 'sending'))"
        ).fetchone()
    return bool(waits == 0)


def _by_kind(faults: list[str]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for fault in faults:
        kinds.setdefault(re.sub(r"\S*\d\S*", "#", fault)[:60], []).append(fault)
    return kinds


def main() -> int:
    """Run it, print what happened, and say how it ended."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--encoder", default="none")
    parser.add_argument("--keep", type=Path, help="a folder for the database and the log")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, bot_api(limits=True) as world:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        environment = bot_environment(world, folder, encoder=given.encoder, BOT_TELEGRAM__PACE="telegram")
        bot = Bot(world, folder, environment)
        try:
            figures, faults = acted(world, bot, folder / "bot.db", count=given.people, seed=given.seed)
        finally:
            ended = bot.stop()
    figures |= {"people": given.people, "starts of the bot": bot.starts, "ended with": ended}
    figures["seconds"] = round(time.monotonic() - began, 1)
    print(json.dumps(figures, ensure_ascii=False, indent=2))
    for kind, alike in _by_kind(faults).items():
        print(f"WRONG, {len(alike)} times {kind}: {'; '.join(fault[:160] for fault in alike[:5])}")
    print(f"{len(faults)} faults" if faults else "all as it must be")
    return 1 if faults or ended else 0


if __name__ == "__main__":
    sys.exit(main())
