"""What a change of the knowledge changes: logged questions advised on again, beside what was logged."""

import datetime
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.advice.advice import Advice, Answer
from bot.advice.advisor import Advisor
from bot.advice.setting import Profile
from bot.insight.asked import Asked
from bot.insight.drafting import Drafts
from bot.insight.vectors import PAUSE

ANSWER = "answer"
# An answer shows so many links at once; what comes behind "more" is not looked at.
SHOWN = 3

Trial = Callable[[Path], AbstractContextManager[Advisor]]
"""Gives an advisor for a folder that is only tried, while the body of the `with` runs."""


@dataclass(frozen=True)
class Logged:
    """A question as it was logged, with what came of it; `resources` None are not looked at."""

    id: str
    question: str
    outcome: str
    topics: tuple[str, ...]
    profile: Profile
    resources: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Change:
    """One question whose advice is another now."""

    logged: Logged
    outcome: str
    topics: tuple[str, ...]
    resources: tuple[str, ...] = ()


@dataclass
class Replay:
    """Questions answered now that were not, no longer answered, and answered with another topic or links."""

    newly_answered: list[Change] = field(default_factory=list)
    no_longer_answered: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    other_links: list[Change] = field(default_factory=list)
    same: int = 0

    @property
    def differences(self) -> dict[str, list[Change]]:
        """What is different, by its kind."""
        kinds = ("newly_answered", "no_longer_answered", "changed", "other_links")
        return {kind: getattr(self, kind) for kind in kinds}

    @property
    def different(self) -> int:
        """How many questions have other advice."""
        return sum(map(len, self.differences.values()))

    @property
    def asked(self) -> int:
        """How many questions were advised on again."""
        return self.different + self.same


def replay(advisor: Advisor, questions: Iterable[Logged], *, day: datetime.date) -> Replay:
    """Return what is different for the logged questions with this advisor's knowledge."""
    found = Replay()
    for logged in questions:
        advice = advisor.advise(logged.question, day=day, profile=logged.profile)
        change = Change(logged, advice.outcome, _topics(advice), _shown(advice))
        if logged.outcome != ANSWER and advice.outcome == ANSWER:
            found.newly_answered.append(change)
        elif logged.outcome == ANSWER and advice.outcome != ANSWER:
            found.no_longer_answered.append(change)
        elif logged.outcome == ANSWER and logged.topics[:1] != change.topics[:1]:
            found.changed.append(change)
        elif logged.resources is not None and set(logged.resources) != set(change.resources):
            found.other_links.append(change)
        else:
            found.same += 1
    return found


def _topics(advice: Advice) -> tuple[str, ...]:
    return advice.topics if isinstance(advice, Answer) else ()


def _shown(advice: Advice) -> tuple[str, ...]:
    return advice.resources[:SHOWN] if isinstance(advice, Answer) else ()


def compare(before: Advisor, after: Advisor, questions: Iterable[Logged], *, day: datetime.date) -> Replay:
    """Return what one edit alone changes: each question advised on with the knowledge before and after it."""

    def as_before() -> Iterable[Logged]:
        for logged in questions:
            advice = before.advise(logged.question, day=day, profile=logged.profile)
            yield replace(logged, outcome=advice.outcome, topics=_topics(advice), resources=_shown(advice))

    return replay(after, as_before(), day=day)


def effect(
    draft_id: str,
    drafts: Drafts,
    questions: Iterable[Logged],
    *,
    before: Advisor,
    trial: Trial,
    day: datetime.date,
) -> Replay:
    """Return what publishing a draft would change; raise `BotError` where it cannot be published as it is.

    It blocks: `trial` may have to learn the folder first.
    """
    with drafts.as_published(draft_id, day=day) as folder, trial(folder) as after:
        after.demote(before.demoted)
        return compare(before, after, _gently(questions), day=day)


def _gently(questions: Iterable[Logged]) -> Iterator[Logged]:
    """Give the questions with a pause before each: people who are answered in this process go first."""
    for question in questions:
        time.sleep(PAUSE)
        yield question


def logged(row: Asked) -> Logged:
    """Return a logged question to be advised on again."""
    profile = Profile(row.country, row.audience, row.language)
    return Logged(row.id, row.question, row.outcome, row.topics, profile)
