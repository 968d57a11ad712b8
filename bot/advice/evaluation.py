"""The project's own figures: how well labelled questions are advised on, and which phrases mislead.

A labelled question is {"id", "text", "language", "profile", "gold": {"outcome", "topics",
"language", "country", "audience", "resources_any"}, "tags"}. Every figure is a share in per cent
with the number of questions it is taken over.
"""

import datetime
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bot.advice.advice import Advice, Answer, Clarify
from bot.advice.advisor import Advisor
from bot.advice.batch import profile_of
from bot.advice.classifier import LexicalHead
from bot.advice.knowledge import Knowledge, Problem
from bot.advice.phrases import training_phrases

Row = Mapping[str, Any]
Figures = dict[str, tuple[float, int]]
BINS = 10
FOLDS = 5
SURE_OF_ANOTHER = 0.6


@dataclass(frozen=True)
class Outcome:
    """One question with what was advised and how long it took, in milliseconds."""

    row: Row
    advice: Advice
    ms: float

    @property
    def gold(self) -> Mapping[str, Any]:
        """What a person said is right."""
        return dict(self.row["gold"])

    @property
    def answered_right(self) -> bool:
        """Answered, with a right topic first."""
        return isinstance(self.advice, Answer) and self.advice.topics[0] in self.gold["topics"]

    @property
    def fitting_resource(self) -> bool:
        """A fitting resource is among the first three shown."""
        return isinstance(self.advice, Answer) and bool(
            set(self.gold["resources_any"]) & set(self.advice.resources[:3])
        )

    @property
    def helped(self) -> bool:
        """Answered right, a fitting resource shown, or the right topic offered."""
        offered = isinstance(self.advice, Clarify) and bool(
            set(self.advice.options) & set(self.gold["topics"])
        )
        return self.answered_right or offered or self.fitting_resource


@dataclass
class Report:
    """Figures for all questions and for each language and tag; confusions; reliability; misses."""

    figures: dict[str, Figures]
    per_topic: dict[str, tuple[float, int]]
    confusions: list[tuple[str, str, int]]
    reliability: list[tuple[float, float, int]]
    misses: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "figures": self.figures,
            "per_topic": self.per_topic,
            "confusions": self.confusions,
            "reliability": self.reliability,
            "misses": self.misses,
        }

    def as_text(self) -> str:
        """Return the report as a person reads it."""
        told = []
        for name, figures in self.figures.items():
            told.append(
                f"{name}: "
                + "  ".join(f"{key} {value:.1f} (n={count})" for key, (value, count) in figures.items())
            )
        told.append("\nhelped, by topic (weakest first):")
        told += [f"  {topic:22s} {value:5.1f} (n={n})" for topic, (value, n) in _weakest(self.per_topic)]
        told.append(
            "confusions: " + ", ".join(f"{gold} -> {got} {n}" for gold, got, n in self.confusions[:8])
        )
        told.append("reliability (said, was, questions):")
        told += [f"  {said:.2f} {was:.2f} {n}" for said, was, n in self.reliability]
        return "\n".join(told)


def evaluate(advisor: Advisor, rows: Sequence[Row], *, day: datetime.date) -> Report:
    """Return the figures of `advisor` over labelled questions."""
    outcomes = [_outcome(advisor, row, day) for row in rows]
    groups: dict[str, list[Outcome]] = {"all": outcomes}
    for item in outcomes:
        groups.setdefault(f"language {item.gold['language']}", []).append(item)
        for tag in item.row.get("tags", ()):
            groups.setdefault(f"tag {tag}", []).append(item)
    return Report(
        figures={name: figures_of(group) for name, group in sorted(groups.items())},
        per_topic=_per_topic(outcomes),
        confusions=_confusions(outcomes),
        reliability=_reliability(outcomes),
        misses=[f"{item.row['id']} {item.advice.outcome}" for item in outcomes if not _good(item)],
    )


def _outcome(advisor: Advisor, row: Row, day: datetime.date) -> Outcome:
    start = time.perf_counter()
    advice = advisor.advise(row["text"], day=day, profile=profile_of(dict(row)))
    return Outcome(row, advice, (time.perf_counter() - start) * 1000)


def _good(item: Outcome) -> bool:
    kind = item.gold["outcome"]
    if kind == "answer":
        return item.helped
    if kind == "no_match":
        return item.advice.outcome != "answer"
    return item.advice.outcome == kind or (kind == "clarify" and item.answered_right)


def figures_of(outcomes: Sequence[Outcome]) -> Figures:
    """Return the figures over a group of questions; a figure nothing counts for is left out."""
    hits: dict[str, list[bool]] = defaultdict(list)
    for item in outcomes:
        _count(item, hits)
    figures = {name: (100 * sum(values) / len(values), len(values)) for name, values in hits.items()}
    inside = [item.advice.confidence for item in outcomes if item.gold["outcome"] == "answer"]
    outside = [item.advice.confidence for item in outcomes if item.gold["outcome"] == "no_match"]
    if inside and outside:
        figures["auroc"] = (100 * area_under_curve(inside, outside), len(inside) + len(outside))
    if outcomes:
        figures["ms p50"] = (statistics.median(item.ms for item in outcomes), len(outcomes))
    return figures


def _count(item: Outcome, hits: dict[str, list[bool]]) -> None:
    gold, advice, kind = item.gold, item.advice, item.gold["outcome"]
    if kind == "answer":
        ranked = [candidate.topic for candidate in advice.candidates]
        hits["top1"].append(bool(ranked) and ranked[0] in gold["topics"])
        hits["top3"].append(bool(set(ranked[:3]) & set(gold["topics"])))
        hits["right"].append(item.answered_right)
        hits["helped"].append(item.helped)
        hits["wrong"].append(
            isinstance(advice, Answer) and not item.answered_right and not item.fitting_resource
        )
        if gold["resources_any"]:
            hits["resources@3"].append(item.fitting_resource)
        if "multi" in item.row.get("tags", ()) and len(gold["topics"]) > 1:
            answered = advice.topics if isinstance(advice, Answer) else ()
            hits["multi"].append(set(gold["topics"][:2]) <= set(answered))
    elif kind == "no_match":
        hits["false answer"].append(isinstance(advice, Answer))
    elif kind == "clarify":
        hits["clarify"].append(advice.outcome == "clarify" or item.answered_right)
    else:
        hits[kind].append(advice.outcome == kind)
    if kind in ("answer", "clarify"):
        hits["country"].append(advice.setting.country == gold["country"])
        hits["audience"].append(advice.setting.audience == gold["audience"])
        hits["language"].append(advice.setting.language == gold["language"])


def area_under_curve(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Return how often a question in scope has more confidence than one out of it; ties count half.

    The area under the receiver operating characteristic (Hanley and McNeil 1982).
    """
    low = np.sort(np.asarray(outside))
    values = np.asarray(inside)
    below = np.searchsorted(low, values, side="left")
    upto = np.searchsorted(low, values, side="right")
    return float((below + upto).sum() / (2 * len(values) * len(low)))


def _per_topic(outcomes: Iterable[Outcome]) -> dict[str, tuple[float, int]]:
    helped: dict[str, list[bool]] = defaultdict(list)
    for item in outcomes:
        if item.gold["outcome"] == "answer":
            helped[item.gold["topics"][0]].append(item.helped)
    return {topic: (100 * sum(values) / len(values), len(values)) for topic, values in sorted(helped.items())}


def _weakest(per_topic: Mapping[str, tuple[float, int]]) -> list[tuple[str, tuple[float, int]]]:
    return sorted(per_topic.items(), key=lambda item: item[1])


def _confusions(outcomes: Iterable[Outcome]) -> list[tuple[str, str, int]]:
    pairs = Counter(
        (item.gold["topics"][0], item.advice.candidates[0].topic)
        for item in outcomes
        if item.gold["outcome"] == "answer"
        and item.advice.candidates
        and item.advice.candidates[0].topic not in item.gold["topics"]
    )
    return [(gold, got, count) for (gold, got), count in pairs.most_common()]


def _reliability(outcomes: Iterable[Outcome]) -> list[tuple[float, float, int]]:
    """Return per tenth of confidence: the mean said, the share that was right, the number of questions."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for item in outcomes:
        if item.gold["outcome"] in ("answer", "no_match"):
            said = item.advice.confidence
            right = bool(item.advice.candidates) and item.advice.candidates[0].topic in item.gold["topics"]
            bins[min(int(said * BINS), BINS - 1)].append((said, right))
    return [
        (
            statistics.fmean(said for said, _ in values),
            sum(right for _, right in values) / len(values),
            len(values),
        )
        for _, values in sorted(bins.items())
    ]


def misplaced_phrases(knowledge: Knowledge) -> list[Problem]:
    """Return the phrases that win for another topic when the heads have not seen them (five folds)."""
    phrases = training_phrases(knowledge)
    texts = [text for _, text, _ in phrases]
    labels = np.array(["\t".join(label) for _, _, label in phrases])
    problems = []
    for fold in range(FOLDS):
        held = np.arange(len(texts)) % FOLDS == fold
        head = LexicalHead(
            [text for text, out in zip(texts, held, strict=True) if not out], labels[~held].tolist()
        )
        asked = np.flatnonzero(held)
        for n in asked:
            row = head.probabilities(head.features.row(texts[n]))
            won = int(row.argmax())
            kind, owner = str(labels[n]).split("\t")
            if head.labels[won] != labels[n] and row[won] >= SURE_OF_ANOTHER and kind == "topic":
                winner = head.labels[won].split("\t")[1]
                place = knowledge.at("phrase", texts[n])
                problems.append(
                    Problem(*place, f"phrase {texts[n]!r} of {owner} wins for {winner}", "warning")
                )
    return sorted(problems, key=lambda problem: (problem.file, problem.line))
