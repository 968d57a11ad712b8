"""What was asked, page by page: requests by every filter a reader may set, and by their words."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select, type_coerce

from bot.store.columns import sealing_of
from bot.store.connected import Connected
from bot.store.requests import ListedRequest, listed_requests
from bot.store.tables import requests

# Sealed questions can only be found by reading them. Opening and reading 4,000 takes some 0.1 s of one core
# (benchmarks/console.py --sealed), so a page reads no further than this; the next one goes on from there.
FARTHEST = 4_000


@dataclass(frozen=True)
class Sought:
    """Words that are looked for. `patterns` are what LIKE finds them by, and perhaps more; `fits` decides."""

    patterns: tuple[str, ...]
    fits: Callable[[str], bool]


@dataclass(frozen=True, order=True)
class Mark:
    """A place in a list ordered by time: what comes before it, or after it, is the next page."""

    time: datetime.datetime
    id: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which requests are wanted; None is any. `topic` is one of those answered or offered."""

    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    country: str | None = None
    language: str | None = None
    outcome: str | None = None
    topic: str | None = None
    feedback: str | None = None
    audience: str | None = None
    person: str | None = None
    resource: str | None = None


class AskedReading(Connected):
    """What can be asked about requests by readers of the console."""

    async def asked(
        self, wanted: Asked, *, before: Mark | None = None, limit: int, sought: Sought | None = None
    ) -> tuple[list[ListedRequest], Mark | None]:
        """Return the newest wanted requests before a mark, and the mark the next page begins at, if any."""
        found = listed_requests().where(*_wanted(wanted))
        stopped = None
        if sought is not None:
            ids, stopped = await self._holding(sought, wanted, before, limit + 1)
            found = found.where(requests.c.id.in_(ids))
        rows = [ListedRequest.of(row) for row in await self._rows(_newest(found, before).limit(limit + 1))]
        if len(rows) > limit:
            return rows[:limit], Mark(rows[limit - 1].time, rows[limit - 1].id)
        return rows, stopped

    async def asked_count(self, wanted: Asked) -> int:
        """Return how many requests are wanted."""
        counted = select(func.count()).select_from(requests).where(*_wanted(wanted))
        return int(await self._value(counted))

    async def _holding(
        self, sought: Sought, wanted: Asked, before: Mark | None, limit: int
    ) -> tuple[list[str], Mark | None]:
        """Return ids of requests that hold the words, and where the reading stopped short of the end."""
        texts = _newest(select(requests.c.id, requests.c.question).where(*_wanted(wanted)), before)
        sealed = sealing_of(self._connection.dialect) is not None
        if sealed:
            texts = texts.limit(FARTHEST)
        else:
            plain = type_coerce(requests.c.question, Text)
            texts = texts.where(*(plain.ilike(pattern) for pattern in sought.patterns))
        read, found = 0, []
        id = ""
        for row in await self._connection.execute(texts):
            read, id = read + 1, row.id
            found += [id] if sought.fits(row.question) else []
            if len(found) == limit:
                return found, None
        if not (sealed and read == FARTHEST):
            return found, None
        time = await self._value(select(requests.c.time).where(requests.c.id == id))
        return found, Mark(time, id)


def _newest(listed: Select[Any], before: Mark | None) -> Select[Any]:
    listed = listed.order_by(requests.c.time.desc(), requests.c.id.desc())
    if before is None:
        return listed
    # The first half alone is what an index can use.
    older = or_(requests.c.time < before.time, requests.c.id < before.id)
    return listed.where(and_(requests.c.time <= before.time, older))


def _wanted(wanted: Asked) -> list[ColumnElement[bool]]:
    equal = ("country", "language", "outcome", "audience", "person")
    conditions: list[ColumnElement[bool]] = [
        requests.c[name] == value for name in equal if (value := getattr(wanted, name)) is not None
    ]
    if wanted.since is not None:
        conditions.append(requests.c.time >= wanted.since)
    if wanted.until is not None:
        conditions.append(requests.c.time < wanted.until)
    if wanted.feedback is not None:
        conditions.append(requests.c.feedback == wanted.feedback)
    for name in ("topic", "resource"):
        if (value := getattr(wanted, name)) is not None:
            # Ids are kebab-case, so an id in quotes is found nowhere but as itself.
            conditions.append(cast(requests.c[f"{name}s"], Text).contains(f'"{value}"', autoescape=True))
    return conditions
