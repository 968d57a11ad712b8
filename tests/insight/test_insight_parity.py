"""Parity: a text is there, missing, or older than the one it was made from."""

import datetime
import os
import subprocess
from pathlib import Path

import pytest
from logged import NOON

from bot.advice.knowledge import load
from bot.insight.parity import Line, changes, table

DAY = datetime.timedelta(1)


def lines(folder: Path, now: datetime.datetime = NOON) -> dict[str, Line]:
    knowledge = load(folder)
    return {
        line.id: line for line in table(knowledge, changes(knowledge, state=folder / "texts.json", now=now))
    }


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def git(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    run(folder, "init", "-q")
    commit(folder, NOON)
    return folder


def run(folder: Path, *arguments: str, **environment: str) -> None:
    who = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        who |= {f"GIT_{role}_NAME": "Editor", f"GIT_{role}_EMAIL": "editor@example.org"}
    subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **who, **environment}, check=True)


def commit(folder: Path, at: datetime.datetime) -> None:
    run(folder, "add", "-A")
    run(folder, "commit", "-qm", "edit", GIT_COMMITTER_DATE=at.isoformat(), GIT_AUTHOR_DATE=at.isoformat())


def test_what_is_there_and_what_is_missing(folder: Path) -> None:
    edit(folder, "topics/export.yaml", "  pt: Comece por um país.\n", "")
    edit(folder, "topics/loans.yaml", "  en: [I need a loan", "  fr: [I need a loan")
    edit(folder, "resources/global.yaml", ", pt: Um guia.", "")
    found = lines(folder)
    assert found["invoicing"].states == {"es": "there", "en": "there", "pt": "there"}
    assert found["export"].lacking == {"pt": ["missing advice"]}
    assert found["loans"].lacking == {"en": ["missing phrases"]}
    assert found["guia-global"].states == {"es": "there", "en": "there", "pt": "missing"}
    assert found["guia-global"].as_data()["lacking"] == {"pt": ["missing summary"]}


def test_what_is_not_published_is_left_out(folder: Path) -> None:
    edit(folder, "resources/global.yaml", "  source: high", "  source: high\n  status: archived")
    assert "guia-global" not in lines(folder)


def test_without_git_a_text_older_than_its_source_is_found(folder: Path) -> None:
    lines(folder)
    edit(folder, "topics/loans.yaml", "  es: Compara la tasa total.", "  es: Compara todos los costos.")
    edit(folder, "resources/uy.yaml", "{es: Crédito para pymes.,", "{es: Crédito para pymes formales.,")
    found = lines(folder, NOON + DAY)
    assert found["loans"].lacking == {"en": ["older advice"], "pt": ["older advice"]}
    assert found["uy-credito"].states == {"es": "there", "en": "older", "pt": "older"}
    edit(folder, "topics/loans.yaml", "  en: Compare the full cost.", "  en: Compare all costs.")
    assert lines(folder, NOON + 2 * DAY)["loans"].states == {"es": "there", "en": "there", "pt": "older"}


def test_a_state_file_that_is_torn_is_made_anew(folder: Path) -> None:
    (folder / "texts.json").write_text("{", encoding="utf-8")
    assert lines(folder)["loans"].states["pt"] == "there"
    assert (folder / "texts.json").stat().st_size > 100


def test_git_says_when_a_text_was_changed(git: Path) -> None:
    assert lines(git)["loans"].states == {"es": "there", "en": "there", "pt": "there"}
    edit(git, "topics/loans.yaml", "  es: Compara la tasa total.", "  es: Compara todos los costos.")
    commit(git, NOON + DAY)
    assert lines(git, NOON + 2 * DAY)["loans"].lacking == {"en": ["older advice"], "pt": ["older advice"]}
    assert not (git / "texts.json").exists()


def test_an_edit_that_is_not_committed_counts(git: Path) -> None:
    edit(git, "topics/loans.yaml", "  es: Compara la tasa total.", "  es: Compara todos los costos.")
    edit(git, "topics/loans.yaml", "  pt: Compare o custo total.", "  pt: Compare todos os custos.")
    assert lines(git, NOON + DAY)["loans"].states == {"es": "there", "en": "older", "pt": "there"}


def test_each_resource_of_a_file_has_its_own_history(git: Path) -> None:
    by_language = "es: Crédito para pymes., en: A loan for small firms., pt: Crédito para pequenas empresas."
    blocks = "  summary:\n    es: Crédito para pymes.\n    en: A loan.\n    pt: Crédito para empresas."
    edit(git, "resources/uy.yaml", f"  summary: {{{by_language}}}", blocks)
    commit(git, NOON + DAY)
    edit(git, "resources/uy.yaml", "    es: Crédito para pymes.", "    es: Crédito para pymes formales.")
    commit(git, NOON + 2 * DAY)
    found = lines(git, NOON + 3 * DAY)
    assert found["uy-credito"].states == {"es": "there", "en": "older", "pt": "older"}
    assert found["uy-credito-mujeres"].states == {"es": "there", "en": "there", "pt": "there"}
