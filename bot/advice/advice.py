"""What the core decides about one question: an `Advice` of one of six outcomes."""

from dataclasses import dataclass, field
from typing import ClassVar

from bot.advice.calibration import Evidence
from bot.advice.names import NameHit
from bot.advice.ranking import Ranked
from bot.advice.setting import Setting


@dataclass(frozen=True)
class Candidate:
    """A topic with the calibrated probability that it is right and the question in scope."""

    topic: str
    confidence: float
    phrase: str = ""
    nearness: float = 0.0
    lexical: float = 0.0
    semantic: float | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Advice:
    """What every outcome has: the setting, the best candidates first, and how sure the first is."""

    outcome: ClassVar[str] = ""
    setting: Setting
    candidates: tuple[Candidate, ...] = ()
    confidence: float = 0.0
    names: tuple[NameHit, ...] = ()
    read_as: str = ""
    """The question in the words of the knowledge, as it was compared."""


@dataclass(frozen=True)
class Answer(Advice):
    """Topics answered, main one first, and every fitting resource in the order to show."""

    outcome = "answer"
    topics: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    ranked: tuple[Ranked, ...] = ()
    women_first: bool = False
    """A women's resource leads because of who asks: the answer says so."""
    followed_up: bool = False
    """The question was read with the topic before it."""
    either: bool = False
    """The question asks for one of the two topics, and could not be told which."""


@dataclass(frozen=True)
class Clarify(Advice):
    """Two to four topics to choose from, best first."""

    outcome = "clarify"
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoMatch(Advice):
    """Nothing sure enough. `group` names what it looks like that is not ours; None: not known."""

    outcome = "no_match"
    group: str | None = None


@dataclass(frozen=True)
class Smalltalk(Advice):
    """A greeting, thanks, a test: `kind` as in smalltalk.yaml."""

    outcome = "smalltalk"
    kind: str = ""


@dataclass(frozen=True)
class Handoff(Advice):
    """A wish to talk to a person."""

    outcome = "handoff"


@dataclass(frozen=True)
class Sensitive(Advice):
    """A message that needs care: `kind` as in sensitive.yaml, `helplines` resource ids for the country."""

    outcome = "sensitive"
    kind: str = ""
    helplines: tuple[str, ...] = field(default=())
