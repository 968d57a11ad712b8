"""Who may be told "you asked, now we know": unanswered questions that an edit of the knowledge answers."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.insight.asked import Asked, Outcomes
from bot.insight.replaying import Replay

LONGEST_AGO = datetime.timedelta(days=30)


@dataclass(frozen=True)
class News:
    """One person to be told, once: what they asked, their setting, and the topics that answer it now."""

    request: str
    person: str
    language: str | None
    country: str | None
    question: str
    topics: tuple[str, ...]


def to_tell(
    found: Replay,
    rows: Iterable[Asked],
    *,
    now: datetime.datetime,
    agreed: Collection[str],
    told: Collection[str],
    in_hand: Collection[str] = (),
) -> list[News]:
    """Return whom to tell, the latest question first.

    `rows` is the log of at least the last 30 days, of at least those who agreed. `agreed` are the pseudonyms
    of people who wish to be told, `told` the requests that were told already, `in_hand` those with a case:
    a person answers them.
    Nobody is told of a topic twice, nor of one they were answered since.
    """
    listed = list(rows)
    outcomes = Outcomes(listed)
    asked = {row.id: row for row in listed}
    answered = {
        (row.person, topic, row.time) for row in listed if outcomes.answered(row) for topic in row.topics
    }
    news: list[News] = []
    met: set[tuple[str, str]] = {
        (asked[id].person, topic) for id in told if id in asked for topic in asked[id].topics
    }
    for change in sorted(
        found.newly_answered, key=lambda change: _time(asked.get(change.logged.id), now), reverse=True
    ):
        row = asked.get(change.logged.id)
        if row is None or row.id in told or row.id in in_hand or row.person not in agreed:
            continue
        if (
            not now - LONGEST_AGO <= row.time <= now
            or outcomes.why_unanswered(row) is None
            or not change.topics
        ):
            continue
        main = (row.person, change.topics[0])
        since = any(
            person == main[0] and topic == main[1] and time >= row.time for person, topic, time in answered
        )
        if main in met or since:
            continue
        met.add(main)
        news.append(News(row.id, row.person, row.language, row.country, row.question, change.topics))
    return news


def _time(row: Asked | None, now: datetime.datetime) -> datetime.datetime:
    return row.time if row is not None else now
