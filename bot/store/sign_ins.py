"""Sign-ins: one-time links and the sessions they open, known by keyed hashes of their tokens alone."""

import datetime
from dataclasses import dataclass

from sqlalchemy import delete, insert, or_, select, update

from bot.store.connected import Connected
from bot.store.tables import sessions, sign_ins


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """One browser signed in: whose it is, when it was last seen, and when it ends by itself."""

    token: str
    staff: str
    created_at: datetime.datetime
    seen_at: datetime.datetime
    expires_at: datetime.datetime


class SignInsReading(Connected):
    """What can be asked about sessions."""

    async def session(self, token: str, at: datetime.datetime) -> SessionRow | None:
        """Return the session of this hash that has not ended `at`, None if there is none."""
        row = await self._row(select(sessions).where(sessions.c.token == token, sessions.c.expires_at > at))
        return SessionRow(**row) if row else None


class SignInsWriting(Connected):
    """What can be changed about links and sessions."""

    async def add_sign_in(
        self, token: str, staff: str, *, at: datetime.datetime, until: datetime.datetime
    ) -> None:
        """Store that a link with this hash signs in `staff`, once, until then."""
        row = {"token": token, "staff": staff, "created_at": at, "expires_at": until}
        await self._change(insert(sign_ins).values(row))

    async def use_sign_in(self, token: str, at: datetime.datetime) -> str | None:
        """Use up a link; return whom it signs in, None where it is unknown, used or too old."""
        used = (
            update(sign_ins)
            .where(sign_ins.c.token == token, sign_ins.c.used_at.is_(None), sign_ins.c.expires_at > at)
            .values(used_at=at)
            .returning(sign_ins.c.staff)
        )
        found = await self._value(used)
        return None if found is None else str(found)

    async def add_session(self, session: SessionRow) -> None:
        """Store a browser that signed in."""
        await self._change(insert(sessions).values(vars(session)))

    async def touch_session(self, token: str, *, seen: datetime.datetime, until: datetime.datetime) -> bool:
        """Store when a session was seen, and when it ends now; return False for an unknown one."""
        return await self._change(
            update(sessions).where(sessions.c.token == token).values(seen_at=seen, expires_at=until)
        )

    async def end_session(self, token: str) -> bool:
        """Forget a session; return False for an unknown one."""
        return await self._change(delete(sessions).where(sessions.c.token == token))

    async def end_sessions_of(self, staff: str) -> bool:
        """Forget every session and unused link of one of the staff; return False where there was none."""
        await self._change(delete(sign_ins).where(sign_ins.c.staff == staff))
        return await self._change(delete(sessions).where(sessions.c.staff == staff))

    async def sweep_sign_ins(self, at: datetime.datetime) -> None:
        """Forget links and sessions that are over."""
        over = or_(sign_ins.c.expires_at <= at, sign_ins.c.used_at.is_not(None))
        await self._change(delete(sign_ins).where(over))
        await self._change(delete(sessions).where(sessions.c.expires_at <= at))
