"""What is wrong or weak in a knowledge folder, beyond what stops it from loading."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from bot.advice.knowledge import COUNTRIES, LANGUAGES, Knowledge, KnowledgeError, Problem, Topic, load
from bot.advice.text import fold, words

SOON = datetime.timedelta(days=14)
# What a complete topic has (docs/knowledge.md); fewer phrases still work, only worse.
FEWEST_PHRASES = {"es": 25, "en": 12, "pt": 12}
LONGEST_ADVICE = 400
# A phone shows this much without scrolling.
LONGEST_CANNED = 600


def check(folder: Path, *, day: datetime.date) -> list[Problem]:
    """Return every problem of `folder`, errors first."""
    try:
        knowledge = load(folder)
    except KnowledgeError as error:
        return error.problems
    problems = [
        *_duplicate_phrases(knowledge),
        *_topics(knowledge),
        *_resources(knowledge, day),
        *_unserved(knowledge, day),
        *_unreached(knowledge),
        *_aliases(knowledge),
        *_messages(knowledge),
        *_canned(knowledge),
    ]
    order = ("error", "warning", "wanted")
    return sorted(problems, key=lambda problem: (order.index(problem.severity), problem.file, problem.line))


def _complete(knowledge: Knowledge) -> bool:
    """A folder with topics alone (titles and phrases) is held to nothing more."""
    return bool(knowledge.resources or knowledge.messages)


def _duplicate_phrases(knowledge: Knowledge) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for owner, phrases, kind in _owners(knowledge):
        for language, texts in phrases.items():
            for text in texts:
                key = f"{language} {' '.join(words(text)) or text}"
                if key in seen and seen[key] == owner:
                    yield Problem(
                        *_place(knowledge, kind, owner, text), f"phrase {text!r} is there twice", "warning"
                    )
                elif key in seen:
                    message = f"phrase {text!r} of {owner} is also one of {seen[key]}"
                    yield Problem(*_place(knowledge, kind, owner, text), message, "error")
                seen.setdefault(key, owner)


def _place(knowledge: Knowledge, kind: str, owner: str, text: str) -> tuple[str, int]:
    return knowledge.at("phrase", text) if kind == "topic" else knowledge.at(kind, owner)


def _owners(knowledge: Knowledge) -> Iterator[tuple[str, dict[str, list[str]], str]]:
    for topic in knowledge.topics.values():
        yield topic.id, topic.phrases, "topic"
    for name, refusal in knowledge.out_of_scope.items():
        yield name, refusal.phrases, "out_of_scope"
    for name, wording in knowledge.smalltalk.items():
        yield name, wording.phrases, "smalltalk"
    for name, care in knowledge.sensitive.items():
        yield name, care.phrases, "sensitive"
        yield name, care.cries, "sensitive"


def _topics(knowledge: Knowledge) -> Iterator[Problem]:
    if not _complete(knowledge):
        return
    for topic in knowledge.topics.values():
        for message in _gaps(topic):
            yield Problem(*knowledge.at("topic", topic.id), f"topic {topic.id}: {message}", "warning")


def _gaps(topic: Topic) -> Iterator[str]:
    for language in LANGUAGES:
        if language not in topic.title:
            yield f"no title in {language}"
        if language not in topic.advice:
            yield f"no advice in {language}"
        elif len(topic.advice[language]) > LONGEST_ADVICE:
            yield f"advice in {language} is longer than {LONGEST_ADVICE} characters"
        count = len(topic.phrases.get(language, ()))
        if count < FEWEST_PHRASES[language]:
            yield f"{count} phrases in {language}, {FEWEST_PHRASES[language]} are needed"


def _resources(knowledge: Knowledge, day: datetime.date) -> Iterator[Problem]:
    addresses: dict[str, str] = {}
    for resource in knowledge.resources.values():
        place = knowledge.at("resource", resource.id)
        if resource.source == "wanted":
            yield Problem(*place, f"address wanted for {resource.id}; it links {resource.url}", "wanted")
        elif resource.url in addresses and resource.status == "published":
            yield Problem(*place, f"{resource.id} has the address of {addresses[resource.url]}", "warning")
        else:
            addresses[resource.url] = resource.id
        if resource.valid_until and resource.valid_until < day:
            yield Problem(
                *place, f"{resource.id} expired on {resource.valid_until} and is not shown", "warning"
            )
        if resource.review_by < day:
            yield Problem(*place, f"{resource.id} was to be reviewed by {resource.review_by}", "warning")
        elif resource.review_by <= day + SOON:
            yield Problem(*place, f"{resource.id} is to be reviewed by {resource.review_by}", "warning")
        for language in LANGUAGES:
            if language not in resource.summary:
                yield Problem(*place, f"{resource.id} has no summary in {language}", "warning")


def _unserved(knowledge: Knowledge, day: datetime.date) -> Iterator[Problem]:
    if not knowledge.resources:
        return
    for topic in knowledge.topics.values():
        shown = [
            item for item in knowledge.resources.values() if topic.id in item.topics and item.shown_on(day)
        ]
        place = knowledge.at("topic", topic.id)
        if not shown:
            yield Problem(*place, f"no resource for topic {topic.id}", "warning")
            continue
        missing = [code for code in COUNTRIES if not any(item.serves(code) for item in shown)]
        if missing:
            yield Problem(*place, f"topic {topic.id} has no resource for {', '.join(missing)}", "warning")


def _unreached(knowledge: Knowledge) -> Iterator[Problem]:
    """Yield what no topic reaches; archived is on purpose, and what expired is told of already."""
    for resource in knowledge.resources.values():
        if resource.status == "draft":
            place = knowledge.at("resource", resource.id)
            yield Problem(*place, f"{resource.id} is a draft: no topic reaches it", "warning")


def _aliases(knowledge: Knowledge) -> Iterator[Problem]:
    titles = {fold(title): topic.id for topic in knowledge.topics.values() for title in topic.title.values()}
    for resource in knowledge.resources.values():
        for alias in resource.aliases:
            if fold(alias) in titles:
                message = f"alias {alias!r} of {resource.id} is the title of topic {titles[fold(alias)]}"
                yield Problem(*knowledge.at("resource", resource.id), message, "warning")


def _braces(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _canned(knowledge: Knowledge) -> Iterator[Problem]:
    for id, canned in knowledge.canned.items():
        for language in LANGUAGES:
            if language not in canned.text or language not in canned.title:
                message = f"canned reply {id} is missing in {language}"
                yield Problem(*knowledge.at("canned", id), message, "error")
            elif len(canned.text[language]) > LONGEST_CANNED:
                message = f"canned reply {id} is longer than {LONGEST_CANNED} letters in {language}"
                yield Problem(*knowledge.at("canned", id), message, "error")


def _messages(knowledge: Knowledge) -> Iterator[Problem]:
    every = {key for texts in knowledge.messages.values() for key in texts}
    for key in sorted(every):
        filled = {
            language: _braces(texts[key]) for language, texts in knowledge.messages.items() if key in texts
        }
        first = next(iter(filled))
        for language, names in filled.items():
            if names != filled[first]:
                message = f"message {key} fills in {_listed(names)}, but {_listed(filled[first])} in {first}"
                yield Problem(*knowledge.at("message", language, key), message, "error")
    for language, texts in knowledge.messages.items():
        for key in sorted(every - set(texts)):
            yield Problem(f"messages/{language}.yaml", 1, f"message {key} is missing in {language}", "error")
