"""Staff: who answers people, from where, and what each may do and is good at."""

from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from sqlalchemy import insert, select, update

from bot.store.connected import Connected
from bot.store.tables import staff


@dataclass(frozen=True, kw_only=True)
class StaffRow:
    """One of the staff. `address` is unique within `channel`; empty `countries` and `topics` mean all.

    `role` is viewer, agent, editor or admin. Who left is not `active`, and stays for what they did.
    """

    id: str
    channel: str
    address: str
    name: str
    role: str = "agent"
    languages: tuple[str, ...] = ("es",)
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    active: bool = True


class StaffChanges(TypedDict, total=False):
    """What may change about one of the staff; what is not named stays."""

    name: str
    role: str
    languages: list[str]
    countries: list[str]
    topics: list[str]
    active: bool


class StaffReading(Connected):
    """What can be asked about the staff."""

    async def staff_by_id(self, staff_id: str) -> StaffRow | None:
        """Return the one of the staff with this id, also who left; None if there is none."""
        row = await self._row(select(staff).where(staff.c.id == staff_id))
        return _row(row) if row else None

    async def staff_at(self, channel: str, address: str) -> StaffRow | None:
        """Return who of the staff acts from `address`, None for anyone else and for who left."""
        row = await self._row(
            select(staff).where(staff.c.channel == channel, staff.c.address == address, staff.c.active)
        )
        return _row(row) if row else None

    async def staff(self, *, active: bool | None = True) -> list[StaffRow]:
        """Return the staff by name; `active` None gives those who left, too."""
        listed = select(staff).order_by(staff.c.name, staff.c.id)
        if active is not None:
            listed = listed.where(staff.c.active == active)
        return [_row(row) for row in await self._rows(listed)]


class StaffWriting(Connected):
    """What can be changed about the staff."""

    async def add_staff(self, row: StaffRow) -> None:
        """Store a new one of the staff."""
        values = {
            name: list(value) if isinstance(value, tuple) else value for name, value in vars(row).items()
        }
        await self._change(insert(staff).values(values))

    async def set_staff(self, staff_id: str, **changes: Unpack[StaffChanges]) -> bool:
        """Change what is named and nothing else; return False for an unknown id."""
        return await self._change(update(staff).where(staff.c.id == staff_id).values(**changes))


def _row(row: dict[str, Any]) -> StaffRow:
    lists = {name: tuple(row[name]) for name in ("languages", "countries", "topics")}
    return StaffRow(**row | lists)
