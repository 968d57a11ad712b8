"""Signing in: a link that works once, within a quarter of an hour, opens a session that ends by itself."""

import datetime

from bot.casework.rights import OPERATOR
from bot.console.house import House
from bot.console.tokens import Tokens
from bot.store import Reading, SessionRow, Transaction

LINK_LIVES = datetime.timedelta(minutes=15)
# A session in use moves its end; seen again within this, it is left alone, so that reading writes nothing.
TOUCHED_EVERY = datetime.timedelta(minutes=10)


async def make_link(
    staff: str, *, tokens: Tokens, public_url: str, at: datetime.datetime, transaction: Transaction
) -> str:
    """Return an address that signs in `staff` once, within 15 minutes."""
    token = tokens.new()
    await transaction.sweep_sign_ins(at)
    await transaction.add_sign_in(tokens.kept(token), staff, at=at, until=at + LINK_LIVES)
    return f"{public_url}/sign-in?token={token}"


async def open_session(house: House, token: str) -> str | None:
    """Use up the link with `token`; return the token of a new session, None for a link that is no good."""
    now, session = house.clock(), house.tokens.new()
    async with house.store.transaction() as transaction:
        staff = await transaction.use_sign_in(house.tokens.kept(token), now)
        if staff is None or not await _is_one(staff, transaction):
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


async def _is_one(staff: str, now: Reading) -> bool:
    found = await now.staff_by_id(staff)
    return staff == OPERATOR.id or (found is not None and found.active)
