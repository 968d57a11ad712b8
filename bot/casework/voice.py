"""What the staff's acts sound like to a person: replies, resources and canned texts, in their language."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from bot.advice.knowledge import Canned, Knowledge, Resource
from bot.advice.text import fold
from bot.conversation.answers import Answers
from bot.conversation.messages import FALLBACK, Messages, lines
from bot.conversation.replies import Button, Line, Reply, Span
from bot.errors import BotError


@dataclass(frozen=True)
class Voice:
    """One state of the knowledge, as far as the staff speak from it."""

    knowledge: Knowledge
    messages: Messages
    answers: Answers

    @classmethod
    def of(cls, knowledge: Knowledge) -> Self:
        """Return the voice of a state of the knowledge."""
        messages = Messages(knowledge.messages)
        return cls(knowledge, messages, Answers(knowledge, messages))

    def reply(self, text: str, language: str | None) -> Reply:
        """Return the staff's own words under a line that says whose they are."""
        heading: Line = (Span(self.messages.say(language or FALLBACK, "person.answer"), "strong"),)
        return Reply((heading, *(lines(text) if text else ())))

    def resource(self, resource_id: str, language: str | None) -> Reply:
        """Return a resource the staff chose: title, who offers it, one line, and its link."""
        resource, tongue = self._resource(resource_id), language or FALLBACK
        heading: Line = (Span(self.messages.say(tongue, "person.answer"), "strong"),)
        title: Line = (Span(_in(resource.title, tongue), "strong"), Span(f" ({resource.organisation})"))
        summary: Line = (Span(_in(resource.summary, tongue)),)
        return Reply((heading, title, summary), (self.link(resource, tongue),))

    def link(self, resource: Resource, language: str) -> tuple[Button, ...]:
        """Return the row with the resource's link."""
        return self.answers.link(resource, language)

    def resource_title(self, resource_id: str, language: str) -> str:
        """Return a resource's title in the language, or in the first it has."""
        found = self.knowledge.resources.get(resource_id)
        return _in(found.title, language) if found else resource_id

    def fitting(self, topics: Iterable[str], country: str | None, day: datetime.date) -> list[str]:
        """Return the resources of these topics that may be sent to a country, its own ones first."""
        about = list(dict.fromkeys(topics))
        found = [each for each in self._sendable(country, day) if set(each.topics) & set(about)]
        found.sort(key=lambda each: (min(about.index(t) for t in each.topics if t in about), each.wide))
        return [each.id for each in found]

    def search(self, words: str, country: str | None, day: datetime.date) -> list[str]:
        """Return the resources whose names hold all these words, own country first."""
        wanted = fold(words).split()
        found = [
            each for each in self._sendable(country, day) if all(word in _names(each) for word in wanted)
        ]
        return [each.id for each in sorted(found, key=lambda each: each.wide)] if wanted else []

    def _sendable(self, country: str | None, day: datetime.date) -> list[Resource]:
        everything = self.knowledge.resources.values()
        return [each for each in everything if each.shown_on(day) and each.serves(country)]

    def canned(self, canned_id: str, language: str | None) -> str:
        """Return a canned text in the person's language."""
        return _in(self._canned(canned_id).text, language or FALLBACK)

    def _canned(self, canned_id: str) -> Canned:
        found = self.knowledge.canned.get(canned_id)
        if found is None:
            raise BotError(f"there is no canned reply {canned_id}; knowledge/canned.yaml has them")
        return found

    def _resource(self, resource_id: str) -> Resource:
        found = self.knowledge.resources.get(resource_id)
        if found is None or found.status != "published":
            raise BotError(f"there is no published resource {resource_id}; choose another one")
        return found


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get(FALLBACK) or next(iter(texts.values()))


def _names(resource: Resource) -> str:
    return fold(" ".join((*resource.title.values(), resource.organisation, *resource.aliases, resource.id)))
