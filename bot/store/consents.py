"""What people agreed to and take part in: consents, news they asked for, and where they came from."""

import datetime
from dataclasses import dataclass

from sqlalchemy import bindparam, distinct, func, insert, select, update

from bot.store.connected import Connected
from bot.store.kept import kept
from bot.store.tables import consents, people, sources, subscriptions


@dataclass(frozen=True, kw_only=True)
class ConsentRow:
    """One consent: what for, to which version of the text, in which language it was read, and until when."""

    id: int
    person: str
    purpose: str
    version: str
    language: str
    given_at: datetime.datetime
    withdrawn_at: datetime.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SubscriptionRow:
    """News a person asked for: of a segment, for a country or for none; with how to reach them."""

    person: str
    segment: str
    country: str | None
    since: datetime.datetime
    channel: str
    address: str
    language: str | None


@dataclass(frozen=True, kw_only=True)
class SourceCount:
    """How many people, and how often, came by one link; `known` where the link led to something."""

    source: str
    known: bool
    visits: int
    people: int


# Built once: building a statement costs more than running it.
_CONSENTS = kept(select(consents).where(consents.c.person == bindparam("of")).order_by(consents.c.id))
_SUBSCRIPTIONS = kept(
    select(subscriptions.c.segment, subscriptions.c.country)
    .where(subscriptions.c.person == bindparam("of"), subscriptions.c.stopped_at.is_(None))
    .order_by(subscriptions.c.segment)
)


class ConsentsReading(Connected):
    """What can be asked about consents, news and sources."""

    async def consents(self, person_id: str) -> list[ConsentRow]:
        """Return all consents of the person, withdrawn ones too, in the order they were given."""
        rows = await self._rows(_CONSENTS, {"of": person_id})
        return [ConsentRow(**row) for row in rows]

    async def subscriptions(self, person_id: str) -> dict[str, str | None]:
        """Return the segments the person has asked news of, each with its country."""
        rows = await self._rows(_SUBSCRIPTIONS, {"of": person_id})
        return {row["segment"]: row["country"] for row in rows}

    async def subscribers(self, segment: str, *, country: str | None = None) -> list[SubscriptionRow]:
        """Return who wants news of the segment, those of `country` alone where one is named.

        Who blocked the bot is left out; who asked first comes first.
        """
        wanted = (
            select(
                subscriptions.c.person,
                subscriptions.c.segment,
                subscriptions.c.country,
                subscriptions.c.since,
                people.c.channel,
                people.c.address,
                people.c.language,
            )
            .join(people, people.c.id == subscriptions.c.person)
            .where(
                subscriptions.c.segment == segment,
                subscriptions.c.stopped_at.is_(None),
                people.c.blocked_at.is_(None),
            )
            .order_by(subscriptions.c.since, subscriptions.c.person)
        )
        if country is not None:
            wanted = wanted.where(subscriptions.c.country == country)
        return [SubscriptionRow(**row) for row in await self._rows(wanted)]

    async def sources(
        self, *, since: datetime.datetime | None = None, until: datetime.datetime | None = None
    ) -> list[SourceCount]:
        """Return by which links people came from `since` up to, not including, `until`; most used first."""
        visits, persons = func.count().label("visits"), func.count(distinct(sources.c.person)).label("people")
        counted = (
            select(sources.c.source, sources.c.known, visits, persons)
            .group_by(sources.c.source, sources.c.known)
            .order_by(visits.desc(), sources.c.source)
        )
        if since is not None:
            counted = counted.where(sources.c.time >= since)
        if until is not None:
            counted = counted.where(sources.c.time < until)
        return [SourceCount(**row) for row in await self._rows(counted)]


class ConsentsWriting(Connected):
    """What can be changed about consents, news and sources."""

    async def add_consent(
        self, person_id: str, purpose: str, version: str, *, language: str, at: datetime.datetime
    ) -> None:
        """Store that the person agreed; an earlier consent to the same purpose ends with it."""
        await self.withdraw_consent(person_id, purpose, at)
        row = {"person": person_id, "purpose": purpose, "version": version, "language": language}
        await self._change(insert(consents).values(**row, given_at=at))

    async def withdraw_consent(self, person_id: str, purpose: str, at: datetime.datetime) -> bool:
        """Store that the person agrees no more; return False where they did not agree."""
        return await self._change(
            update(consents)
            .where(
                consents.c.person == person_id,
                consents.c.purpose == purpose,
                consents.c.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=at)
        )

    async def subscribe(
        self, person_id: str, segment: str, *, country: str | None, at: datetime.datetime
    ) -> None:
        """Store that the person wants news of the segment; asked again, only the country may change."""
        there = (
            update(subscriptions)
            .where(
                subscriptions.c.person == person_id,
                subscriptions.c.segment == segment,
                subscriptions.c.stopped_at.is_(None),
            )
            .values(country=country)
        )
        if not await self._change(there):
            row = {"person": person_id, "segment": segment, "country": country}
            await self._change(insert(subscriptions).values(**row, since=at))

    async def unsubscribe(self, person_id: str, at: datetime.datetime) -> bool:
        """Store that the person wants no more news of any kind; return False where they got none."""
        return await self._change(
            update(subscriptions)
            .where(subscriptions.c.person == person_id, subscriptions.c.stopped_at.is_(None))
            .values(stopped_at=at)
        )

    async def add_source(self, person_id: str, source: str, *, known: bool, at: datetime.datetime) -> None:
        """Store that the person came by a link."""
        await self._change(insert(sources).values(person=person_id, source=source, known=known, time=at))
