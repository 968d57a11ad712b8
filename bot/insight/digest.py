"""The digest: a report as it may be passed on, with small counts left out, as text or as a table.

It holds no words of a message that needs care, no person, and no question that only one person asked.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.insight.gaps import Group
from bot.insight.reports import Report, Waiting
from bot.insight.suppression import LEAST, Part, Percent, shares, small, suppress
from bot.insight.suppression import Counts as Shown

TOP = 10
COLUMNS = ("section", "name", "count", "answered")
FEWER = f"<{LEAST}"
NOTHING = "–"

Title = Callable[[str], str]
"""From an id of a topic or resource to what people call it."""


class Say(Protocol):
    """Gives a text by key, its braces filled in, in one language."""

    def __call__(self, key: str, /, **values: str) -> str:
        """Return the text."""
        ...


@dataclass(frozen=True)
class Line:
    """One line of a table: a count, None where it is hidden, and the share answered where there is one."""

    name: str
    count: int | None
    share: Percent | None = None


@dataclass(frozen=True)
class Gap:
    """A group of unanswered questions: its masked name, how many, the nearest topic."""

    name: str
    count: int | None
    topic: str | None
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Digest:
    """What may be passed on of one time's figures."""

    since: datetime.date
    until: datetime.date
    """The last day of it."""
    asked: int | None
    share: Percent | None
    topics: Sequence[Line]
    gaps: Sequence[Gap]
    smaller: int
    """Groups that are not named, because one person alone asked."""
    tables: Mapping[str, Sequence[Line]]
    """Answered share by country, language and audience."""
    resources: Sequence[tuple[str, int | None, int | None]]
    """Helpful marks and opened links of the resources that have any."""
    waiting: int
    oldest: Sequence[Waiting]
    response_hours: float | None


def digest(report: Report) -> Digest:
    """Return what may be passed on of `report`."""
    tables, whole = _tables(report)
    return Digest(
        since=report.since.date(),
        until=(report.until - datetime.timedelta(microseconds=1)).date(),
        asked=report.all.asked if whole.told else None,
        share=whole.share,
        topics=_ordered([Line(name, count) for name, count in suppress(report.topics).shown.items()])[:TOP],
        gaps=[_gap(group) for group in report.groups if group.people > 1][:TOP],
        smaller=sum(group.people == 1 for group in report.groups),
        tables=tables,
        resources=_resources(report),
        waiting=report.cases_waiting,
        oldest=report.oldest,
        response_hours=report.response_hours,
    )


@dataclass(frozen=True)
class _Whole:
    told: bool
    share: Percent | None


def _tables(report: Report) -> tuple[dict[str, list[Line]], _Whole]:
    """Return the tables, and what may be said of all: what one table must hide, no other may tell."""
    told, exact = True, True
    whole: Percent | None = None
    tables: dict[str, list[Line]] = {}
    for name in ("countries", "languages", "audiences"):
        parts: Mapping[str, Part] = getattr(report, name)
        counts: Shown = suppress({key: part.asked for key, part in parts.items()})
        by_name, whole = shares(parts)
        told = told and counts.total is not None
        exact = exact and whole is not None and whole.bound == "is"
        tables[name] = _ordered(
            [
                Line(key, count, by_name[key] if count is not None else None)
                for key, count in counts.shown.items()
            ]
        )
    if not exact and whole is not None and whole.bound == "is":
        whole = None
    return tables, _Whole(told, whole if told else None)


def _ordered(lines: list[Line]) -> list[Line]:
    """Return what is shown in its order, then what is hidden by name: its place would tell its size."""
    hidden = sorted((line for line in lines if line.count is None), key=lambda line: line.name)
    return [*(line for line in lines if line.count is not None), *hidden]


def _gap(group: Group) -> Gap:
    return Gap(group.name, _hidden(group.count), group.topic, group.confidence)


def _hidden(count: int) -> int | None:
    return None if small(count) else count


def _resources(report: Report) -> list[tuple[str, int | None, int | None]]:
    marked = [(name, use) for name, use in report.resources.items() if use.helpful or use.opened]
    marked.sort(key=lambda item: (-item[1].helpful, -item[1].opened, item[0]))
    return [(name, _hidden(use.helpful), _hidden(use.opened)) for name, use in marked[:TOP]]


# -- as text -------------------------------------------------------------------------------------


def markdown(shown: Digest, say: Say, *, topic: Title = str, resource: Title = str) -> str:
    """Return the digest as Markdown; plain enough to be read as it stands in a chat."""
    parts = [f"# {say('digest.title', since=str(shown.since), until=str(shown.until))}"]
    parts.append(_summary(shown, say))
    parts += _section(
        say("digest.topics"), [f"{topic(line.name)}: {_count(line.count, NOTHING)}" for line in shown.topics]
    )
    parts += _section(say("digest.gaps"), [_said_gap(gap, say, topic) for gap in shown.gaps])
    if shown.smaller:
        parts.append(say("digest.smaller", number=_count(_hidden(shown.smaller))))
    parts += _section(say("digest.oldest"), [_said_case(case, say) for case in shown.oldest])
    for name, lines in shown.tables.items():
        parts += _section(say(f"digest.{name}"), [_said_share(line, name, say) for line in lines])
    parts += _section(say("digest.resources"), _said_uses(shown, say, resource))
    parts.append(say("digest.hidden", least=str(LEAST)))
    return "\n\n".join(parts) + "\n"


def _summary(shown: Digest, say: Say) -> str:
    said = [say("digest.asked", number=_count(shown.asked, NOTHING), share=percent(shown.share, say))]
    said.append(say("digest.waiting", number=str(shown.waiting)))
    if shown.response_hours is not None:
        said.append(say("digest.response", hours=f"{shown.response_hours:g}"))
    return " ".join(said)


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", "\n".join(f"- {line}" for line in lines)] if lines else []


def _said_gap(gap: Gap, say: Say, topic: Title) -> str:
    near = say("digest.near", topic=topic(gap.topic), sure=f"{100 * gap.confidence:.0f}") if gap.topic else ""
    return " ".join(f"{_count(gap.count)}: {' '.join(gap.name.split())} {near}".split())


def _said_case(case: Waiting, say: Say) -> str:
    late = say("digest.late") if case.overdue else ""
    return " ".join(f"{case.id}: {say('digest.days', days=str(case.days))} {late}".split())


def _said_share(line: Line, table: str, say: Say) -> str:
    counted = say("digest.of", share=percent(line.share, say), number=_count(line.count, NOTHING))
    return f"{_named(line.name, table, say)}: {counted}"


def _named(name: str, table: str, say: Say) -> str:
    if name in ("unknown", "women", "others"):
        return say(f"digest.{name}")
    return say({"countries": "country", "languages": "tongue"}[table] + f".{name}")


def _said_uses(shown: Digest, say: Say, resource: Title) -> list[str]:
    """Return a line for each resource; opened links are only spoken of where they are counted."""
    counted = any(opened != 0 for _, _, opened in shown.resources)
    key = "digest.use" if counted else "digest.helpful"
    said = []
    for name, helpful, opened in shown.resources:
        values = {"helpful": _count(helpful)} | ({"opened": _count(opened)} if counted else {})
        said.append(f"{resource(name)}: {say(key, **values)}")
    return said


def _count(count: int | None, hidden: str = FEWER) -> str:
    return hidden if count is None else str(count)


def percent(share: Percent | None, say: Say) -> str:
    """Return a share as people read it: "80 %", "more than 80 %", or a dash where it is hidden."""
    if share is None:
        return NOTHING
    return say(f"digest.{share.bound}", percent=str(share.value))


# -- as data -------------------------------------------------------------------------------------


def as_data(shown: Digest) -> dict[str, Any]:
    """Return the digest as JSON has it; null is hidden."""
    return {
        "since": str(shown.since),
        "until": str(shown.until),
        "asked": shown.asked,
        "answered": _plain(shown.share),
        "topics": [{"id": line.name, "count": line.count} for line in shown.topics],
        "unanswered": [vars(gap) for gap in shown.gaps],
        "unanswered_by_one_person": _hidden(shown.smaller),
        "waiting": shown.waiting,
        "oldest": [
            {"case": case.id, "days": case.days, "promised": case.promised and str(case.promised)}
            for case in shown.oldest
        ],
        "response_hours": shown.response_hours,
        **{
            name: [{"name": line.name, "count": line.count, "answered": _plain(line.share)} for line in lines]
            for name, lines in shown.tables.items()
        },
        "resources": [
            {"id": name, "helpful": helpful, "opened": opened} for name, helpful, opened in shown.resources
        ],
    }


def as_rows(shown: Digest) -> list[dict[str, Any]]:
    """Return the digest as one table with `COLUMNS`; what is hidden says so.

    "<5" is said only where that is what it is: in a table with a total, a larger count may be hidden, too.
    """

    def row(
        section: str, name: str, count: int | None, share: str = "", *, hidden: str = NOTHING
    ) -> dict[str, Any]:
        return {
            "section": section,
            "name": name,
            "count": count if count is not None else hidden,
            "answered": share,
        }

    return [
        row("all", f"{shown.since} {shown.until}", shown.asked, _plain(shown.share) or ""),
        *(row("topic", line.name, line.count) for line in shown.topics),
        *(row("unanswered", gap.name, gap.count, hidden=FEWER) for gap in shown.gaps),
        *(row("oldest case, days", case.id, case.days) for case in shown.oldest),
        *(
            row(name, line.name, line.count, _plain(line.share) or "")
            for name, lines in shown.tables.items()
            for line in lines
        ),
        *(row("helpful", name, helpful, hidden=FEWER) for name, helpful, _ in shown.resources),
        *(row("opened", name, opened, hidden=FEWER) for name, _, opened in shown.resources),
    ]


def _plain(share: Percent | None) -> str | None:
    if share is None:
        return None
    return {"is": "", "over": ">", "under": "<"}[share.bound] + f"{share.value}%"
