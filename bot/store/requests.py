"""Requests: every logged question with its outcome."""

import datetime
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy import Select, func, insert, select, update

from bot.store.connected import Connected, insert_unknown
from bot.store.kept import kept
from bot.store.tables import cases, people, requests, subscriptions


@dataclass(frozen=True, kw_only=True)
class RequestRow:
    """One question, the setting it was asked in, what came of it and what was thought of that."""

    id: str
    person: str
    time: datetime.datetime
    channel: str
    question: str
    outcome: str
    language: str | None = None
    country: str | None = None
    audience: str | None = None
    kind: str | None = None
    topics: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    candidates: list[Any] = field(default_factory=list)
    confidence: float = 0.0
    knowledge: str = ""
    feedback: str | None = None
    feedback_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListedRequest(RequestRow):
    """A request in a list: with the pseudonym of who asked, and the newest case it led to."""

    pseudonym: str
    case: str | None

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Return the request a row of `listed_requests` holds."""
        return cls(**_with_tuples(row))


class RequestsReading(Connected):
    """What can be asked about requests."""

    async def request(self, request_id: str) -> RequestRow | None:
        """Return the request with this id, None if there is none."""
        row = await self._row(select(requests).where(requests.c.id == request_id))
        return RequestRow(**_with_tuples(row)) if row else None

    async def newest_request_time(self, person_id: str) -> datetime.datetime | None:
        """Return when the person last asked something, None if never."""
        newest: datetime.datetime | None = await self._value(
            select(func.max(requests.c.time)).where(requests.c.person == person_id)
        )
        return newest

    async def requests(
        self,
        *,
        id: str | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        outcome: str | None = None,
        country: str | None = None,
        subscribed: str | None = None,
        limit: int | None = None,
        newest_first: bool = True,
    ) -> list[ListedRequest]:
        """Return the requests from `since` up to, not including, `until`; or the one with `id`.

        With `subscribed` only those of people who want news of that segment.
        """
        order = (requests.c.time, requests.c.id)
        listed = (
            listed_requests()
            .order_by(*(column.desc() if newest_first else column for column in order))
            .limit(limit)
        )
        if id is not None:
            listed = listed.where(requests.c.id == id)
        if since is not None:
            listed = listed.where(requests.c.time >= since)
        if until is not None:
            listed = listed.where(requests.c.time < until)
        if outcome is not None:
            listed = listed.where(requests.c.outcome == outcome)
        if country is not None:
            listed = listed.where(requests.c.country == country)
        if subscribed is not None:
            wishing = select(subscriptions.c.person).where(
                subscriptions.c.segment == subscribed, subscriptions.c.stopped_at.is_(None)
            )
            listed = listed.where(requests.c.person.in_(wishing))
        return [ListedRequest.of(row) for row in await self._rows(listed)]


class RequestsWriting(Connected):
    """What can be changed about requests."""

    async def add_request(self, request: RequestRow) -> None:
        """Store a question with its outcome."""
        await self._change(_ADD, vars(request))

    async def add_or_revise_request(self, request: RequestRow) -> None:
        """Store a question with its outcome, over its earlier wording if the person had asked it already."""
        if not await self._change(insert_unknown(requests, self._on_postgresql, "id"), vars(request)):
            await self.revise_request(request)

    async def revise_request(self, request: RequestRow) -> bool:
        """Store a reworded question over its earlier wording; return False where that person has none.

        What was thought of the earlier answer goes with it; when it was first asked stays.
        """
        changed = {
            name: value for name, value in vars(request).items() if name not in ("id", "person", "time")
        }
        return await self._change(
            update(requests)
            .where(requests.c.id == request.id, requests.c.person == request.person)
            .values(changed)
        )

    async def set_feedback(self, request_id: str, value: str, reason: str | None = None) -> bool:
        """Store what was thought of the answer; return False for an unknown request."""
        return await self._change(
            update(requests).where(requests.c.id == request_id).values(feedback=value, feedback_reason=reason)
        )


_ADD = kept(insert(requests))
_newest_case = (
    select(cases.c.id)
    .where(cases.c.request == requests.c.id)
    .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("case")
)


def listed_requests() -> Select[Any]:
    """Return the statement every list of requests is made from."""
    return select(requests, people.c.pseudonym, _newest_case).join(people, people.c.id == requests.c.person)


def _with_tuples(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"topics": tuple(row["topics"]), "resources": tuple(row["resources"])}
