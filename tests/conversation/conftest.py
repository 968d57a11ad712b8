"""Speakers of a small knowledge folder, for one thing at a time, and of the shipped one."""

import dataclasses
from pathlib import Path

import pytest
from talk import Talk

from bot.advice import knowledge
from bot.advice.advisor import Advisor
from bot.advice.calibration import Calibration
from bot.advice.knowledge import Knowledge
from bot.conversation.dialogue import Speaker

SMALL = Path(__file__).parent / "knowledge"


@pytest.fixture(scope="session")
def shipped_speaker(lexical_advisor: Advisor) -> Speaker:
    """The shipped knowledge, read by words alone."""
    return Speaker.of(lexical_advisor)


@pytest.fixture(scope="session")
def small(shipped: Knowledge) -> Knowledge:
    """The small knowledge with the shipped messages."""
    return dataclasses.replace(knowledge.load(SMALL), messages=shipped.messages)


@pytest.fixture(scope="session")
def speaker(small: Knowledge) -> Speaker:
    return Speaker.of(Advisor(small))


@pytest.fixture(scope="session")
def unsure(small: Knowledge) -> Speaker:
    """A speaker that always asks back."""
    return _speaker(small, answer=1.0, clarify=0.0)


@pytest.fixture(scope="session")
def unknowing(small: Knowledge) -> Speaker:
    """A speaker that is never sure enough even to ask back."""
    return _speaker(small, answer=1.0, clarify=1.0)


@pytest.fixture
def talk(speaker: Speaker) -> Talk:
    """A person who reads Spanish and whose country is not known."""
    return Talk(speaker)


@pytest.fixture
def asked_back(unsure: Speaker) -> Talk:
    """The talk after a question that was asked back."""
    talk = Talk(unsure)
    talk.say("necesito un crédito en uruguay")
    return talk


def _speaker(small: Knowledge, *, answer: float, clarify: float) -> Speaker:
    thresholds = dataclasses.replace(
        Calibration.default(semantic=False), answer_threshold=answer, clarify_threshold=clarify
    )
    return Speaker.of(Advisor(small, calibration=thresholds))
