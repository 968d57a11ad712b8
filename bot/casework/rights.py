"""What each of the staff may do and see."""

from collections.abc import Iterable

from bot.casework.faults import NotAllowed
from bot.store import CaseRow, StaffRow

ROLES = ("viewer", "agent", "editor", "admin")
SENSITIVE = "sensitive"

# Who acts from the command line of the machine itself.
OPERATOR = StaffRow(id="operator", channel="terminal", address="operator", name="operator", role="admin")


class Rights:
    """Rights by role; sensitive cases are seen only by those named for them, or by the admins if none is."""

    def __init__(self, *, sensitive: Iterable[str] = ()):
        self._sensitive = frozenset(sensitive)

    def at_least(self, role: str, who: StaffRow) -> bool:
        """Say whether someone has this role or a higher one."""
        return who.active and who.role in ROLES and ROLES.index(who.role) >= ROLES.index(role)

    def require(self, role: str, who: StaffRow) -> None:
        """Raise `NotAllowed` for who has a lower role."""
        if not self.at_least(role, who):
            raise NotAllowed(f"{who.name} is {who.role} and may not do this; it takes the role {role}")

    def sees(self, case: CaseRow, who: StaffRow) -> bool:
        """Say whether someone may read this case."""
        if case.reason != SENSITIVE or who is OPERATOR:
            return self.at_least("viewer", who)
        return who.active and (who.id in self._sensitive if self._sensitive else who.role == "admin")

    def named(self, staff: Iterable[StaffRow]) -> list[StaffRow]:
        """Return those of the staff who are told of sensitive cases."""
        return [each for each in staff if self.sees(_SENSITIVE_CASE, each)]

    def require_work(self, case: CaseRow, who: StaffRow) -> None:
        """Raise `NotAllowed` for who may not act on this case."""
        self.require("agent", who)
        if not self.sees(case, who):
            raise NotAllowed(f"case {case.id} is in the hands of the person named for such cases")


_SENSITIVE_CASE = CaseRow(id="", person="", reason=SENSITIVE, opened_at=None)  # type: ignore[arg-type]
