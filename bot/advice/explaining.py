"""Why a question was advised on as it was: what `ask --explain` and a test pane show."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from bot.advice.advice import Advice, Answer, Candidate, Clarify, NoMatch, Sensitive, Smalltalk
from bot.advice.advisor import Advisor
from bot.advice.calibration import Calibration
from bot.advice.knowledge import Knowledge
from bot.advice.names import NameHit
from bot.advice.setting import Profile, Setting

SHOWN = 3
NOBODY = Profile()


@dataclass(frozen=True)
class Weighed:
    """A topic that was thought of, and what spoke for it.

    `confidence` is the calibrated probability, 0 to 1; `lexical` and `semantic` what each head gave
    (`semantic` None: words alone were read); `in_scope` its share against everything that is not ours;
    `phrase` the nearest phrase, `nearness` its cosine, `place` its file and line.
    """

    topic: str
    title: str
    confidence: float
    lexical: float
    semantic: float | None
    in_scope: float | None
    phrase: str
    nearness: float
    place: tuple[str, int]


@dataclass(frozen=True)
class Placed:
    """A resource in the order it is shown: its score, what made it, and whether it is shown at once."""

    id: str
    title: str
    organisation: str
    url: str
    score: float
    parts: Mapping[str, float]
    shown: bool


@dataclass(frozen=True)
class Explanation:
    """One advice taken apart; every list is in the order of its weight."""

    outcome: str
    reason: str
    read_as: str
    setting: Setting
    confidence: float
    thresholds: tuple[float, float] | None
    names: tuple[NameHit, ...]
    topics: tuple[str, ...]
    candidates: tuple[Weighed, ...]
    resources: tuple[Placed, ...]

    @property
    def winner(self) -> Weighed | None:
        """The likeliest topic, answered or not."""
        return self.candidates[0] if self.candidates else None

    @property
    def runner_up(self) -> Weighed | None:
        """The topic that would have come next."""
        return self.candidates[1] if len(self.candidates) > 1 else None


def tried(
    advisor: Advisor,
    question: str,
    *,
    day: datetime.date,
    profile: Profile = NOBODY,
    previous: str | None = None,
) -> Explanation:
    """Return how `advisor` advises on `question` in this setting, and why."""
    advice = advisor.advise(question, day=day, profile=profile, previous=previous)
    return explain(advice, advisor.knowledge, calibration=advisor.calibration)


def explain(advice: Advice, knowledge: Knowledge, *, calibration: Calibration | None = None) -> Explanation:
    """Return why `advice` is what it is; the thresholds are told where `calibration` is given."""
    thresholds = (calibration.answer_threshold, calibration.clarify_threshold) if calibration else None
    return Explanation(
        outcome=advice.outcome,
        reason=_reason(advice, calibration),
        read_as=advice.read_as,
        setting=advice.setting,
        confidence=advice.confidence,
        thresholds=thresholds,
        names=advice.names,
        topics=_topics(advice),
        candidates=tuple(_weighed(item, advice, knowledge) for item in advice.candidates),
        resources=_placed(advice, knowledge) if isinstance(advice, Answer) else (),
    )


def lines(explanation: Explanation) -> list[str]:
    """Return the explanation as a person reads it in a terminal."""
    setting = explanation.setting
    told = [
        f"read as      {explanation.read_as}",
        f"setting      {setting.language} {setting.country or '-'} {setting.audience or '-'}",
    ]
    told += [
        f"  clue       {clue.kind} {clue.value}: {clue.text!r} ({clue.weight:.1f})" for clue in setting.clues
    ]
    told += [
        f"  name       {hit.asked!r} is {hit.name!r} ({hit.strength:.2f}): {', '.join(hit.resources[:SHOWN])}"
        for hit in explanation.names
    ]
    told.append(f"outcome      {explanation.outcome}: {explanation.reason}")
    if explanation.thresholds:
        answer, clarify = explanation.thresholds
        told.append(f"thresholds   answer {answer:.2f}, clarify {clarify:.2f}")
    told.append("candidates   confidence lexical semantic in-scope nearness  the nearest phrase")
    told += [_row(item) for item in explanation.candidates]
    if explanation.resources:
        told.append("resources    score and what made it")
        told += [
            f"  {item.id:34s} {item.score:.2f} = {_parts(item.parts)}" for item in explanation.resources[:5]
        ]
    return told


def _row(item: Weighed) -> str:
    file, line = item.place
    return (
        f"  {item.topic:22s} {item.confidence:.2f}       {item.lexical:.2f}    {_share(item.semantic)}     "
        f"{_share(item.in_scope)}     {item.nearness:.2f}      {item.phrase[:60]}  ({file}:{line})"
    )


def _share(value: float | None) -> str:
    return "   -" if value is None else f"{value:.2f}"


def _parts(parts: Mapping[str, float]) -> str:
    return " ".join(f"{name} {value:+.2f}" for name, value in parts.items() if abs(value) >= 0.005)


def _topics(advice: Advice) -> tuple[str, ...]:
    if isinstance(advice, Answer):
        return advice.topics
    return advice.options if isinstance(advice, Clarify) else ()


def _reason(advice: Advice, calibration: Calibration | None) -> str:
    said = f"confidence {advice.confidence:.2f}"
    if isinstance(advice, Answer):
        return _answered(advice, said, calibration)
    if isinstance(advice, Clarify):
        return f"{said} is too little to answer and enough to ask back"
    if isinstance(advice, NoMatch):
        return f"looks like {advice.group}, which is not ours" if advice.group else f"{said} is too little"
    if isinstance(advice, Smalltalk | Sensitive):
        return f"reads as {advice.kind}"
    return "a wish for a person"


def _answered(advice: Answer, said: str, calibration: Calibration | None) -> str:
    if advice.followed_up:
        return "leans on the question before it"
    if advice.either:
        return f"{said} is too little for one topic alone, and the second is close"
    if calibration is not None and advice.confidence < calibration.answer_threshold:
        return f"called by name ({', '.join(hit.name for hit in advice.names)}); {said} alone would not do"
    second = ", and a part asks for a second need" if len(advice.topics) > 1 else ""
    return f"{said} is enough{second}"


def _weighed(item: Candidate, advice: Advice, knowledge: Knowledge) -> Weighed:
    return Weighed(
        topic=item.topic,
        title=_title(knowledge.topics[item.topic].title, advice.setting.language),
        confidence=item.confidence,
        lexical=item.lexical,
        semantic=item.semantic,
        in_scope=item.evidence.share if item.evidence else None,
        phrase=item.phrase,
        nearness=item.nearness,
        place=_place(item, knowledge),
    )


def _place(item: Candidate, knowledge: Knowledge) -> tuple[str, int]:
    """Return where the phrase stands; a title is a phrase too, and stands with its topic."""
    key = ("phrase", item.phrase)
    return knowledge.at(*key) if key in knowledge.where else knowledge.at("topic", item.topic)


def _placed(advice: Answer, knowledge: Knowledge) -> tuple[Placed, ...]:
    return tuple(
        Placed(
            id=item.id,
            title=_title(resource.title, advice.setting.language),
            organisation=resource.organisation,
            url=resource.url,
            score=item.score,
            parts=item.parts,
            shown=place < SHOWN,
        )
        for place, item in enumerate(advice.ranked)
        for resource in [knowledge.resources[item.id]]
    )


def _title(titles: Mapping[str, str], language: str) -> str:
    return titles.get(language) or next(iter(titles.values()))
