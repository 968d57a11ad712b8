"""The command line in process: a tiny knowledge folder, a database with a few rows, and what was printed."""

import asyncio
import datetime
from pathlib import Path

import pytest
from ran import CASES, NOON, REQUESTS, Ran, Run

from bot import cli
from bot.store import CaseRow, PersonRow, RequestRow, Store


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
            for n, id in enumerate(("ana", "eva")):
                await now.add_person(
                    PersonRow(
                        id=id,
                        channel="telegram",
                        address=f"555000{n}",
                        pseudonym=f"p-{id}",
                        first_seen=NOON,
                        last_seen=NOON,
                    )
                )
            for n, row in enumerate(REQUESTS):
                await now.add_request(
                    RequestRow(time=NOON + datetime.timedelta(minutes=n), channel="telegram", **row)
                )
            for row in CASES:
                await now.add_case(CaseRow(opened_at=NOON, **row), who="person")
            await now.add_step("c1", NOON, "person", "said", "llámenme al 099 123 456")
        await store.close()

    asyncio.run(fill())
