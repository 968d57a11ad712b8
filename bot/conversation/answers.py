"""An `Advice` put into words: one message of under a thousand characters, links as buttons."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from bot.advice.advice import Answer, Clarify
from bot.advice.knowledge import Knowledge, Resource, Topic
from bot.advice.text import fold
from bot.conversation.actions import MENU, action
from bot.conversation.messages import Messages, lines
from bot.conversation.replies import Button, Line, Reply, Span

SHOWN = 3
LONGEST_ANSWER = 1_000


@dataclass(frozen=True)
class Shape:
    """How much is said: lines of advice, and the longest title, organisation and summary."""

    advice_lines: int
    title: int
    organisation: int
    summary: int


# Tried in this order until the whole is short enough; the links are never left out.
SHAPES = (
    Shape(4, 70, 48, 200),
    Shape(2, 70, 48, 200),
    Shape(1, 48, 40, 200),
    Shape(1, 48, 24, 110),
    Shape(1, 40, 16, 80),
    Shape(1, 32, 12, 50),
)


class Answers:
    """Says answers, options and lists of resources from one state of the knowledge."""

    def __init__(self, knowledge: Knowledge, messages: Messages):
        self._knowledge = knowledge
        self._messages = messages

    # -- the answer ------------------------------------------------------------------------------

    def answer(self, answer: Answer, *, request: str) -> Reply:
        """Return the answer with its links; the long parts give way first when it would be too long."""
        resources = [self._knowledge.resources[resource_id] for resource_id in answer.resources[:SHOWN]]
        for shape in SHAPES:
            said = self._said(answer, resources, shape)
            if _length(said) < LONGEST_ANSWER:
                break
        return Reply(said, self._rows(answer, resources, request=request))

    def brief(self, answer: Answer) -> Reply:
        """Return the answer as a group reads it: title and links, nothing to press that is one person's."""
        resources = [self._knowledge.resources[resource_id] for resource_id in answer.resources[:SHOWN]]
        said: list[Line] = []
        for topic_id in answer.topics:
            said += self._heading(self._knowledge.topics[topic_id], answer, advice_lines=0)
        for number, resource in enumerate(resources, start=1):
            said += self.item(resource, number, answer, SHAPES[-1])
        said += self._remarks(answer, resources)
        return Reply(
            tuple(said), tuple(self.link(resource, answer.setting.language) for resource in resources)
        )

    def _said(self, answer: Answer, resources: Sequence[Resource], shape: Shape) -> tuple[Line, ...]:
        language = answer.setting.language
        said: list[Line] = []
        if answer.followed_up:
            title = self.title(self._knowledge.topics[answer.topics[0]], language)
            said.append((Span(self._messages.say(language, "answer.followed_up", topic=title), "soft"),))
        share = max(1, shape.advice_lines // len(answer.topics))
        for topic_id in answer.topics:
            said += self._heading(self._knowledge.topics[topic_id], answer, advice_lines=share)
        if resources:
            said.append((Span(""),))
        for number, resource in enumerate(resources, start=1):
            said += self.item(resource, number, answer, shape)
        said += [(Span(""),), *self._remarks(answer, resources)]
        return tuple(said)

    def _heading(self, topic: Topic, answer: Answer, *, advice_lines: int) -> list[Line]:
        language = answer.setting.language
        title: Line = (Span(self.title(topic, language), "strong"),)
        if answer.setting.country:
            title = (*title, Span(" · " + self._messages.say(language, f"country.{answer.setting.country}")))
        advice = topic.advice.get(language) or topic.advice.get("es", "")
        return [title, *lines(advice)[:advice_lines]] if advice else [title]

    def item(self, resource: Resource, number: int, answer: Answer, shape: Shape) -> list[Line]:
        """Return what is said of one resource: title, who offers it, one line, what to know of the link."""
        language = answer.setting.language
        title = resource.title.get(language) or next(iter(resource.title.values()))
        organisation = _plain(resource.organisation)
        if any(name and fold(name) in fold(title) for name in (organisation, resource.publisher)):
            organisation = ""
        summary = resource.summary.get(language) or next(iter(resource.summary.values()))
        head = Span(f"{number}. {_shortened(title, shape.title)}", "strong")
        by = Span(f" ({_shortened(organisation, shape.organisation)})" if organisation else "")
        item: Line = (head, by, Span(f": {_shortened(summary, shape.summary)}"))
        notes = self._notes(resource, answer)
        return [item, (Span(notes, "soft"),)] if notes else [item]

    def _notes(self, resource: Resource, answer: Answer) -> str:
        language, notes = answer.setting.language, []
        if language not in resource.languages:
            tongues = ", ".join(self._messages.say(language, f"tongue.{tag}") for tag in resource.languages)
            notes.append(self._messages.say(language, "answer.only_in", languages=tongues))
        if answer.setting.country is None and not resource.wide:
            countries = ", ".join(
                self._messages.say(language, f"country.{code}") for code in resource.countries
            )
            notes.append(self._messages.say(language, "answer.elsewhere", country=countries))
        if resource.source == "wanted":
            notes.append(self._messages.say(language, "answer.wanted"))
        return " ".join(notes)

    def _remarks(self, answer: Answer, resources: Sequence[Resource]) -> list[Line]:
        language, remarks = answer.setting.language, []
        if answer.women_first:
            remarks.append(self._messages.say(language, "answer.women_first"))
        if not resources:
            remarks.append(self._messages.say(language, "answer.no_resource"))
        notices = {self._knowledge.topics[topic].notice for topic in answer.topics} - {"none"}
        if notices and resources:
            reviewed = min(resource.reviewed for resource in resources)
            key = "answer.legal_notice" if "legal" in notices else "answer.tax_notice"
            remarks.append(self._messages.say(language, key, date=_date(reviewed)))
        return [(Span(remark, "soft"),) for remark in remarks]

    def _rows(
        self, answer: Answer, resources: Sequence[Resource], *, request: str
    ) -> tuple[tuple[Button, ...], ...]:
        language = answer.setting.language
        thumbs = (Button("👍", action("u", request)), Button("👎", action("d", request)))
        more = self._more_buttons(answer)
        rows = [self.link(resource, language) for resource in resources]
        rows.append((*thumbs, *more) if len(answer.topics) == 1 else thumbs)
        rows += [(button,) for button in more] if len(answer.topics) > 1 else []
        rows.append((self.person(language, request), self.home(language)))
        return tuple(rows)

    def _more_buttons(self, answer: Answer) -> list[Button]:
        """Return a button for each topic that has more to show, from where its own list was left."""
        language, shown = answer.setting.language, set(answer.resources[:SHOWN])
        buttons = []
        for topic in answer.topics:
            own = [id for id in answer.resources if topic in self._knowledge.resources[id].topics]
            seen = next((n for n, id in enumerate(own) if id not in shown), len(own))
            if seen < len(own):
                text = self._messages.say(language, "answer.more")
                if len(answer.topics) > 1:
                    text = f"{text}: {_shortened(self.title(self._knowledge.topics[topic], language), 40)}"
                buttons.append(Button(text, action("m", topic, str(seen))))
        return buttons

    # -- the rest --------------------------------------------------------------------------------

    def more(self, answer: Answer, *, start: int) -> Reply:
        """Return the next resources of a topic, from place `start` on."""
        language, topic = answer.setting.language, answer.topics[0]
        resources = [
            self._knowledge.resources[resource_id] for resource_id in answer.resources[start : start + SHOWN]
        ]
        if not resources:
            return Reply(lines(self._messages.say(language, "answer.no_more")), ((self.home(language),),))
        title = self.title(self._knowledge.topics[topic], language)
        said: list[Line] = [(Span(self._messages.say(language, "answer.more_title", topic=title), "strong"),)]
        for number, resource in enumerate(resources, start=start + 1):
            said += self.item(resource, number, answer, SHAPES[0])
        rows = [self.link(resource, language) for resource in resources]
        last = [self.home(language)]
        if len(answer.resources) > start + SHOWN:
            following = action("m", topic, str(start + SHOWN))
            last.insert(0, Button(self._messages.say(language, "answer.more"), following))
        return Reply(tuple(said), (*rows, tuple(last)))

    def options(self, clarify: Clarify, *, request: str) -> Reply:
        """Return the question back, the options as buttons, and the way out."""
        language = clarify.setting.language
        rows = [
            (Button(self.title(self._knowledge.topics[topic], language), action("o", topic, request)),)
            for topic in clarify.options
        ]
        none = Button(self._messages.say(language, "clarify.none"), action("n", request))
        return Reply(lines(self._messages.say(language, "clarify.ask")), (*rows, (none,)))

    def title(self, topic: Topic, language: str) -> str:
        """Return the topic's title in the language, or in the first it has."""
        return topic.title.get(language) or next(iter(topic.title.values()))

    def link(self, resource: Resource, language: str) -> tuple[Button, ...]:
        """Return the row with the resource's link, its publisher on the button."""
        label = resource.publisher or resource.organisation
        return (Button("🔗 " + _shortened(label, 40), url=resource.url),)

    def home(self, language: str) -> Button:
        """Return the button that leads to the topics."""
        return Button(self._messages.say(language, "menu.home"), MENU)

    def person(self, language: str, request: str) -> Button:
        """Return the button that passes a question to a person."""
        return Button(self._messages.say(language, "answer.person"), action("p", request))


def _plain(organisation: str) -> str:
    """An organisation's name without what it adds in brackets."""
    return organisation.split("(")[0].strip() or organisation


def _length(said: Sequence[Line]) -> int:
    return sum(len(span.text) for line in said for span in line) + len(said)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,:;(-") + "…"


def _date(day: datetime.date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year}"
