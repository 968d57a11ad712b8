"""The same figures with a year of an active chamber in the database: a million requests, 50,000 people.

    python benchmarks/year.py [--requests 1000000] [--people 50000] [--cases 20000] [--rounds 3]

Fills an SQLite file with made-up rows, and measures the bot on it and on an empty one, in turn; with --turns
only what the store takes for a turn.
"""

import argparse
import asyncio
import datetime
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "faults")]
from serving import asked, bot_api, bot_environment, process, ready  # noqa: E402
from throughput import QUESTION, measured, shown  # noqa: E402

from bot.store import OutboxRow, RequestRow, Store  # noqa: E402

# The people of the flood are among those who have a year of history.
FIRST_ADDRESS = 10_000_000
DELIVERIES_DAYS = 30
BEGUN = datetime.datetime(2025, 11, 25, tzinfo=datetime.UTC)


def fill(path: Path, *, requests: int, people: int, cases: int) -> None:
    """Write a year into the tables of an empty file."""
    chance = random.Random(7)  # noqa: S311
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    _insert(connection, "people", _people(people))
    _insert(connection, "requests", _requests(requests, people, chance))
    _insert(connection, "cases", _cases(cases, requests, people))
    _insert(connection, "case_steps", _steps(cases))
    _insert(connection, "case_cards", _cards(cases))
    deliveries = requests * DELIVERIES_DAYS // 365
    _insert(connection, "inbox", _inbox(deliveries, people))
    _insert(connection, "outbox", _outbox(deliveries, people, requests))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    names = ", ".join(f'"{name}"' for name in first)
    marks = ", ".join(f":{name}" for name in first)
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
    connection.execute(statement, first)
    connection.executemany(statement, rows)


def _moment(share: float) -> str:
    moment = BEGUN + datetime.timedelta(days=365 * share)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _people(number: int) -> Iterator[dict[str, Any]]:
    state = json.dumps({"topic": "invoicing", "question": "como hago una factura", "asked_country": True})
    for n in range(number):
        yield {"id": f"person{n}", "channel": "telegram", "address": str(FIRST_ADDRESS + n)} | {
            "pseudonym": f"p-{n}",
            "language": "es",
            "country": "HN",
            "state": state,
            "first_seen": _moment(0.0),
            "last_seen": _moment(1.0),
        }


def _requests(number: int, people: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    candidates = json.dumps([["invoicing", 0.91], ["accounting", 0.05], ["tax-registration", 0.02]])
    resources = json.dumps(["hn-sar-facturacion", "regional-guia", "global-curso"])
    for n in range(number):
        yield {"id": f"y{n}", "person": f"person{chance.randrange(people)}", "time": _moment(n / number)} | {
            "channel": "telegram",
            "language": "es",
            "country": "HN",
            "question": f"como hago una factura para el negocio {n}",
            "outcome": "answer",
            "topics": '["invoicing"]',
            "resources": resources,
            "candidates": candidates,
            "confidence": 0.91,
            "knowledge": "0123456789abcdef",
        }


def _cases(number: int, requests: int, people: int) -> Iterator[dict[str, Any]]:
    for n in range(number):
        closed = n < number - 200
        yield {"id": f"case{n}", "person": f"person{n % people}", "request": f"y{n * requests // number}"} | {
            "reason": "person",
            "state": "closed" if closed else "open",
            "opened_at": _moment(n / number),
            "closed_at": _moment(n / number) if closed else None,
        }


def _steps(cases: int) -> Iterator[dict[str, Any]]:
    for n in range(cases * 4):
        what = ("opened", "assigned", "reply", "closed")[n % 4]
        step = {"case": f"case{n // 4}", "time": _moment(n / cases / 4), "who": "example", "what": what}
        yield step | {"text": "le escribimos con los pasos" if what == "reply" else None}


def _cards(cases: int) -> Iterator[dict[str, Any]]:
    for n in range(cases):
        yield {"case": f"case{n}", "chat": "-100", "message_id": n + 1, "shown": 0, "behind": False}


def _inbox(number: int, people: int) -> Iterator[dict[str, Any]]:
    for n in range(number):
        chat = FIRST_ADDRESS + n % people
        said = {"chat": {"id": chat, "type": "private"}, "text": "como hago una factura para el negocio"}
        yield {"update_id": n + 1, "channel": "telegram", "chat": str(chat), "received_at": _moment(1.0)} | {
            "payload": json.dumps({"update_id": n + 1, "message": said}),
            "state": "done",
            "tries": 0,
            "done_at": _moment(1.0),
        }


def _outbox(number: int, people: int, requests: int) -> Iterator[dict[str, Any]]:
    text = "Facturación y factura electrónica: " + "primero confirma si tu régimen te obliga. " * 12
    for n in range(number):
        chat = FIRST_ADDRESS + n % people
        call = {"method": "sendMessage", "arguments": {"chat_id": chat, "text": text}}
        yield {"person": f"person{n % people}", "chat": str(chat), "payload": json.dumps(call)} | {
            "priority": 0,
            "created_at": _moment(1.0),
            "due_at": _moment(1.0),
            "state": "sent",
            "tries": 1,
            "message_id": n,
            "sent_at": _moment(1.0),
            "request": f"y{requests - 1 - n}",
        }


async def turns(path: Path, *, number: int = 400) -> dict[str, float]:
    """Return what the store takes for a turn and a round of the sender, one after another."""
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    took, used = [], []
    for n in range(number):
        begun, before = time.perf_counter(), time.process_time()
        await _turn(store, n)
        took.append(time.perf_counter() - begun)
        used.append(time.process_time() - before)
    await store.close()
    return {
        "median ms": 1000 * statistics.median(took),
        "p95 ms": 1000 * statistics.quantiles(took, n=20)[-1],
        "cpu ms": 1000 * statistics.mean(used),
    }


async def _turn(store: Store, n: int) -> None:
    chat, now = str(FIRST_ADDRESS + n), datetime.datetime.now(datetime.UTC)
    update = 1_000_000_000 + n
    async with store.turn() as turn:
        async with turn.aside() as reading:
            await reading.waiting(16)
            person = await reading.person("telegram", chat)
            if person is None:
                raise AssertionError("those who are measured are in the database")
            await reading.case_in_hand_of(person.id)
            await reading.newest_reply_to(person.id)
            await reading.newest_request_time(person.id)
        await turn.receive([(update, chat, {"text": "hola"})], now)
        asked = {"channel": "telegram", "question": "hola", "outcome": "answer"}
        await turn.add_or_revise_request(RequestRow(id=f"n{n}", person=person.id, time=now, **asked))
        await turn.update_person(
            person.id, language="es", country=None, audience=None, state={}, last_seen=now
        )
        row = {"payload": {"text": "hola"}, "created_at": now, "due_at": now, "person": person.id}
        await turn.post(OutboxRow(chat=chat, **row))
        await turn.done(update, now)
    async with store.turn() as turn:
        due = await turn.next_in_line(now, 200)
        await turn.sending(*(row.id for row in due))
        await turn.all_sent([(row.id, 7) for row in due], now)


async def _made(path: Path) -> None:
    await (await Store.open(f"sqlite+aiosqlite:///{path}")).close()


def only_turns(options: argparse.Namespace) -> None:
    """Measure the store alone: a year beside a few days."""
    with tempfile.TemporaryDirectory() as base:
        for share in (250, 1):
            path = Path(base) / f"{share}.db"
            asyncio.run(_made(path))
            whole = {name: getattr(options, name) // share for name in ("requests", "people", "cases")}
            fill(path, **whole | {"people": max(whole["people"], 1000)})
            figures = ", ".join(f"{name} {value:.1f}" for name, value in asyncio.run(turns(path)).items())
            print(f"{whole['requests']} requests, {path.stat().st_size / 1e6:.0f} MB: {figures}", flush=True)


def main() -> None:
    """Fill, measure and print."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name, number in (("requests", 1_000_000), ("people", 50_000), ("cases", 20_000), ("rounds", 3)):
        given.add_argument(f"--{name}", type=int, default=number)
    given.add_argument("--turns", action="store_true", help="only the store, without the bot")
    options = given.parse_args()
    if options.turns:
        only_turns(options)
        return
    figures: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as base, bot_api() as world:
        folders = {name: Path(base) / name for name in ("empty", "a year")}
        for folder in folders.values():
            folder.mkdir()
            asyncio.run(_made(folder / "bot.db"))
        begun = time.monotonic()
        path = folders["a year"] / "bot.db"
        fill(path, requests=options.requests, people=options.people, cases=options.cases)
        size = path.stat().st_size / 1e6
        print(f"filled in {time.monotonic() - begun:.0f} s, {size:.0f} MB", flush=True)
        for _ in range(options.rounds):
            for name, folder in folders.items():
                calls = asked(world)
                begun = time.monotonic()
                command = [sys.executable, "-m", "bot", "run"]
                with process(command, **bot_environment(world, folder)) as running:
                    ready(world, calls)
                    start = {"start s": time.monotonic() - begun}
                    measured(world, running.pid, updates=200, window=8, text=QUESTION)
                    many = measured(world, running.pid, updates=1000, window=64, text=QUESTION)
                    alone = measured(world, running.pid, updates=200, window=1, text=QUESTION)
                    figures.setdefault(f"{name}, 64 at once", []).append(many | start)
                    figures.setdefault(f"{name}, one at a time", []).append(alone)
    for name, rounds in figures.items():
        shown(name, rounds)
    for what, figure in (("64 at once", "cpu ms"), ("one at a time", "p50 ms"), ("one at a time", "p95 ms")):
        year, empty = (
            statistics.median(round_[figure] for round_ in figures[f"{name}, {what}"])
            for name in ("a year", "empty")
        )
        print(f"{what}, {figure}: {year / empty:.2f} times that of an empty database")


if __name__ == "__main__":
    main()
