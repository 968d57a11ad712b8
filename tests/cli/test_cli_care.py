"""`backup`, `forget`, `purge`, `seal`: care of the data, from the command line."""

import os
import sqlite3
from pathlib import Path

import pytest
from ran import Run

from bot.store.sealing import new_secret

pytestmark = pytest.mark.usefixtures("filled")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bot.db"


def questions(database: Path) -> set[str]:
    with sqlite3.connect(database) as connection:
        rows = connection.execute("select question from requests").fetchall()
    connection.close()
    return {question for (question,) in rows}


def test_a_backup_holds_what_the_database_holds(run: Run, database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert run("backup", str(copy)).out == f"{copy}\n"
    assert questions(copy) == questions(database)


def test_a_restored_backup_serves(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = run("requests", "export").out
    assert run("backup", str(tmp_path / "copy.db")).code == 0
    monkeypatch.setenv("BOT_DATABASE__URL", f"sqlite+aiosqlite:///{tmp_path}/copy.db")
    assert run("requests", "export").out == before


def test_a_folder_gets_dated_backups_that_purge_clears(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    monkeypatch.setenv("BOT_PRIVACY__BACKUPS", str(folder))
    assert run("backup").code == 0
    (made,) = folder.glob("bot-*.db")
    old = folder / "bot-20250101-000000.db"
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    assert "backups: 1\n" in run("purge").out
    assert list(folder.iterdir()) == [made]


def test_a_backup_needs_a_place(run: Run) -> None:
    assert run("backup").fault == "backup: name a FILE, or a folder in privacy.backups"


def test_a_person_is_forgotten_by_pseudonym(run: Run, database: Path) -> None:
    assert run("forget", "p-ana").out == "p-ana: erased\n"
    assert not any("crédito" in question for question in questions(database))
    assert run("forget", "p-ana").fault == "there is no person p-ana; `requests list` shows their pseudonyms"


def test_purge_takes_away_what_is_old(run: Run, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "questions (anonymise): 0\n" in run("purge").out
    monkeypatch.setenv("BOT_PRIVACY__KEEP_DAYS", "1")
    monkeypatch.setenv("BOT_PRIVACY__THEN", "delete")
    assert "questions (delete): 2\n" in run("purge").out
    assert len(questions(database)) == 2, "the questions of open cases stay"


def test_a_database_is_sealed_and_its_key_changed(
    run: Run, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run("requests", "export").out
    first, second = run("seal", "--new-key").out.strip(), new_secret()
    monkeypatch.setenv("BOT_PRIVACY__ENCRYPTION_KEY", first)
    assert run("requests", "list").fault.endswith("is not sealed yet; run `python -m bot seal` once")
    assert "rows sealed" in run("seal").out
    assert not any("crédito" in question for question in questions(database))
    assert run("requests", "export").out == before
    (tmp_path / "former").write_text(first)
    monkeypatch.setenv("BOT_PRIVACY__ENCRYPTION_KEY", second)
    assert "another key" in run("requests", "list").fault
    assert "rows sealed" in run("seal", "--from-key-file", str(tmp_path / "former")).out
    assert run("requests", "export").out == before
    assert "rows opened" in run("seal", "--open").out
    monkeypatch.delenv("BOT_PRIVACY__ENCRYPTION_KEY")
    assert run("requests", "export").out == before


def test_a_key_is_needed_to_seal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "BOT_PRIVACY__ENCRYPTION_KEY" in run("seal").fault
    monkeypatch.setenv("BOT_PRIVACY__ENCRYPTION_KEY", "short")
    assert "shorter than 40 letters" in run("seal").fault
