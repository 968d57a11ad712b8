"""The command line in process: a tiny knowledge folder, a database with a few rows, and what was printed."""

import asyncio
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import cli
from bot.store import CaseRow, PersonRow, RequestRow, Store

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def fault(self) -> str:
        """The one line on standard error, with nothing on standard output."""
        assert self.out == ""
        assert self.err.startswith("error: "), self.err
        assert self.err.count("\n") == 1, self.err
        assert self.err.endswith("\n")
        assert "Traceback" not in self.err
        return self.err.removeprefix("error: ").rstrip("\n")


Run = Callable[..., Ran]


@pytest.fixture
def environment(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare_environment: None
) -> dict[str, str]:
    """What the commands are configured with; also set for this process."""
    values = {
        "BOT_KNOWLEDGE__PATH": str(folder),
        "BOT_ADVICE__ENCODER": "none",
        "BOT_ADVICE__CACHE": str(tmp_path / "cache"),
        "BOT_DATABASE__URL": f"sqlite+aiosqlite:///{tmp_path}/data/bot.db",
        "COLUMNS": "300",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return values


@pytest.fixture
def run(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line with these arguments."""

    def ran(*arguments: str) -> Ran:
        capsys.readouterr()
        code = cli.run(list(arguments))
        told = capsys.readouterr()
        return Ran(code, told.out, told.err)

    return ran


@pytest.fixture
def filled(environment: dict[str, str]) -> None:
    """Put two people, four requests and two cases into the database."""

    async def fill() -> None:
        store = await Store.open(environment["BOT_DATABASE__URL"])
        async with store.transaction() as now:
            for id in ("ana", "eva"):
                await now.add_person(
                    PersonRow(
                        id=id, channel="telegram", address=f"5550{len(id)}{id}", pseudonym=f"p-{id}",
                        first_seen=NOON, last_seen=NOON,
                    )  # fmt: skip
                )
            for n, row in enumerate(REQUESTS):
                await now.add_request(RequestRow(time=NOON + datetime.timedelta(minutes=n), channel="telegram", **row))
            for row in CASES:
                await now.add_case(CaseRow(opened_at=NOON, **row), who="person")
            await now.add_step("c1", NOON, "person", "note", "llámenme al 099 123 456")
        await store.close()

    asyncio.run(fill())


REQUESTS = (
    {
        "id": "r1", "person": "ana", "question": "necesito un crédito, escríbanme a ana@example.org o al +598 99 123 456",
        "outcome": "answer", "language": "es", "country": "UY", "audience": "women", "topics": ("loans", "export"),
        "resources": ("uy-credito", "guia-global"), "confidence": 0.87654, "feedback": "up",
        "candidates": [["loans", 0.87]],
    },
    {"id": "r2", "person": "eva", "question": "=HYPERLINK(1;2)", "outcome": "no_match"},
    {"id": "r3", "person": "eva", "question": "mi marido me golpea", "outcome": "sensitive", "kind": "violence"},
    {"id": "r4", "person": "eva", "question": 'dice "hola",\ny [/b] [bold]nada más', "outcome": "smalltalk"},
)  # fmt: skip
CASES = (
    {"id": "c1", "person": "ana", "reason": "person", "request": "r1", "promised": datetime.date(2026, 11, 25)},
    {"id": "c2", "person": "eva", "reason": "sensitive", "request": "r3"},
)
