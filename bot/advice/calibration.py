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

    `share`: its probability over its own and that of the likeliest group of what is not ours;
    `closeness`: the second candidate's probability over its own; `nearness`: the cosine to its nearest
    phrase. Against all that is not ours together, instead of the likeliest group, it told in from out of
    scope less well (AUROC 97.4 against 98.5): a question of ours that is put unusually is a little like
    very many groups. How far the heads agree and how strongly a name points there added nothing.
    """

    share: float
    probability: float
    closeness: float
    nearness: float

    def numbers(self) -> tuple[float, ...]:
        """Return the evidence on scales a straight line can weigh."""
        return (
            _log_odds(self.share),
            _log_odds(self.probability),
            self.closeness,
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
    def default(cls, *, semantic: bool, scoped: bool = True) -> "Calibration":
        """Return the shipped calibration for both heads, or for the lexical head alone.

        Where the knowledge does not say what is out of scope (`scoped` False), probability and nearness
        have to say it.
        """
        if not scoped:
            return SEMANTIC_UNSCOPED if semantic else LEXICAL_UNSCOPED
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


SEMANTIC = Calibration(-1.5, (1.17, 0.0, -0.85, 0.33), answer_threshold=0.6, clarify_threshold=0.05)
LEXICAL = Calibration(-0.98, (0.88, 0.26, -1.01, 0.60), answer_threshold=0.6, clarify_threshold=0.05)
# Fitted on CLINC150 (10 phrases a topic, seed 0): questions out of scope, and no phrases for them.
SEMANTIC_UNSCOPED = Calibration(-0.07, (0.0, 1.37, 0.0, 4.40), answer_threshold=0.5, clarify_threshold=0.05)
LEXICAL_UNSCOPED = Calibration(2.0, (0.0, 0.87, -2.11, 2.48), answer_threshold=0.4, clarify_threshold=0.05)
