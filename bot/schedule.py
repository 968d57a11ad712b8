"""What happens by the clock: one list of jobs, run by APScheduler on the loop that is running.

Nothing is kept by the scheduler. Each job looks into the store for what is due and notes there what it did
(`jobs_done`), in the transaction that does it: so a restart neither loses nor repeats anything, and it does
not matter which of several processes is first. Each is looked at once when the program starts.
"""

import asyncio
import datetime
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import BotError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """One thing that is looked at again and again. `run` does what is due by now, and nothing twice."""

    name: str
    every: datetime.timedelta
    run: Callable[[], Awaitable[None]]


async def keep(jobs: Sequence[Job]) -> None:
    """Run the jobs until cancelled; what goes wrong in one is logged, and tried when it is its turn again."""
    scheduler = AsyncIOScheduler(timezone=datetime.UTC)
    now = datetime.datetime.now(datetime.UTC)
    for job in jobs:
        scheduler.add_job(
            _attempt,
            IntervalTrigger(seconds=int(job.every.total_seconds()), timezone=datetime.UTC),
            args=(job,),
            id=job.name,
            next_run_time=now,
            # A laptop that slept runs each job once, however late.
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )
    scheduler.start()
    try:
        await asyncio.Event().wait()
    finally:
        scheduler.shutdown(wait=False)


async def _attempt(job: Job) -> None:
    try:
        await job.run()
    except BotError as fault:
        log.error("%s: %s", job.name, fault)
    except Exception as fault:
        log.error("%s: %s", job.name, type(fault).__name__)
