"""What is offered while somebody types after the bot's name in any chat: resources, each with its card.

Nothing is recorded: half a word is not a question, and the chat is not ours.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from bot.advice.advice import Answer, Clarify
from bot.advice.knowledge import Resource
from bot.advice.setting import Profile, Setting
from bot.advice.text import words
from bot.conversation.dialogue import Speaker
from bot.conversation.messages import FALLBACK
from bot.conversation.records import Person
from bot.conversation.replies import Line, Reply, Span

# What a phone shows at once, and a little more.
OFFERED = 8
# What is offered before anything is typed: the first resource of each of these topics.
FIRST = ("loans", "tax-registration", "online-sales", "business-training", "women-networks", "export")
# Fewer letters are the beginning of too many words.
SHORTEST = 3


@dataclass(frozen=True)
class Offer:
    """One resource: its id, its title, one line about it, and the message it becomes where it is chosen."""

    id: str
    title: str
    line: str
    card: Reply


def offers(speaker: Speaker, person: Person, text: str, *, day: datetime.date) -> tuple[Offer, ...]:
    """Return what fits `text`, best first; with no text yet, what people ask for most."""
    language = person.language or FALLBACK
    setting = Setting(language, person.country or person.heard, person.audience)
    found = _fitting(speaker, setting, text, day=day) if text.strip() else _first(speaker, setting, day=day)
    resources = speaker.advisor.knowledge.resources
    return tuple(_offer(speaker, resources[id], language) for id in list(dict.fromkeys(found))[:OFFERED])


def _first(speaker: Speaker, setting: Setting, *, day: datetime.date) -> Iterable[str]:
    for topic in FIRST:
        if topic in speaker.advisor.knowledge.topics:
            yield from speaker.advisor.answer_topic(topic, setting, question="", day=day).resources[:1]


def _fitting(speaker: Speaker, setting: Setting, text: str, *, day: datetime.date) -> list[str]:
    profile = Profile(setting.country, setting.audience, setting.language)
    advice = speaker.advisor.advise(text, day=day, profile=profile)
    match advice:
        case Answer():
            return [*advice.resources, *_named(speaker, text, setting, day)]
        case Clarify():
            return [
                id
                for topic in advice.options
                for id in speaker.advisor.answer_topic(topic, setting, question=text, day=day).resources[:3]
            ]
    return _named(speaker, text, setting, day)


def _named(speaker: Speaker, text: str, setting: Setting, day: datetime.date) -> list[str]:
    """Return the resources one of whose words begins like each word of `text`: it may not be all typed."""
    typed = [word for word in words(text) if len(word) >= SHORTEST]
    if not typed:
        return []
    return [
        resource.id
        for resource in speaker.advisor.knowledge.resources.values()
        if resource.shown_on(day) and resource.serves(setting.country) and _begins(typed, resource)
    ]


def _begins(typed: list[str], resource: Resource) -> bool:
    names = (*resource.title.values(), resource.organisation, resource.publisher, *resource.aliases)
    known = [word for name in names for word in words(name)]
    return all(any(word.startswith(part) for word in known) for part in typed)


def _offer(speaker: Speaker, resource: Resource, language: str) -> Offer:
    title = resource.title.get(language) or next(iter(resource.title.values()))
    summary = resource.summary.get(language) or next(iter(resource.summary.values()))
    said: list[Line] = [(Span(title, "strong"),), (Span(resource.organisation, "soft"),), (Span(summary),)]
    if language not in resource.languages:
        say = speaker.messages.say
        tongues = speaker.messages.listed(
            language, [say(language, f"tongue.{tag}") for tag in resource.languages]
        )
        said.append((Span(say(language, "answer.only_in", languages=tongues), "soft"),))
    line = f"{resource.publisher or resource.organisation}: {summary}"
    return Offer(resource.id, title, line, Reply(tuple(said), (speaker.answers.link(resource, language),)))
