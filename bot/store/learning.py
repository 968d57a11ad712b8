"""What is kept beside the log so that it teaches: wordings set aside, opened links, dead addresses."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.connected import Connected
from bot.store.tables import case_steps, ignored, links, opens, told


@dataclass(frozen=True, kw_only=True)
class IgnoredRow:
    """A wording that staff set aside; `id` is the same for the same words in the same language."""

    id: str
    language: str | None
    wording: str
    staff: str
    time: datetime.datetime


@dataclass(frozen=True, kw_only=True)
class OpensRow:
    """How often a resource was opened in the week from the Monday `week`; "" is not known."""

    resource: str
    week: datetime.date
    topic: str = ""
    country: str = ""
    language: str = ""
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class LinkRow:
    """What came of the latest check of an address; `fails` in a row, 0 where it opens."""

    url: str
    checked_at: datetime.datetime
    fails: int
    failing_since: datetime.datetime | None = None
    status: int | None = None
    note: str | None = None


class LearningReading(Connected):
    """What can be asked of it."""

    async def first_replies(self) -> dict[str, datetime.datetime]:
        """Return when each case was first answered, by case."""
        first = func.min(case_steps.c.time).label("first")
        rows = await self._rows(
            select(case_steps.c.case, first).where(case_steps.c.what == "reply").group_by(case_steps.c.case)
        )
        return {row["case"]: row["first"] for row in rows}

    async def ignored(self) -> list[IgnoredRow]:
        """Return the wordings set aside, the latest first."""
        rows = await self._rows(select(ignored).order_by(ignored.c.time.desc(), ignored.c.id))
        return [IgnoredRow(**row) for row in rows]

    async def opens(
        self, *, since: datetime.date | None = None, until: datetime.date | None = None
    ) -> list[OpensRow]:
        """Return the opened links of the weeks that begin from `since` up to, not including, `until`."""
        listed = select(opens).order_by(opens.c.week, opens.c.resource, *opens.primary_key)
        if since is not None:
            listed = listed.where(opens.c.week >= since)
        if until is not None:
            listed = listed.where(opens.c.week < until)
        return [OpensRow(**row) for row in await self._rows(listed)]

    async def links(self) -> list[LinkRow]:
        """Return what is known of each address that was checked."""
        return [LinkRow(**row) for row in await self._rows(select(links).order_by(links.c.url))]

    async def told(self) -> frozenset[str]:
        """Return the requests whose person was told that there is an answer now."""
        return frozenset(row["request"] for row in await self._rows(select(told.c.request)))


class LearningWriting(Connected):
    """What can be changed in it."""

    async def ignore(self, row: IgnoredRow) -> None:
        """Set a wording aside; again changes nothing."""
        await self._put(ignored, vars(row))

    async def heed(self, ignored_id: str) -> bool:
        """Take a wording back in; return False where it was not set aside."""
        return await self._change(delete(ignored).where(ignored.c.id == ignored_id))

    async def count_open(self, row: OpensRow) -> None:
        """Count opened links, on top of those counted for the same resource, week and setting."""
        await self._put(opens, vars(row), count=opens.c.count + row.count)

    async def set_link(self, row: LinkRow) -> None:
        """Store what came of a check, in place of the one before."""
        values = vars(row)
        await self._put(links, values, **{name: values[name] for name in values if name != "url"})

    async def add_told(self, requests: Iterable[str], time: datetime.datetime) -> None:
        """Store that the persons of these requests were told; again changes nothing."""
        for request in requests:
            await self._put(told, {"request": request, "time": time})

    async def _put(self, table: Table, values: dict[str, Any], **changes: Any) -> None:
        """Insert a row; where its key is there, make `changes` instead, or leave it as it is."""
        insert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        keys = [column.name for column in table.primary_key]
        statement: Any = insert(table).values(values)
        if changes:
            statement = statement.on_conflict_do_update(index_elements=keys, set_=changes)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=keys)
        await self._connection.execute(statement)
