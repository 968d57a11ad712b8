"""What became of answers: shown, thought helpful or not, and links opened; by resource and by setting."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from bot.insight.asked import DOWN, UP, Asked
from bot.insight.suppression import small

By = Literal["resource", "topic", "country", "language", "week"]
WAYS: tuple[By, ...] = ("resource", "topic", "country", "language", "week")
COLUMNS = ("name", "shown", "helpful", "not_helpful", "opened")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Use:
    """How often something was shown, thought helpful or not, and opened."""

    shown: int = 0
    helpful: int = 0
    not_helpful: int = 0
    opened: int = 0


@dataclass(frozen=True)
class Opened:
    """Links opened in the week from a Monday; "" is not known."""

    resource: str
    week: datetime.date
    topic: str = ""
    country: str = ""
    language: str = ""
    count: int = 1

    def name(self, by: By) -> str:
        """Return what it is counted under."""
        return str(getattr(self, by)) or UNKNOWN


def uses(rows: Iterable[Asked], opened: Iterable[Opened], by: By) -> dict[str, Use]:
    """Return the uses by name, most shown first. Under `resource`, an answer counts for each it showed."""
    shown: Counter[str] = Counter()
    marks: dict[str, Counter[str]] = {UP: Counter(), DOWN: Counter()}
    for row in rows:
        if not row.resources:
            continue
        names = _names(row, by)
        shown.update(names)
        if row.feedback in marks:
            marks[row.feedback].update(names)
    opens: Counter[str] = Counter()
    for item in opened:
        opens[item.name(by)] += item.count
    order = sorted({*shown, *opens}, key=lambda name: (-shown[name], -opens[name], name))
    if by == "week":
        order.sort()
    return {name: Use(shown[name], marks[UP][name], marks[DOWN][name], opens[name]) for name in order}


def as_rows(found: dict[str, Use]) -> list[dict[str, Any]]:
    """Return the uses as a table with `COLUMNS`; counts of one to four are hidden."""
    return [
        {"name": name, **{key: "<5" if small(count) else count for key, count in vars(use).items()}}
        for name, use in found.items()
    ]


def monday(day: datetime.date) -> datetime.date:
    """Return the Monday of the week of `day`."""
    return day - datetime.timedelta(days=day.weekday())


def _names(row: Asked, by: By) -> tuple[str, ...]:
    if by == "resource":
        return row.resources
    if by == "topic":
        return row.topics[:1] or (UNKNOWN,)
    if by == "week":
        return (str(monday(row.time.date())),)
    return ((row.country if by == "country" else row.language) or UNKNOWN,)
