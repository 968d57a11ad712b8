"""Learning in a process of its own: the same answers however it was learned, and no process left behind."""

import datetime
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fake_encoder import FakeEncoder

from bot.advice import apart, batch, knowledge
from bot.advice.advisor import Advisor, is_learned
from bot.advisors import Advisors
from bot.settings import AdviceSettings, KnowledgeSettings, Settings

QUESTIONS = [
    "necesito un crédito",
    "como fasso uma nota",
    "I want to sell abroad",
    "hola",
    "y en Uruguay?",
    "xyz",
]


def told(advisor: Advisor, day: datetime.date) -> list[str]:
    """Return all that is said of some questions, with every number."""
    found = [advisor.advise(question, day=day) for question in QUESTIONS]
    return [json.dumps(batch.as_row(advice), sort_keys=True) + repr(advice.candidates) for advice in found]


def settings(folder: Path, cache: Path) -> Settings:
    return Settings(
        knowledge=KnowledgeSettings(path=folder), advice=AdviceSettings(encoder="none", cache=cache)
    )


def test_fresh_kept_and_learned_apart_say_the_same(folder: Path, tmp_path: Path, day: datetime.date) -> None:
    fresh = Advisor(knowledge.load(folder))
    here, there = tmp_path / "here", tmp_path / "there"
    Advisor(knowledge.load(folder, cache=here), cache=here)
    assert apart.learn(folder, cache=there, encoder="none", quietly=True)
    assert sorted(file.name for file in here.iterdir()) == sorted(file.name for file in there.iterdir())
    for cache in (here, there):
        assert is_learned(folder, (), cache)
        assert told(Advisor(knowledge.load(folder, cache=cache), cache=cache), day) == told(fresh, day)


def test_kept_meaning_needs_no_encoding(folder: Path, tmp_path: Path, day: datetime.date) -> None:
    first = Advisor(knowledge.load(folder), encoders=[FakeEncoder()], cache=tmp_path)
    for file in tmp_path.glob("vectors-*"):
        file.unlink()
    encoder = FakeEncoder()
    again = Advisor(knowledge.load(folder), encoders=[encoder], cache=tmp_path)
    assert encoder.encoded == []
    assert told(again, day) == told(first, day)


def test_an_edit_is_learned_anew(folder: Path, tmp_path: Path) -> None:
    Advisor(knowledge.load(folder), cache=tmp_path)
    assert is_learned(folder, (), tmp_path)
    assert not is_learned(folder, [FakeEncoder()], tmp_path)
    path = next((folder / "topics").glob("*.yaml"))
    path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    assert not is_learned(folder, (), tmp_path)
    assert not is_learned(folder, (), None)


@pytest.mark.parametrize("fault", [OSError("no processes left"), ValueError("embedded null byte")])
def test_where_no_process_starts_it_is_learned_in_place(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert not apart.learn(folder, cache=tmp_path, encoder="none")
    Advisors(settings(folder, tmp_path / "cache")).build()
    assert is_learned(folder, (), tmp_path / "cache")


def test_a_cache_that_cannot_be_written_costs_time_alone(
    folder: Path, tmp_path: Path, day: datetime.date
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    advisor = Advisors(settings(folder, tmp_path / "file" / "cache")).build()
    assert told(advisor, day) == told(Advisor(knowledge.load(folder)), day)


def test_a_broken_folder_is_not_learned(folder: Path, tmp_path: Path) -> None:
    (folder / "topics" / "broken.yaml").write_text("id: [", encoding="utf-8")
    assert not apart.learn(folder, cache=tmp_path, encoder="none")
    with pytest.raises(knowledge.KnowledgeError, match="broken"):
        Advisors(settings(folder, tmp_path / "cache")).build()


def test_what_is_kept_of_the_knowledge_is_the_knowledge(folder: Path, tmp_path: Path) -> None:
    read = knowledge.load(folder)
    assert knowledge.load(folder, cache=tmp_path) == read
    assert knowledge.load(folder, cache=tmp_path) == read
    assert knowledge.fingerprint(folder) == read.fingerprint


def test_the_child_ends_with_its_parent(folder: Path, tmp_path: Path) -> None:
    """What started it is killed without a chance to say so: its end of the pipe closes."""
    waiting = (
        "import sys; from bot.advice import apart; apart._end_with_parent();"
        "print('here', flush=True); import threading; threading.Event().wait(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", waiting], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == "here\n"
        child.stdin.close()
        assert child.wait(timeout=30) == 1


def test_an_interrupted_parent_leaves_no_child(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[str]] = []
    real = subprocess.Popen

    def start(*args: object, **options: object) -> subprocess.Popen[str]:
        started.append(real([sys.executable, "-c", "print('1 2', flush=True); input()"], **options))  # type: ignore[call-overload]
        return started[-1]

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", start)
    with pytest.raises(KeyboardInterrupt):
        apart.learn(folder, cache=tmp_path, encoder="none", progress=interrupt)
    assert started[0].wait(timeout=30) == -signal.SIGKILL


def test_the_child_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TELEGRAM__TOKEN", "1:secret")
    assert not [name for name in apart._environment() if name.startswith("BOT_")]
    assert apart._environment()["PATH"] == os.environ["PATH"]
