"""Signing in: a link that works once, within a quarter of an hour, opens a session that ends by itself."""

import datetime

from bot.console.house import House
from bot.store import SessionRow

LINK_LIVES = datetime.timedelta(minutes=15)
# A session in use moves its end; seen again within this, it is left alone, so that reading writes nothing.
TOUCHED_EVERY = datetime.timedelta(minutes=10)


async def make_link(house: House, staff: str) -> str:
    """Return an address that signs in `staff` once, within 15 minutes."""
    token, now = house.tokens.new(), house.clock()
    async with house.store.transaction() as transaction:
        await transaction.sweep_sign_ins(now)
        await transaction.add_sign_in(house.tokens.kept(token), staff, at=now, until=now + LINK_LIVES)
    return f"{house.public_url}/sign-in?token={token}"


async def open_session(house: House, token: str) -> str | None:
    """Use up the link with `token`; return the token of a new session, None for a link that is no good."""
    now, session = house.clock(), house.tokens.new()
    async with house.store.transaction() as transaction:
        staff = await transaction.use_sign_in(house.tokens.kept(token), now)
        if staff is None or await house.members(staff) is None:
            return None
        until = now + datetime.timedelta(hours=house.session_hours)
        kept = house.tokens.kept(session)
        await transaction.add_session(
            SessionRow(token=kept, staff=staff, created_at=now, seen_at=now, expires_at=until)
        )
        await transaction.add_audit(now, staff, "signed_in")
    return session


async def find_session(house: House, token: str) -> SessionRow | None:
    """Return the session with `token`, its end moved on; None where it is over."""
    now, kept = house.clock(), house.tokens.kept(token)
    async with house.store.reading() as reading:
        session = await reading.session(kept, now)
    if session is not None and now - session.seen_at >= TOUCHED_EVERY:
        until = now + datetime.timedelta(hours=house.session_hours)
        async with house.store.transaction() as transaction:
            await transaction.touch_session(kept, seen=now, until=until)
    return session


async def close_session(house: House, token: str, staff: str) -> None:
    """End the session with `token`."""
    async with house.store.transaction() as transaction:
        await transaction.end_session(house.tokens.kept(token))
        await transaction.add_audit(house.clock(), staff, "signed_out")
