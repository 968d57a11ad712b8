"""People: who writes, on which channel, and where each one's conversation stands."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.store.connected import Connected, held, insert_unknown
from bot.store.kept import kept
from bot.store.tables import people


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """One person. `address` is unique within `channel`; `state` is whatever the conversation keeps."""

    id: str
    channel: str
    address: str
    pseudonym: str
    first_seen: datetime.datetime
    last_seen: datetime.datetime
    language: str | None = None
    country: str | None = None
    audience: str | None = None
    sector: str | None = None
    size: str | None = None
    women_owned: bool | None = None
    state: dict[str, Any] = field(default_factory=dict)
    blocked_at: datetime.datetime | None = None
    banned_at: datetime.datetime | None = None


# Built once: building a statement costs more than running it.
_AT = kept(
    select(people).where(people.c.channel == bindparam("channel"), people.c.address == bindparam("address"))
)
_WITH_ID = kept(select(people).where(people.c.id == bindparam("id")))
_AT_HELD, _WITH_ID_HELD = held(_AT), held(_WITH_ID)
_CHANGING = ("language", "country", "audience", "sector", "size", "women_owned", "state", "last_seen")
_UPDATE = kept(
    update(people)
    .where(people.c.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)


class PeopleReading(Connected):
    """What can be asked about people."""

    async def person(self, channel: str, address: str) -> PersonRow | None:
        """Return who writes from `address`, None for a newcomer."""
        row = await self._row(self._held(_AT, _AT_HELD), {"channel": channel, "address": address})
        return PersonRow(**row) if row else None

    async def person_by_id(self, person_id: str) -> PersonRow | None:
        """Return the person with this id, None if there is none."""
        row = await self._row(self._held(_WITH_ID, _WITH_ID_HELD), {"id": person_id})
        return PersonRow(**row) if row else None

    async def person_by_pseudonym(self, pseudonym: str) -> PersonRow | None:
        """Return the person lists and exports call so, None if there is none."""
        row = await self._row(select(people).where(people.c.pseudonym == pseudonym))
        return PersonRow(**row) if row else None


class PeopleWriting(Connected):
    """What can be changed about people."""

    async def add_person(self, person: PersonRow) -> bool:
        """Store a newcomer; return False where somebody at that address was stored meanwhile."""
        return await self._change(
            insert_unknown(people, self._on_postgresql, "channel", "address"), vars(person)
        )

    async def update_person(
        self,
        person_id: str,
        *,
        language: str | None,
        country: str | None,
        audience: str | None,
        state: dict[str, Any],
        last_seen: datetime.datetime,
        sector: str | None = None,
        size: str | None = None,
        women_owned: bool | None = None,
    ) -> bool:
        """Store all that a turn may have changed; return False for an unknown person."""
        values = {
            "language": language,
            "country": country,
            "audience": audience,
            "sector": sector,
            "size": size,
            "women_owned": women_owned,
            "state": state,
            "last_seen": last_seen,
        }
        return await self._change(
            _UPDATE, {f"new_{name}": value for name, value in values.items()} | {"of": person_id}
        )

    async def mark_blocked(self, channel: str, address: str, at: datetime.datetime | None) -> bool:
        """Store since when messages are refused at `address`, None once they are accepted again."""
        return await self._change(
            update(people)
            .where(people.c.channel == channel, people.c.address == address)
            .values(blocked_at=at)
        )

    async def ban(self, person_id: str, at: datetime.datetime | None) -> bool:
        """Store since when the person is kept out, None to let them in again; False for an unknown person."""
        return await self._change(update(people).where(people.c.id == person_id).values(banned_at=at))
