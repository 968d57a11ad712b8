"""The audit trail: who of the staff saw or changed what of whom; and the staff themselves."""

from starlette.responses import Response

from bot.casework.rights import ROLES
from bot.console.visit import Visit

A_PAGE = 100


async def listed(visit: Visit) -> Response:
    """Show the newest entries, of one of the staff where asked for."""
    before = visit.asked("before")
    async with visit.house.store.reading() as now:
        rows = await now.audit(
            staff=visit.asked("staff"),
            before=int(before) if before and before.isdecimal() else None,
            limit=A_PAGE + 1,
        )
        staff = {row.id: row for row in await now.staff(active=None)}
    return visit.page(
        "trail.html",
        rows=rows[:A_PAGE],
        older=str(rows[A_PAGE - 1].id) if len(rows) > A_PAGE else None,
        staff=staff,
        roles=ROLES,
    )


async def change(visit: Visit) -> Response:
    """Give one of the staff another role, or end their sessions; nobody takes their own rights away."""
    id, role = visit.sent("staff"), visit.sent("role")
    async with visit.house.store.transaction() as t:
        known = await t.staff_by_id(id)
        if known is None or known.id == visit.staff.id:
            return visit.go("/trail", said="staff_same")
        if role in ROLES:
            await t.set_staff(id, role=role)
        await t.end_sessions_of(id)
        await t.add_audit(visit.now, visit.staff.id, f"staff.{role or 'signed_out'}", subject=id)
    return visit.go("/trail", said="staff_changed")
