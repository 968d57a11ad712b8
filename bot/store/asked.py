"""What was asked, page by page: requests by every filter a reader may set, and by their words."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select

from bot.store.connected import Connected
from bot.store.requests import ListedRequest, listed_requests
from bot.store.tables import requests

# Where words are looked for, texts are read this many at a time: the database may hold them sealed.
STEP = 2000

Matches = Callable[[str], bool]
"""Says whether a question has the words that are looked for."""


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


@dataclass(frozen=True, kw_only=True)
class AskedRow:
    """What reports count: a request without its words."""

    time: datetime.datetime
    person: str
    outcome: str
    topics: tuple[str, ...]
    country: str | None
    language: str | None
    audience: str | None
    feedback: str | None


class AskedReading(Connected):
    """What can be asked about requests by readers of the console."""

    async def asked(
        self, wanted: Asked, *, before: Mark | None = None, limit: int, matches: Matches | None = None
    ) -> list[ListedRequest]:
        """Return the newest wanted requests before a mark; only those whose question `matches`."""
        listed = _newest(listed_requests().where(*_wanted(wanted)), before)
        if matches is not None:
            found = await self._matching(wanted, before, limit=limit, matches=matches)
            listed = listed.where(requests.c.id.in_(found))
        return [ListedRequest.of(row) for row in await self._rows(listed.limit(limit))]

    async def asked_count(self, wanted: Asked) -> int:
        """Return how many requests are wanted."""
        counted = select(func.count()).select_from(requests).where(*_wanted(wanted))
        return int(await self._value(counted))

    async def asked_rows(self, wanted: Asked) -> list[AskedRow]:
        """Return every wanted request, oldest first, with what reports count and nothing else."""
        columns = ("time", "person", "outcome", "topics", "country", "language", "audience", "feedback")
        listed = select(*(requests.c[name] for name in columns)).where(*_wanted(wanted))
        rows = await self._rows(listed.order_by(requests.c.time))
        return [AskedRow(**row | {"topics": tuple(row["topics"])}) for row in rows]

    async def _matching(
        self, wanted: Asked, before: Mark | None, *, limit: int, matches: Matches
    ) -> list[str]:
        found: list[str] = []
        texts = select(requests.c.id, requests.c.time, requests.c.question).where(*_wanted(wanted))
        while len(found) < limit:
            rows = await self._rows(_newest(texts, before).limit(STEP))
            found += [row["id"] for row in rows if matches(row["question"])]
            if len(rows) < STEP:
                break
            before = Mark(rows[-1]["time"], rows[-1]["id"])
        return found[:limit]


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
