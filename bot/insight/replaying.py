"""What a change of the knowledge changes: logged questions advised on again, beside what was logged."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.advice.advice import Advice, Answer
from bot.advice.advisor import Advisor
from bot.advice.setting import Profile
from bot.insight.asked import Asked

ANSWER = "answer"


@dataclass(frozen=True)
class Logged:
    """A question as it was logged, with what came of it."""

    id: str
    question: str
    outcome: str
    topics: tuple[str, ...]
    profile: Profile


@dataclass(frozen=True)
class Change:
    """One question whose advice is another now."""

    logged: Logged
    outcome: str
    topics: tuple[str, ...]


@dataclass
class Replay:
    """Questions answered now that were not, no longer answered, and answered with another topic."""

    newly_answered: list[Change] = field(default_factory=list)
    no_longer_answered: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0


def replay(advisor: Advisor, questions: Iterable[Logged], *, day: datetime.date) -> Replay:
    """Return what is different for the logged questions with this advisor's knowledge."""
    found = Replay()
    for logged in questions:
        advice = advisor.advise(logged.question, day=day, profile=logged.profile)
        change = Change(logged, advice.outcome, _topics(advice))
        if logged.outcome != ANSWER and advice.outcome == ANSWER:
            found.newly_answered.append(change)
        elif logged.outcome == ANSWER and advice.outcome != ANSWER:
            found.no_longer_answered.append(change)
        elif logged.outcome == ANSWER and logged.topics[:1] != change.topics[:1]:
            found.changed.append(change)
        else:
            found.same += 1
    return found


def _topics(advice: Advice) -> tuple[str, ...]:
    return advice.topics if isinstance(advice, Answer) else ()


def compare(before: Advisor, after: Advisor, questions: Iterable[Logged], *, day: datetime.date) -> Replay:
    """Return what one edit alone changes: each question advised on with the knowledge before and after it."""

    def as_before() -> Iterable[Logged]:
        for logged in questions:
            advice = before.advise(logged.question, day=day, profile=logged.profile)
            yield replace(logged, outcome=advice.outcome, topics=_topics(advice))

    return replay(after, as_before(), day=day)


def logged(row: Asked) -> Logged:
    """Return a logged question to be advised on again."""
    profile = Profile(row.country, row.audience, row.language)
    return Logged(row.id, row.question, row.outcome, row.topics, profile)
