"""Who is on the staff: added, changed and removed, with ids a person can type."""

import datetime
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from bot.casework.rights import ROLES
from bot.errors import BotError, UsageError
from bot.store import StaffRow, Transaction

LONGEST_ID = 20
CHANNELS = ("telegram", "terminal")


async def add(row: StaffRow, transaction: Transaction) -> StaffRow:
    """Add one of the staff, or bring back who left; an empty id is made from the name.

    Raise `BotError` where the address is another's.
    """
    if row.role not in ROLES:
        raise UsageError(f"role {row.role} is not one of {', '.join(ROLES)}")
    if not row.name.strip():
        raise UsageError("the name is empty")
    everyone = {each.id: each for each in await transaction.staff(active=None)}
    known = next((each for each in everyone.values() if _place(each) == _place(row)), None)
    if known is not None and known.active:
        raise BotError(f"{known.name} ({known.id}) has that address already; `staff list` shows everyone")
    if known is not None:
        await _change(replace(row, id=known.id), transaction)
        return replace(row, id=known.id)
    added = replace(row, id=_free(row.id or slug(row.name), everyone))
    await transaction.add_staff(added)
    return added


async def remove(staff_id: str, at: datetime.datetime, transaction: Transaction) -> StaffRow:
    """Let one of the staff go: what they did stays, what was theirs is free again."""
    row = await transaction.staff_by_id(staff_id)
    if row is None or not row.active:
        raise BotError(f"there is no one of the staff with the id {staff_id}; `staff list` shows them")
    await transaction.set_staff(staff_id, active=False)
    for case in await transaction.cases(assigned_to=staff_id):
        if case.state != "closed":
            state = "open" if case.state == "assigned" else case.state
            await transaction.set_case(case.id, assigned_to=None, state=state)
            await transaction.add_step(case.id, at, row.name, "released", staff=row.id)
    return replace(row, active=False)


def slug(name: str) -> str:
    """Return an id made from a name: small letters and digits."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID] or "staff"


def _free(wanted: str, taken: Sequence[str] | dict[str, StaffRow]) -> str:
    number, found = 2, wanted
    while found in taken:
        number, found = number + 1, f"{wanted}-{number}"
    return found


def _place(row: StaffRow) -> tuple[str, str]:
    return row.channel, row.address


async def _change(row: StaffRow, transaction: Transaction) -> None:
    await transaction.set_staff(
        row.id,
        name=row.name,
        role=row.role,
        languages=list(row.languages),
        countries=list(row.countries),
        topics=list(row.topics),
        active=True,
    )
