"""All that is known of one case, as whoever answers it needs it: read once, shown anywhere."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from bot.casework.faults import NoCase
from bot.store import CaseRow, PersonRow, Reading, RequestRow, StaffRow, StepRow


@dataclass(frozen=True)
class Dossier:
    """A case with its person, the question it came from, and each step. `staff` are all, by id."""

    case: CaseRow
    person: PersonRow
    request: RequestRow | None
    steps: tuple[StepRow, ...]
    staff: Mapping[str, StaffRow]

    @property
    def question(self) -> str:
        """What the person asked, or else what they wrote first in the case; empty if nothing yet."""
        if self.request is not None and self.request.question:
            return self.request.question
        return next((step.text for step in self.steps if step.what == "said" and step.text), "")

    @property
    def country(self) -> str | None:
        """The country that governs an answer."""
        return (self.request.country if self.request else None) or self.person.country

    @property
    def language(self) -> str | None:
        """The language to answer in."""
        return self.person.language or (self.request.language if self.request else None)

    @property
    def holder(self) -> StaffRow | None:
        """Who of the staff has the case."""
        return self.staff.get(self.case.assigned_to or "")

    @property
    def candidates(self) -> tuple[str, ...]:
        """The topics it may be about, likeliest first."""
        if self.request is None:
            return ()
        return (*self.request.topics, *(str(item[0]) for item in self.request.candidates if item))

    def overdue(self, today: datetime.date) -> bool:
        """Say whether the promise is past and the person still waits."""
        waits = self.case.state in ("open", "assigned")
        return waits and self.case.promised is not None and self.case.promised < today

    def words(self, step: StepRow) -> str:
        """Return what a reply says now: its last correction, or itself."""
        later = [each.text for each in self.steps if each.what == "edited" and each.about == step.id]
        return (later[-1] if later else step.text) or ""


async def dossier(case_id: str, reading: Reading) -> Dossier:
    """Return all that is known of the case; raise `NoCase` where it is gone."""
    case = await reading.case(case_id)
    person = await reading.person_by_id(case.person) if case else None
    if case is None or person is None:
        raise NoCase(case_id)
    return Dossier(
        case=case,
        person=person,
        request=await reading.request(case.request) if case.request else None,
        steps=tuple(await reading.steps(case_id)),
        staff={each.id: each for each in await reading.staff(active=None)},
    )
