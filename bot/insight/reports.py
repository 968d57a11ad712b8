"""What the log shows of a time: how much was asked and answered, by topic, country, language and audience.

Exact, for staff who may see each question anyway; `digest` is what may be passed on.
"""

import dataclasses
import datetime
import statistics
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.insight.asked import CHOSEN, Asked, Outcomes
from bot.insight.gaps import Group, Read, gaps
from bot.insight.suppression import Part
from bot.insight.uses import UNKNOWN, Opened, Use, monday, uses

WOMEN, OTHERS = "women", "others"
OLDEST = 10


@dataclass(frozen=True)
class Waiting:
    """A case that waits for a person: no word of what was asked."""

    id: str
    reason: str
    opened: datetime.datetime
    promised: datetime.date | None
    days: int
    overdue: bool


@dataclass(frozen=True, kw_only=True)
class Report:
    """One time's figures. Shares are by name: country codes, language tags, women and others.

    `weeks` are by the Monday they begin on, `topics` by the main topic of each answer, `response_hours`
    the median from a case's opening to its first reply (None: no case was answered).
    """

    since: datetime.datetime
    until: datetime.datetime
    all: Part
    people: int
    outcomes: Mapping[str, int]
    topics: Mapping[str, int]
    countries: Mapping[str, Part]
    languages: Mapping[str, Part]
    audiences: Mapping[str, Part]
    weeks: Mapping[datetime.date, Part]
    resources: Mapping[str, Use]
    groups: Sequence[Group] = ()
    cases_opened: int = 0
    cases_waiting: int = 0
    oldest: Sequence[Waiting] = ()
    response_hours: float | None = None

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        flat = ("all", "countries", "languages", "audiences", "weeks", "resources", "oldest", "groups")
        data = {name: value for name, value in vars(self).items() if name not in flat}
        data |= {"since": self.since.isoformat(), "until": self.until.isoformat()}
        data["all"] = dataclasses.asdict(self.all)
        for name in ("countries", "languages", "audiences", "weeks", "resources"):
            data[name] = {str(key): dataclasses.asdict(part) for key, part in getattr(self, name).items()}
        data["oldest"] = [
            dataclasses.asdict(item)
            | {"opened": item.opened.isoformat(), "promised": item.promised and str(item.promised)}
            for item in self.oldest
        ]
        data["groups"] = [group.as_data() for group in self.groups]
        return data


@dataclass(frozen=True)
class Case:
    """A case as this room reads it: `replied` is when it was first answered."""

    id: str
    state: str
    reason: str
    opened: datetime.datetime
    promised: datetime.date | None = None
    replied: datetime.datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether a person still has to answer it."""
        return self.state in ("open", "assigned")

    @classmethod
    def of(cls, row: Any, replied: datetime.datetime | None = None) -> "Case":
        """Return what is read of a row of the store's list of cases."""
        return cls(row.id, row.state, row.reason, row.opened_at, row.promised, replied)


@dataclass(frozen=True)
class Logged:
    """The log of a time, with all cases there are and the links that were opened."""

    rows: Sequence[Asked]
    cases: Sequence[Case] = ()
    opened: Sequence[Opened] = ()
    out_of_scope: Collection[str] = ()
    ignored: Collection[str] = ()


def report(
    logged: Logged,
    *,
    since: datetime.datetime,
    until: datetime.datetime,
    grouped: bool = True,
    read: Read | None = None,
) -> Report:
    """Return the figures of the time from `since` up to, not including, `until`.

    `grouped` False leaves out the groups of unanswered questions, which take longest; with `read` they are
    grouped by what they mean, too.
    """
    rows = [row for row in logged.rows if since <= row.time < until]
    outcomes = Outcomes(rows)
    questions = outcomes.questions

    def parts(name: Callable[[Asked], Any]) -> dict[Any, Part]:
        return _parts(questions, outcomes, name)

    opened = [case for case in logged.cases if since <= case.opened < until]
    waiting = sorted((case for case in logged.cases if case.waits), key=lambda case: (case.opened, case.id))
    return Report(
        since=since,
        until=until,
        all=Part(len(questions), sum(map(outcomes.answered, questions))),
        people=len({row.person for row in questions}),
        outcomes=_most(row.outcome for row in rows if row.kind != CHOSEN),
        topics=_most(row.topics[0] for row in rows if row.topics),
        countries=parts(lambda row: row.country or UNKNOWN),
        languages=parts(lambda row: row.language or UNKNOWN),
        audiences=parts(lambda row: WOMEN if row.audience == WOMEN else OTHERS),
        weeks=dict(sorted(parts(lambda row: monday(row.time.date())).items())),
        resources=uses(rows, logged.opened, "resource"),
        groups=(
            gaps(rows, out_of_scope=logged.out_of_scope, ignored=logged.ignored, read=read) if grouped else ()
        ),
        cases_opened=len(opened),
        cases_waiting=len(waiting),
        oldest=[_waiting(case, until) for case in waiting[:OLDEST]],
        response_hours=_response(opened),
    )


def responses(cases: Iterable[Case]) -> dict[datetime.date, tuple[float, int]]:
    """Return by week of opening, the Monday, the median hours to the first reply and of how many cases."""
    weeks: dict[datetime.date, list[Case]] = {}
    for case in cases:
        if case.replied is not None:
            weeks.setdefault(monday(case.opened.date()), []).append(case)
    return {week: (_response(of) or 0.0, len(of)) for week, of in sorted(weeks.items())}


def _parts(rows: Iterable[Asked], outcomes: Outcomes, name: Callable[[Asked], Any]) -> dict[Any, Part]:
    asked: Counter[Any] = Counter()
    answered: Counter[Any] = Counter()
    for row in rows:
        asked[name(row)] += 1
        answered[name(row)] += outcomes.answered(row)
    order = sorted(asked, key=lambda key: (-asked[key], str(key)))
    return {key: Part(asked[key], answered[key]) for key in order}


def _most(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _waiting(case: Case, now: datetime.datetime) -> Waiting:
    overdue = case.promised is not None and case.promised < now.date()
    return Waiting(case.id, case.reason, case.opened, case.promised, (now - case.opened).days, overdue)


def _response(cases: Iterable[Case]) -> float | None:
    hours = [(case.replied - case.opened).total_seconds() / 3600 for case in cases if case.replied]
    return round(statistics.median(hours), 1) if hours else None
