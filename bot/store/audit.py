"""The audit trail: who of the staff saw or changed what of whom, and when."""

import datetime
from dataclasses import dataclass

from sqlalchemy import insert, select

from bot.store.connected import Connected
from bot.store.tables import audit


@dataclass(frozen=True, kw_only=True)
class AuditRow:
    """One entry: `what` was done (case.seen, request.exported...), to which `subject`, of which person."""

    id: int
    time: datetime.datetime
    staff: str
    what: str
    subject: str | None
    person: str | None


class AuditReading(Connected):
    """What can be asked about the trail."""

    async def audit(
        self, *, staff: str | None = None, person: str | None = None, before: int | None = None, limit: int
    ) -> list[AuditRow]:
        """Return the newest entries, of one of the staff or about one person where named."""
        listed = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if staff is not None:
            listed = listed.where(audit.c.staff == staff)
        if person is not None:
            listed = listed.where(audit.c.person == person)
        if before is not None:
            listed = listed.where(audit.c.id < before)
        return [AuditRow(**row) for row in await self._rows(listed)]


class AuditWriting(Connected):
    """The trail only grows."""

    async def add_audit(
        self,
        time: datetime.datetime,
        staff: str,
        what: str,
        *,
        subject: str | None = None,
        person: str | None = None,
    ) -> None:
        """Store that `staff` did `what`."""
        row = {"time": time, "staff": staff, "what": what, "subject": subject, "person": person}
        await self._change(insert(audit).values(row))
