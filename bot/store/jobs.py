"""Jobs that were done and what was sent to many: so that a restart neither loses nor repeats one."""

import datetime
from typing import Any

from sqlalchemy import Insert, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.connected import Connected
from bot.store.tables import jobs_done, mailings, outbox


class JobsReading(Connected):
    """What can be asked about jobs and mailings."""

    async def is_done(self, key: str) -> bool:
        """Say whether the job was done."""
        return await self._row(select(jobs_done).where(jobs_done.c.key == key)) is not None

    async def mailed(self, mailing: str) -> set[str]:
        """Return the ids of the people a mailing was written to."""
        rows = await self._rows(select(mailings.c.person).where(mailings.c.mailing == mailing))
        return {row["person"] for row in rows}

    async def mailing_counts(self, mailing: str) -> dict[str, int]:
        """Return how many messages of a mailing are waiting, sent, failed..., by state of the outbox."""
        rows = await self._rows(
            select(outbox.c.state, func.count().label("n"))
            .join(mailings, mailings.c.outbox == outbox.c.id)
            .where(mailings.c.mailing == mailing)
            .group_by(outbox.c.state)
        )
        return {row["state"]: int(row["n"]) for row in rows}


class JobsWriting(Connected):
    """What can be changed about jobs and mailings."""

    async def once(self, key: str, at: datetime.datetime) -> bool:
        """Store that the job is done now; return False if it was done before.

        Within one transaction with what the job writes, that is done exactly once.
        """
        values = {"key": key, "done_at": at}
        return await self._change(_insert_unknown(jobs_done, self._connection.dialect.name).values(values))

    async def forget_jobs(self, before: datetime.datetime) -> int:
        """Delete what was noted before a time, when nothing could repeat it any more; return how many."""
        gone = await self._connection.execute(delete(jobs_done).where(jobs_done.c.done_at < before))
        return gone.rowcount

    async def mail(
        self, mailing: str, person_id: str, at: datetime.datetime, outbox_id: int | None = None
    ) -> bool:
        """Store that a mailing was written to a person; return False if it was before."""
        values: dict[str, Any] = {"mailing": mailing, "person": person_id, "time": at, "outbox": outbox_id}
        return await self._change(_insert_unknown(mailings, self._connection.dialect.name).values(values))


def _insert_unknown(table: Table, dialect: str) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
