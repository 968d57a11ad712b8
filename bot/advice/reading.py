"""One question as the heads read it: how likely each label is, those of one kind side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.advice.classifier import Matrix, Scores, spans
from bot.advice.encoders import Vectors
from bot.advice.phrases import TOPIC


class Labels:
    """What the heads' columns stand for; `joined` are their kinds and names, a tab between, in order."""

    def __init__(self, joined: Sequence[str]):
        kinds = [label.partition("\t")[0] for label in joined]
        self.names = [label.partition("\t")[2] for label in joined]
        self._spans = dict(zip(dict.fromkeys(kinds), spans(kinds), strict=True))
        self.column = {self.names[n]: n for n, kind in enumerate(kinds) if kind == TOPIC}
        """The column of each topic."""

    def span(self, kind: str) -> slice:
        """Return where the columns of `kind` are."""
        return self._spans.get(kind, slice(0, 0))


@dataclass(frozen=True)
class Reading:
    """One question as the steps see it: the probability of each label, lifted by the names.

    `vectors` are those of the encoders that were asked, by their names.
    """

    text: str
    vectors: Mapping[str, Vectors]
    scores: Scores
    probability: Matrix
    labels: Labels

    def best(self, kind: str) -> tuple[str, float]:
        """Return the likeliest label of `kind` and its probability."""
        span = self.labels.span(kind)
        if span.start == span.stop:
            return "", 0.0
        column = span.start + int(self.probability[span].argmax())
        return self.labels.names[column], float(self.probability[column])

    def mass(self, kind: str) -> float:
        """Return how likely it is that the question is of `kind` at all."""
        return float(self.probability[self.labels.span(kind)].sum())

    def of(self, topic: str) -> float:
        """Return the probability of one topic."""
        return float(self.probability[self.labels.column[topic]])

    def topics(self) -> list[tuple[str, float]]:
        """Return every topic with its probability, best first."""
        span = self.labels.span(TOPIC)
        likely = self.probability[span]
        order = np.argsort(-likely, kind="stable")
        names = self.labels.names[span]
        return [(names[n], p) for n, p in zip(order.tolist(), likely[order].tolist(), strict=True)]
