"""`requests` and `cases`: list, show, close, export."""

import asyncio
import csv
import datetime
import io
import json
import zipfile
from pathlib import Path

import pytest
from ran import Run, ask

from bot.store import OutboxRow, Store

pytestmark = pytest.mark.usefixtures("filled")

COLUMNS = [
    "id", "time", "person", "language", "country", "audience", "question", "outcome", "topics", "resources",
    "confidence", "feedback", "case",
]  # fmt: skip
PRIVATE = ("ana@example.org", "99 123 456", "099 123 456", "5550", "me golpea")


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "command",
    [
        ("requests", "list"),
        ("requests", "show", "r1"),
        ("requests", "show", "r3"),
        ("requests", "export"),
        ("requests", "export", "--format", "jsonl"),
        ("cases", "list"),
        ("cases", "show", "c1"),
        ("cases", "show", "c2"),
        ("cases", "export"),
        ("cases", "export", "--format", "jsonl"),
    ],
)
def test_nothing_that_identifies_a_person_is_shown(run: Run, command: tuple[str, ...]) -> None:
    ran = run(*command)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out
    assert [secret for secret in PRIVATE if secret in ran.out] == []


def test_requests_list(run: Run) -> None:
    heading, *rows = run("requests", "list").out.splitlines()
    assert heading.split() == ["id", "time", "person", "outcome", "topics", "question"]
    assert [row.split()[0] for row in rows if row.startswith("r")] == ["r4", "r3", "r2", "r1"]
    assert "2026-11-23 12:00" in rows[-1]
    assert "loans export" in rows[-1]


def test_a_list_shows_what_is_masked(run: Run) -> None:
    told = run("requests", "list").out
    assert "[sensitive]" in told
    assert "escríbanme a [e-mail] o al [number]" in told


@pytest.mark.parametrize("question", ["[/b] cierra", "[bold]negrita", "[link=x]a[/link]", "a [red]"])
def test_a_list_shows_brackets_as_they_are(run: Run, environment: dict[str, str], question: str) -> None:
    ask(environment, id="r5", person="ana", question=question, outcome="no_match")
    assert question in run("requests", "list").out


def test_requests_list_limits_and_chooses(run: Run) -> None:
    assert [line.split()[0] for line in run("requests", "list", "--limit", "1").out.splitlines()[1:2]] == [
        "r4"
    ]
    chosen = run("requests", "list", "--outcome", "no_match").out.splitlines()[1:]
    assert [line.split()[0] for line in chosen] == ["r2"]


def test_requests_show(run: Run) -> None:
    told = dict(line.split(None, 1) for line in run("requests", "show", "r1").out.splitlines())
    assert told["person"] == "p-ana"
    assert told["question"] == "necesito un crédito, escríbanme a [e-mail] o al [number]"
    assert told["candidates"] == '[["loans", 0.87]]'
    assert told["case"] == "c1"


def test_export_has_exactly_these_columns(run: Run) -> None:
    assert run("requests", "export").out.splitlines()[0] == ",".join(COLUMNS)


def test_export_has_one_row_a_request_oldest_first(run: Run) -> None:
    rows = table(run("requests", "export").out)
    assert [row["id"] for row in rows] == ["r1", "r2", "r3", "r4"]
    assert rows[0] == {
        "id": "r1",
        "time": "2026-11-23T12:00:00+00:00",
        "person": "p-ana",
        "language": "es",
        "country": "UY",
        "audience": "women",
        "question": "necesito un crédito, escríbanme a [e-mail] o al [number]",
        "outcome": "answer",
        "topics": "loans export",
        "resources": "uy-credito guia-global",
        "confidence": "0.8765",
        "feedback": "up",
        "case": "c1",
    }
    assert rows[2]["question"] == "[sensitive]"
    assert rows[3]["question"] == 'dice "hola",\ny\tnada más'


def test_a_formula_is_a_text(run: Run) -> None:
    assert table(run("requests", "export").out)[1]["question"] == "'=HYPERLINK(1;2)"


def test_jsonl_keeps_texts_as_they_are(run: Run) -> None:
    rows = [json.loads(line) for line in run("requests", "export", "--format", "jsonl").out.splitlines()]
    assert [list(row) for row in rows] == [COLUMNS] * 4
    assert rows[1]["question"] == "=HYPERLINK(1;2)"


@pytest.mark.parametrize("command", ["requests", "cases"])
def test_a_workbook_opens_and_holds_texts_only(run: Run, tmp_path: Path, command: str) -> None:
    assert run(command, "export", "--format", "xlsx", "--output", "out.xlsx").code == 0
    with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
        sheet, strings = (
            book.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "sharedStrings")
        )
    assert "<f>" not in sheet
    assert "[sensitive]" in strings
    assert ("=HYPERLINK(1;2)" in strings) == (command == "requests")
    assert [secret for secret in PRIVATE if secret in strings] == []


def test_export_to_a_file(run: Run, tmp_path: Path) -> None:
    to_screen = run("requests", "export").out
    ran = run("requests", "export", "--output", "out.csv")
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == to_screen


def test_cases_list(run: Run) -> None:
    rows = run("cases", "list").out.splitlines()
    assert [row.split()[0] for row in rows] == ["id", "c1", "c2"]
    assert "2026-11-25" in rows[1]
    assert "[sensitive]" in rows[2]
    assert run("cases", "list", "--state", "closed").out.split() == rows[0].split()


def test_cases_show(run: Run) -> None:
    told = run("cases", "show", "c1").out
    assert "p-ana" in told
    assert "  2026-11-23 12:00 person opened" in told
    assert "  2026-11-23 12:00 person said llámenme al [number]" in told


def test_cases_close(run: Run) -> None:
    assert run("cases", "close", "c1", "--outcome", "referred").out == "case c1 closed: referred\n"
    closed = table(run("cases", "export").out)[0]
    assert (closed["id"], closed["state"], closed["outcome"]) == ("c1", "closed", "referred")
    assert closed["closed"]
    assert "operator closed referred" in run("cases", "show", "c1").out
    assert [row.split()[0] for row in run("cases", "list", "--state", "open").out.splitlines()] == [
        "id",
        "c2",
    ]


def outbox(environment: dict[str, str]) -> list[OutboxRow]:
    async def read() -> list[OutboxRow]:
        store = await Store.open(environment["BOT_DATABASE__URL"])
        try:
            async with store.transaction() as now:
                return await now.due(datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC), 10)
        finally:
            await store.close()

    return asyncio.run(read())


def test_cases_reply(run: Run, environment: dict[str, str]) -> None:
    assert run("cases", "reply", "c1", "Pase el <lunes> & traiga la cédula").out == "case c1 answered\n"
    assert table(run("cases", "export").out)[0]["state"] == "answered"
    assert "operator reply Pase el <lunes> & traiga la cédula" in run("cases", "show", "c1").out
    posted = outbox(environment)
    assert [row.person for row in posted] == ["ana"]
    assert "Pase el &lt;lunes&gt; &amp; traiga la cédula" in str(posted[0].payload)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_reply_is_not_sent(run: Run, environment: dict[str, str], text: str) -> None:
    ran = run("cases", "reply", "c1", text)
    assert (ran.code, ran.fault) == (2, "the answer is empty")
    assert outbox(environment) == []


def test_replay_shows_what_changed(run: Run, environment: dict[str, str]) -> None:
    ask(
        environment,
        id="r5",
        person="ana",
        question="quiero exportar, mi correo es ana@example.org",
        outcome="no_match",
    )
    ask(
        environment,
        id="r6",
        person="ana",
        question="necesito un crédito",
        outcome="answer",
        topics=("export",),
    )
    ask(
        environment,
        id="r7",
        person="ana",
        question="quién ganó el partido",
        outcome="answer",
        topics=("loans",),
    )
    ran = run("replay")
    assert (ran.code, ran.err) == (0, "")
    assert "newly answered: 1\n  r5 no_match -> export: quiero exportar, mi correo es [e-mail]\n" in ran.out
    assert "no longer answered: 1\n  r7 loans -> no_match: " in ran.out
    assert "answered with another topic: 1\n  r6 export -> loans: necesito un crédito\n" in ran.out
    assert "the same: 2\n" in ran.out
    assert "me golpea" not in ran.out


def test_cases_export(run: Run) -> None:
    rows = table(run("cases", "export").out)
    assert [(row["id"], row["person"], row["request"], row["reason"]) for row in rows] == [
        ("c1", "p-ana", "r1", "person"),
        ("c2", "p-eva", "r3", "sensitive"),
    ]


@pytest.mark.parametrize(
    "command",
    [
        ("requests", "show", "r9"),
        ("cases", "show", "c9"),
        ("cases", "close", "c9"),
        ("cases", "reply", "c9", "hola"),
    ],
)
def test_an_unknown_id_is_one_line(run: Run, command: tuple[str, ...]) -> None:
    ran = run(*command)
    assert ran.code == 1
    assert ran.fault.startswith(
        f"there is no {command[0].removesuffix('s')} {command[2]}; `{command[0]} list` shows"
    )
