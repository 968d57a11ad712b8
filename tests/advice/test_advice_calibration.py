"""Confidence: a probability that rises with the evidence."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.calibration import Calibration, Evidence, curve

SHARE = st.floats(0, 1)


@given(SHARE, SHARE, SHARE, st.floats(-1, 1))
@pytest.mark.parametrize("semantic", [True, False])
def test_confidence_is_a_probability(
    semantic: bool, share: float, probability: float, lead: float, nearness: float
) -> None:
    evidence = Evidence(share=share, probability=probability, closeness=lead, nearness=nearness)
    assert 0 <= Calibration.default(semantic=semantic).confidence(evidence) <= 1


@given(st.floats(0, 0.9))
@pytest.mark.parametrize("semantic", [True, False])
def test_more_probability_is_never_less_confidence(semantic: bool, probability: float) -> None:
    calibration = Calibration.default(semantic=semantic)
    less = Evidence(share=probability, probability=probability, closeness=0.5, nearness=0.5)
    more = Evidence(share=probability + 0.1, probability=probability + 0.1, closeness=0.5, nearness=0.5)
    assert calibration.confidence(more) >= calibration.confidence(less)


@pytest.mark.parametrize("semantic", [True, False])
def test_the_thresholds_leave_room_to_ask_back(semantic: bool) -> None:
    calibration = Calibration.default(semantic=semantic)
    assert 0 < calibration.clarify_threshold < calibration.answer_threshold < 1


def test_the_curve() -> None:
    assert curve(0, (), ()) == 0.5
    assert curve(1.0, (2.0,), (0.5,)) == pytest.approx(1 / (1 + math.exp(-2)))
    assert curve(1e6, (), ()) == pytest.approx(1.0)
    assert curve(-1e6, (), ()) == pytest.approx(0.0)


def test_every_number_has_its_weight() -> None:
    numbers = Evidence(share=0.5, probability=0.5, closeness=0.0, nearness=0.0).numbers()
    assert numbers == (0, 0, 0, 0)
    with pytest.raises(ValueError, match="zip"):
        curve(0, (1.0,), numbers)
