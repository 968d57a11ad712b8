"""Fits the calibration on labelled questions that are not phrases, and shows what each threshold gives."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.advice.advisor import Advisor
from bot.advice.batch import profile_of
from bot.advice.calibration import Calibration, curve

Row = Mapping[str, Any]
STEPS = tuple(n / 20 for n in range(1, 20))


@dataclass(frozen=True)
class Point:
    """At one threshold: the share of questions answered, and of those answers, the share that is right."""

    threshold: float
    coverage: float
    precision: float


@dataclass(frozen=True)
class Fit:
    """A calibration fitted to questions; and what each threshold gives with the one in use.

    `curves` has the points of each language, "all" first.
    """

    calibration: Calibration
    curves: Mapping[str, Sequence[Point]]
    questions: int

    def threshold_for(self, precision: float, language: str = "all") -> float | None:
        """Return the lowest threshold from which on answers are right so often, or None where none is."""
        found = None
        for point in reversed(self.curves[language]):
            if point.precision < precision:
                break
            found = point.threshold
        return found


def fit(advisor: Advisor, rows: Sequence[Row], *, day: datetime.date) -> Fit:
    """Return the calibration that fits the labelled questions in and out of scope."""
    numbers, right, languages = _evidence(advisor, rows, day)
    from sklearn.linear_model import LogisticRegression  # loaded where it trains, not where answers are given

    head = LogisticRegression(C=1.0, max_iter=1000).fit(numbers, right)
    offset, weights = float(head.intercept_[0]), tuple(float(weight) for weight in head.coef_[0])
    # Thresholds are set for the curve the bot uses; the fitted one takes a change of the code.
    used = advisor.calibration
    said = np.array([curve(used.offset, used.weights, row) for row in numbers])
    curves = {"all": _points(said, right)}
    for language in sorted(set(languages)):
        chosen = np.array([tag == language for tag in languages])
        curves[language] = _points(said[chosen], right[chosen])
    current = advisor.calibration
    calibration = Calibration(offset, weights, current.answer_threshold, current.clarify_threshold)
    return Fit(calibration, curves, len(rows))


def _evidence(advisor: Advisor, rows: Sequence[Row], day: datetime.date) -> tuple[Any, Any, list[str]]:
    numbers, right, languages = [], [], []
    for row in rows:
        gold = row["gold"]
        if gold["outcome"] not in ("answer", "no_match"):
            continue
        advice = advisor.advise(row["text"], day=day, profile=profile_of(dict(row)))
        first = advice.candidates[0] if advice.candidates else None
        if first is None or first.evidence is None:
            continue
        numbers.append(first.evidence.numbers())
        right.append(first.topic in gold["topics"])
        languages.append(gold["language"])
    return np.array(numbers), np.array(right), languages


def _points(said: Any, right: Any) -> list[Point]:
    points = []
    for threshold in STEPS:
        answered = said >= threshold
        if answered.any():
            points.append(Point(threshold, float(answered.mean()), float(right[answered].mean())))
    return points
