"""What the classifier learns from: every phrase of the knowledge with its label, and the words they use."""

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.advice import dictionary, slips
from bot.advice import text as text_module
from bot.advice import wording as wording_module
from bot.advice.kept import Kept, written
from bot.advice.knowledge import Knowledge
from bot.advice.text import words
from bot.advice.wording import counted

# Kinds of labels: what is needed, what is out of scope, small talk, what needs care.
TOPIC, OUT, SMALL, CARE = "topic", "out", "small", "care"
GENERAL_SHARE, GENERAL_PEAK = 0.25, 0.22

# Language, phrase, label.
Phrase = tuple[str, str, tuple[str, str]]


def training_phrases(knowledge: Knowledge) -> list[Phrase]:
    """Return (language, phrase, label) for all that the classifier learns from."""
    found: list[Phrase] = []

    def add(kind: str, name: str, phrases: Mapping[str, Sequence[str]]) -> None:
        found.extend((language, text, (kind, name)) for language, texts in phrases.items() for text in texts)

    for topic in knowledge.topics.values():
        add(TOPIC, topic.id, topic.phrases)
        add(TOPIC, topic.id, {language: [title] for language, title in topic.title.items()})
    for name, refusal in knowledge.out_of_scope.items():
        add(OUT, name, refusal.phrases)
    for name, wording in knowledge.smalltalk.items():
        add(SMALL, name, wording.phrases)
    for name, care in knowledge.sensitive.items():
        add(CARE, name, care.phrases)
    return found


def by_language(knowledge: Knowledge, phrases: Sequence[Phrase]) -> dict[str, list[str]]:
    """Return the phrases of each language of the knowledge."""
    found: dict[str, list[str]] = {language: [] for language in knowledge.languages}
    for language, text, _ in phrases:
        if language in found:
            found[language].append(text)
    return found


def said(phrases: Sequence[Phrase], kept: Kept) -> dict[str, Any]:
    """Return the words of the phrases: `ordinary` all, `general` those that say nothing of the need, `words`.

    `words` are as `counted`. The same phrases' are read once and kept.
    """

    def read() -> dict[str, Any]:
        spoken = [frozenset(words(text)) for _, text, _ in phrases]
        return {
            "ordinary": sorted(frozenset().union(*spoken)),
            "general": sorted(_general(phrases, spoken)),
            "words": counted(text for _, text, _ in phrases),
        }

    return dict(kept.data("said", _made_from(phrases), read))


def standard(
    phrases: Sequence[Phrase], kept: Kept, *, by: Callable[[str, str], str], knowing: Sequence[str]
) -> list[str]:
    """Return the phrases in the knowledge's own words as `by` puts them, which knows `knowing`, too."""

    def put() -> list[str]:
        return [by(text, language) for language, text, _ in phrases]

    return list(kept.data("texts", [*_made_from(phrases), *knowing], put))


def _made_from(phrases: Sequence[Phrase]) -> list[str]:
    code = written(sys.modules[__name__], text_module, wording_module, slips, dictionary)
    return [code, *("\t".join((language, *label, text)) for language, text, label in phrases)]


def _general(phrases: Sequence[Phrase], spoken: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return the words that say nothing of the need: used by many topics, by none far more than others.

    `spoken` are the words of each phrase.
    """
    by_topic: dict[str, Counter[str]] = {}
    for (_, _, (kind, name)), said in zip(phrases, spoken, strict=True):
        if kind == TOPIC:
            by_topic.setdefault(name, Counter()).update(said)
    used: dict[str, list[int]] = {}
    for counts in by_topic.values():
        for word, times in counts.items():
            used.setdefault(word, []).append(times)
    return frozenset(
        word
        for word, counts in used.items()
        if len(counts) >= GENERAL_SHARE * len(by_topic) and max(counts) <= GENERAL_PEAK * sum(counts)
    )
