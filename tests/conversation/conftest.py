"""Two speakers: of a small knowledge folder, for one thing at a time, and of the shipped one."""

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
SHIPPED = Path(__file__).parents[2] / "knowledge"
LEXICAL = Calibration.default(semantic=False)


@pytest.fixture(scope="session")
def shipped() -> Speaker:
    """The shipped knowledge, read by words alone."""
    return Speaker.of(Advisor(knowledge.load(SHIPPED)))


@pytest.fixture(scope="session")
def small(shipped: Speaker) -> Knowledge:
    """The small knowledge with the shipped messages."""
    return dataclasses.replace(knowledge.load(SMALL), messages=shipped.advisor.knowledge.messages)


@pytest.fixture(scope="session")
def speaker(small: Knowledge) -> Speaker:
    return Speaker.of(Advisor(small))


@pytest.fixture(scope="session")
def unsure(small: Knowledge) -> Speaker:
    """A speaker that always asks back."""
    thresholds = dataclasses.replace(LEXICAL, answer_threshold=1.0, clarify_threshold=0.0)
    return Speaker.of(Advisor(small, calibration=thresholds))


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
