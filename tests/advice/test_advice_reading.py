"""What is likeliest of each kind, of one question's probabilities."""

import numpy as np
import pytest

from bot.advice.classifier import Scores
from bot.advice.features import Row
from bot.advice.phrases import OUT, SMALL, TOPIC
from bot.advice.reading import Labels, Reading

LABELS = Labels(["out\tjobs", "out\tvisas", "topic\tcustoms", "topic\tloans", "topic\ttaxes"])
PROBABILITY = np.array([0.1, 0.2, 0.05, 0.6, 0.05])
NOTHING = Row(np.zeros(0, dtype=np.int32), np.zeros(0))
READING = Reading("", {}, Scores(NOTHING, PROBABILITY, PROBABILITY), PROBABILITY, LABELS)


@pytest.mark.parametrize(
    ("kind", "best", "mass"),
    [(OUT, ("visas", 0.2), 0.3), (TOPIC, ("loans", 0.6), 0.7), (SMALL, ("", 0.0), 0.0)],
)
def test_each_kind_is_read_by_itself(kind: str, best: tuple[str, float], mass: float) -> None:
    assert READING.best(kind) == best
    assert READING.mass(kind) == pytest.approx(mass)


def test_topics_come_best_first_and_where_as_likely_by_their_names() -> None:
    assert READING.topics() == [("loans", 0.6), ("customs", 0.05), ("taxes", 0.05)]


def test_a_topic_has_its_probability() -> None:
    assert [READING.of(topic) for topic in ("customs", "loans")] == [0.05, 0.6]
