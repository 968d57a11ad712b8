"""What happens by the clock."""

import asyncio
import datetime

import pytest

from bot.errors import BotError
from bot.schedule import Job, keep

HOUR = datetime.timedelta(hours=1)


async def test_each_job_is_looked_at_when_the_program_starts(caplog: pytest.LogCaptureFixture) -> None:
    """A job that fails is logged, without its words where they may be a person's, and stops nobody else."""
    done: list[str] = []
    all_done = asyncio.Event()

    def job(name: str, fault: Exception | None = None) -> Job:
        async def run() -> None:
            done.append(name)
            if len(done) == 3:
                all_done.set()
            if fault:
                raise fault

        return Job(name, HOUR, run)

    jobs = [job("first", BotError("the database is away")), job("second", ValueError("secret")), job("third")]
    running = asyncio.create_task(keep(jobs))
    await asyncio.wait_for(all_done.wait(), 5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert sorted(done) == ["first", "second", "third"]
    assert "first: the database is away" in caplog.text
    assert "second: ValueError" in caplog.text
    assert "secret" not in caplog.text
