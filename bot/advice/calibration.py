"""How sure is sure: what the heads say turned into a probability, and the thresholds for acting on it.

The weights are those of a logistic regression (Platt 1999) on labelled questions that are not
phrases (tests/questions/calibration.jsonl); `python -m bot calibrate` fits them anew.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """What is known about the first candidate of a question, before calibration.

    `share`: its probability over its own and that of everything out of scope; `lead`: by how much it
    is ahead of the second; `nearness`: the cosine to its nearest phrase. How far the heads agree and
    how strongly a name points there were tried too, and added nothing.
    """

    share: float
    probability: float
    lead: float
    nearness: float

    def numbers(self) -> tuple[float, ...]:
        """Return the evidence on scales a straight line can weigh."""
        return (
            _log_odds(self.share),
            _log_odds(self.probability),
            self.lead,
            self.nearness,
        )


@dataclass(frozen=True)
class Calibration:
    """A logistic curve over the evidence, and the two thresholds on what it gives."""

    offset: float
    weights: tuple[float, ...]
    answer_threshold: float
    clarify_threshold: float

    @classmethod
    def default(cls, *, semantic: bool) -> "Calibration":
        """Return the shipped calibration for both heads, or for the lexical head alone."""
        return SEMANTIC if semantic else LEXICAL

    def confidence(self, evidence: Evidence) -> float:
        """Return the probability, 0 to 1, that the candidate is right and the question in scope."""
        return curve(self.offset, self.weights, evidence.numbers())


def curve(offset: float, weights: Sequence[float], numbers: Sequence[float]) -> float:
    """Return the logistic function of a weighted sum."""
    score = offset + sum(weight * number for weight, number in zip(weights, numbers, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def _log_odds(share: float) -> float:
    share = max(0.001, min(0.999, share))
    return math.log(share / (1 - share))


SEMANTIC = Calibration(0.11, (1.05, 0.30, -0.03, 1.09), answer_threshold=0.55, clarify_threshold=0.05)
LEXICAL = Calibration(0.09, (1.19, 0.06, 0.27, 0.81), answer_threshold=0.6, clarify_threshold=0.05)
