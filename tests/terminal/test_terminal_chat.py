"""`python -m bot chat` as a person meets it: in a terminal, and with input from a file."""

import asyncio
import datetime
import os
import pty
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.advice.knowledge import load
from bot.casework.courier import Noticeboard
from bot.casework.rights import OPERATOR, Rights
from bot.casework.voice import Voice
from bot.casework.work import Casework
from bot.cli.serving import HERE
from bot.conversation.replies import Attachment
from bot.store import CaseRow, PersonRow, Store

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
ROOT = Path(__file__).parents[2]
CHAT = [sys.executable, "-m", "bot", "chat"]
PATIENCE = 40.0
PROMPT = "tú >"
STYLE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[=>])")


@pytest.fixture
def environment(folder: Path, tmp_path: Path) -> dict[str, str]:
    """A tiny knowledge read by words alone, a database of its own, nothing of whoever runs the tests."""
    shutil.copytree(ROOT / "knowledge" / "messages", folder / "messages", dirs_exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TERM": "xterm",
        "COLUMNS": "200",
        "PYTHONPATH": str(ROOT),
        "PROMPT_TOOLKIT_NO_CPR": "1",
        "BOT_ADVICE__ENCODER": "none",
        "BOT_KNOWLEDGE__PATH": str(folder),
        "BOT_DATABASE__URL": f"sqlite+aiosqlite:///{tmp_path}/chat.db",
    }


class Terminal:
    """A program in a terminal: what it wrote, and keys to press."""

    def __init__(self, environment: Mapping[str, str], folder: Path):
        self._here, there = pty.openpty()
        self.process = subprocess.Popen(
            CHAT, stdin=there, stdout=there, stderr=there, cwd=folder, env=environment, start_new_session=True
        )
        os.close(there)
        self.text = ""

    def key(self, keys: str) -> None:
        os.write(self._here, keys.encode())

    def wait_for(self, words: str) -> str:
        """Return what was written up to `words`, and look only at what follows from now on."""
        end = time.monotonic() + PATIENCE
        while words not in self.text:
            assert self._read(end), f"{words!r} never came; there was: {self.text!r}"
        seen, _, self.text = self.text.partition(words)
        return seen + words

    def leave(self) -> int:
        end = time.monotonic() + PATIENCE
        while self._read(end):
            pass
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._here)

    def _read(self, end: float) -> bool:
        """Take in what was written; return False at the end of it, or of our patience."""
        if not select.select([self._here], [], [], max(0.0, end - time.monotonic()))[0]:
            return False
        try:
            written = os.read(self._here, 65_536)
        except OSError:  # how a terminal tells that the program has left
            return False
        self.text += STYLE.sub("", written.decode("utf-8", "replace"))
        return bool(written)


@pytest.fixture
def terminal(environment: dict[str, str], tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(environment, tmp_path)
    yield terminal
    terminal.close()


def stored(folder: Path, query: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(folder / "chat.db")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def test_in_a_terminal(terminal: Terminal, tmp_path: Path) -> None:
    """A question is answered, a number chooses the country, Ctrl-D leaves politely."""
    terminal.wait_for(PROMPT)
    terminal.key("necesito un crédito para mi negocio\r")
    terminal.wait_for("¿En qué país está tu negocio?")
    choices = terminal.wait_for("Otro país")
    number = re.search(r"\[(\d+)\] Uruguay", choices)
    assert number is not None, f"styles must reach a terminal as styles: {choices!r}"
    terminal.wait_for(PROMPT)
    terminal.key(f"{number[1]}\r")
    terminal.wait_for("Listo: Uruguay.")
    terminal.wait_for(PROMPT)
    terminal.key("\x04")
    assert terminal.leave() == 0
    assert "Hasta luego." in terminal.text
    assert "Traceback" not in terminal.text
    asked = "SELECT outcome, country FROM requests ORDER BY time"
    assert stored(tmp_path, asked) == [("answer", "UY")]
    assert stored(tmp_path, "SELECT channel, country FROM people") == [("terminal", "UY")]


def test_input_from_a_file(environment: dict[str, str], tmp_path: Path) -> None:
    """Lines from a file are answered in order, without colours; the end of the file ends the talk."""
    lines = "hola\n/language\n1\nthanks\n"
    done = subprocess.run(
        CHAT,
        input=lines.encode(),
        capture_output=True,
        cwd=tmp_path,
        env=environment,
        timeout=PATIENCE,
        check=False,
    )
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "\x1b" not in said
    places = [
        said.index(words)
        for words in ("asistente", "¿En qué idioma", "in English", "You are welcome", "Goodbye.")
    ]
    assert places == sorted(places)


def test_bytes_that_are_no_text(environment: dict[str, str], tmp_path: Path) -> None:
    """Input that is not UTF-8 ends in no traceback, and what came before it stays answered."""
    done = subprocess.run(
        CHAT,
        input=b"/menu\n\xff\xfe\n/menu\n",
        capture_output=True,
        cwd=tmp_path,
        env=environment,
        timeout=PATIENCE,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1
    assert "¿Sobre qué tema?" in done.stdout.decode()


async def answered_with_a_photo(environment: Mapping[str, str], folder: Path) -> None:
    """Leave a case of who uses this terminal, answered by the staff with a photo."""
    person = PersonRow(
        id="ana", channel="terminal", address=HERE, pseudonym="p-ana", first_seen=NOON, last_seen=NOON
    )
    voice = Voice.of(load(folder))
    casework = Casework(lambda: voice, {"terminal": Noticeboard()}, rights=Rights())
    store = await Store.open(environment["BOT_DATABASE__URL"])
    async with store.transaction() as now:
        await now.add_person(person)
        await now.add_case(CaseRow(id="c1", person="ana", reason="person", opened_at=NOON), who="person")
        photo, later = Attachment("photo", "AgAC"), NOON + datetime.timedelta(hours=1)
        await casework.attach("c1", OPERATOR, photo, "su recibo", seen=None, at=later, transaction=now)
    await store.close()


def test_a_photo_of_the_staff_is_named(environment: dict[str, str], folder: Path, tmp_path: Path) -> None:
    """A photo cannot be shown here: that there was one is, with what stood under it."""
    asyncio.run(answered_with_a_photo(environment, folder))
    done = subprocess.run(
        CHAT, input=b"", capture_output=True, cwd=tmp_path, env=environment, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "[photo] su recibo" in done.stdout.decode()
