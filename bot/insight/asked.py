"""A logged question as this room reads it, and what became of it: answered, or unanswered and why."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from bot.advice.text import words
from bot.conversation.privacy import masked

MASK = re.compile(r"\[[a-z-]+\]")
"""What masking puts in the place of a number or an address."""

ANSWER, CLARIFY, NO_MATCH = "answer", "clarify", "no_match"
# What asks for knowledge; small talk, wishes for a person and messages that need care do not.
QUESTIONS = frozenset({ANSWER, CLARIFY, NO_MATCH})
CHOSEN = "chosen"
UP, DOWN, NONE = "up", "down", "none"

NONE_OF_THESE, NOT_CHOSEN, NOT_HELPFUL = "none_of_these", "not_chosen", "not_helpful"
REASONS = (NO_MATCH, NONE_OF_THESE, NOT_CHOSEN, NOT_HELPFUL)
"""Why a question counts as unanswered."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One logged question. `person` is a pseudonym; `candidates` begin with (topic, confidence)."""

    id: str
    person: str
    time: datetime.datetime
    question: str
    outcome: str
    language: str | None = None
    country: str | None = None
    audience: str | None = None
    kind: str | None = None
    topics: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    candidates: tuple[tuple[str, float], ...] = ()
    feedback: str | None = None

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return what is read of a row of the store's list of requests."""
        return cls(
            id=row.id,
            person=row.pseudonym,
            time=row.time,
            question=row.question,
            outcome=row.outcome,
            language=row.language,
            country=row.country,
            audience=row.audience,
            kind=row.kind,
            topics=tuple(row.topics),
            resources=tuple(row.resources),
            candidates=tuple((str(item[0]), float(item[1])) for item in row.candidates),
            feedback=row.feedback,
        )

    @property
    def is_question(self) -> bool:
        """Whether a person asked for something in words; a topic opened from a menu is none.

        A question whose words were let go of with its person still is one; an attachment, which has a
        kind and no words, never was.
        """
        has_words = bool(self.question.strip()) or self.kind is None
        return self.outcome in QUESTIONS and self.kind != CHOSEN and has_words

    @property
    def said(self) -> str:
        """The question by its words alone, to find the same one again."""
        return said(self.question)


def unmasked(text: str) -> str:
    """Return `text` without what identifies a person by its form, and without marks in its place."""
    return " ".join(MASK.sub(" ", masked(text)).split())


def said(question: str) -> str:
    """Return a question by its words alone, without numbers and addresses."""
    return " ".join(words(unmasked(question)))


class Outcomes:
    """What became of each question: knows which options were chosen afterwards."""

    def __init__(self, rows: Iterable[Asked]):
        self._rows: Sequence[Asked] = [row for row in rows if row.outcome in QUESTIONS]
        self._chosen: dict[tuple[str, str], datetime.datetime] = {}
        for row in self._rows:
            if row.kind == CHOSEN:
                key = (row.person, row.said)
                self._chosen[key] = max(row.time, self._chosen.get(key, row.time))

    @property
    def questions(self) -> list[Asked]:
        """The rows in which somebody asked for something, in the order given."""
        return [row for row in self._rows if row.is_question]

    def why_unanswered(self, row: Asked) -> str | None:
        """Return one of `REASONS`, or None for a question that was answered."""
        if row.feedback == NONE:
            return NONE_OF_THESE
        if row.outcome == NO_MATCH:
            return NO_MATCH
        if row.outcome == CLARIFY and not self._was_chosen(row):
            return NOT_CHOSEN
        return NOT_HELPFUL if row.feedback == DOWN else None

    def answered(self, row: Asked) -> bool:
        """Say whether the person was given an answer, whatever they thought of it."""
        return self.why_unanswered(row) in (None, NOT_HELPFUL)

    def _was_chosen(self, row: Asked) -> bool:
        chosen = self._chosen.get((row.person, row.said))
        return chosen is not None and chosen >= row.time
