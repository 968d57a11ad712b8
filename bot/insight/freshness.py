"""What ends soon: resources whose last day or day of review is near or past. Expired ones are never shown."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from bot.advice.knowledge import Resource

SOON = datetime.timedelta(days=14)


@dataclass(frozen=True)
class Ending:
    """One date of one resource: `what` is its last day (expires) or its day of review (review)."""

    resource: str
    what: Literal["expires", "review"]
    day: datetime.date
    past: bool
    contact: str | None

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {**vars(self), "day": str(self.day)}


def ending(
    resources: Iterable[Resource], day: datetime.date, *, within: datetime.timedelta = SOON
) -> list[Ending]:
    """Return which dates of published resources are past on `day` or near, the soonest first."""
    found = []
    for item in resources:
        if item.status != "published":
            continue
        dates = (("expires", item.valid_until), ("review", item.review_by))
        for what, date in dates:
            if date is not None and date <= day + within:
                found.append(Ending(item.id, what, date, date < day, item.contact))  # type: ignore[arg-type]
                break  # what expires need not be reviewed as well
    return sorted(found, key=lambda item: (item.day, item.resource))
