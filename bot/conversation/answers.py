"""An `Advice` put into words: one message of under a thousand characters, links as buttons."""

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.advice.advice import Answer, Clarify
from bot.advice.knowledge import Knowledge, Resource, Topic
from bot.advice.setting import Setting
from bot.advice.text import fold
from bot.conversation.actions import MENU, action, mark
from bot.conversation.messages import Messages, lines
from bot.conversation.replies import Button, Line, Reply, Span

SHOWN = 3
# The group of topics that are made for women.
WOMEN = "women"
# What one message may hold: characters, and bytes of it with its buttons as JSON.
LONGEST_ANSWER = 1_000
LARGEST_ANSWER = 3 * 1024


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
    """Says answers, options, lists of resources and single ones from one state of the knowledge."""

    def __init__(self, knowledge: Knowledge, messages: Messages):
        self._knowledge = knowledge
        self._messages = messages

    # -- the answer ------------------------------------------------------------------------------

    def answer(self, answer: Answer, *, request: str, women: bool = False) -> Reply:
        """Return the answer with its links; the long parts give way first when it would be too long.

        `women`: who asks says she is a woman, so that the women's desk is offered beside it.
        """
        resources = [self._knowledge.resources[resource_id] for resource_id in answer.resources[:SHOWN]]
        rows = self._rows(answer, resources, request=request, women=women)
        return fitted(Reply(self._said(answer, resources, shape), rows) for shape in SHAPES)

    def brief(self, answer: Answer) -> Reply:
        """Return the answer as a group reads it: title and links, nothing to press that is one person's."""
        resources = [self._knowledge.resources[resource_id] for resource_id in answer.resources[:SHOWN]]
        said: list[Line] = []
        for topic_id in answer.topics:
            said += self._heading(self._knowledge.topics[topic_id], answer.setting, advice_lines=0)
        for number, resource in enumerate(resources, start=1):
            said += self.item(resource, number, answer.setting, SHAPES[-1])
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
        if answer.either:
            said.append((Span(self._messages.say(language, "answer.either"), "soft"),))
        share = max(1, shape.advice_lines // len(answer.topics))
        for topic_id in answer.topics:
            said += self._heading(self._knowledge.topics[topic_id], answer.setting, advice_lines=share)
        if resources:
            said.append((Span(""),))
        for number, resource in enumerate(resources, start=1):
            said += self.item(resource, number, answer.setting, shape)
        if remarks := self._remarks(answer, resources):
            said += [(Span(""),), *remarks]
        return tuple(said)

    def _heading(self, topic: Topic, setting: Setting, *, advice_lines: int) -> list[Line]:
        language = setting.language
        title: Line = (Span(self.title(topic, language), "strong"),)
        if country := self.country(setting.country, language):
            title = (*title, Span(" · " + country))
        advice = topic.advice.get(language) or topic.advice.get("es", "")
        return [title, *lines(advice)[:advice_lines]] if advice else [title]

    def item(self, resource: Resource, number: int, setting: Setting, shape: Shape) -> list[Line]:
        """Return what is said of one resource: title, who offers it, one line, what to know of the link."""
        title, summary = _in(resource.title, setting.language), _in(resource.summary, setting.language)
        organisation = _plain(resource.organisation)
        if any(name and fold(name) in fold(title) for name in (organisation, resource.publisher)):
            organisation = ""
        head = Span(f"{number}. {shortened(title, shape.title)}", "strong")
        by = Span(f" ({shortened(organisation, shape.organisation)})" if organisation else "")
        item: Line = (head, by, Span(f": {shortened(summary, shape.summary)}"))
        notes = self._notes(resource, setting)
        return [item, (Span(notes, "soft"),)] if notes else [item]

    def _notes(self, resource: Resource, setting: Setting) -> str:
        language, notes = setting.language, []
        if language not in resource.languages:
            notes.append(
                self._messages.say(language, "answer.only_in", languages=self._tongues(resource, language))
            )
        if setting.country is None and not resource.wide:
            notes.append(
                self._messages.say(language, "answer.elsewhere", country=self._countries(resource, language))
            )
        if resource.place:
            notes.append(self._messages.say(language, "answer.place", place=resource.place[0]))
        if resource.source == "wanted":
            notes.append(self._messages.say(language, "answer.wanted"))
        return " ".join(notes)

    def _remarks(self, answer: Answer, resources: Sequence[Resource]) -> list[Line]:
        language, remarks = answer.setting.language, []
        if self.women_first(answer):
            remarks.append(self._messages.say(language, "answer.women_first"))
        elif answer.women_first:
            remarks.append(self._messages.say(language, "answer.women_known"))
        if not resources:
            remarks.append(self._messages.say(language, "answer.no_resource"))
        if answer.setting.country in self._knowledge.elsewhere:
            country = self.country(answer.setting.country, language)
            remarks.append(self._messages.say(language, "answer.abroad", country=country))
        notices = {self._knowledge.topics[topic].notice for topic in answer.topics} - {"none"}
        if notices and resources:
            reviewed = min(resource.reviewed for resource in resources)
            key = "answer.legal_notice" if "legal" in notices else "answer.tax_notice"
            remarks.append(self._messages.say(language, key, date=date(reviewed)))
        return [(Span(remark, "soft"),) for remark in remarks]

    def women_first(self, answer: Answer) -> bool:
        """Say whether what is made for women leads because the question says so, not the profile."""
        womens = self._knowledge.topics[answer.topics[0]].group == WOMEN and bool(answer.resources)
        return (answer.women_first or womens) and says_woman(answer.setting)

    def _rows(
        self, answer: Answer, resources: Sequence[Resource], *, request: str, women: bool
    ) -> tuple[tuple[Button, ...], ...]:
        language = answer.setting.language
        thumbs = (Button("👍", action("u", request)), Button("👎", action("d", request)))
        more = self._more_buttons(answer, request)
        rows = [self.link(resource, language) for resource in resources]
        rows.append((*thumbs, *more) if len(answer.topics) == 1 else thumbs)
        rows += [(button,) for button in more] if len(answer.topics) > 1 else []
        if len(resources) <= 1:
            rows += self.near(answer.topics[0], language)
        ways = []
        if answer.women_first or self.women_first(answer):
            ways.append(Button(self._messages.say(language, "answer.show_all"), action("e", request)))
        if women:
            ways.append(Button(self._messages.say(language, "women.open"), "women_new"))
        if ways:
            rows.append(tuple(ways))
        rows.append((self.person(language, request), self.home(language)))
        return tuple(rows)

    def _more_buttons(self, answer: Answer, request: str) -> list[Button]:
        """Return a button for each topic that has more to show, from where its own list was left."""
        language, shown = answer.setting.language, set(answer.resources[:SHOWN])
        buttons = []
        for topic in answer.topics:
            own = [id for id in answer.resources if topic in self._knowledge.resources[id].topics]
            seen = next((n for n, id in enumerate(own) if id not in shown), len(own))
            if seen < len(own):
                text = self._messages.say(language, "answer.more")
                if len(answer.topics) > 1:
                    text = f"{text}: {shortened(self.title(self._knowledge.topics[topic], language), 40)}"
                after = mark(own[seen - 1]) if seen else ""
                buttons.append(Button(text, action("m", mark(topic), after, request)))
        return buttons

    # -- the rest --------------------------------------------------------------------------------

    def more(self, answer: Answer, *, start: int, request: str = "") -> Reply:
        """Return the next resources of a topic, from place `start` on; related topics where it ends."""
        language, topic = answer.setting.language, answer.topics[0]
        ids = answer.resources[start : start + SHOWN]
        resources = [self._knowledge.resources[resource_id] for resource_id in ids]
        title = self.title(self._knowledge.topics[topic], language)
        last = [self.home(language)]
        rows = [self.link(resource, language) for resource in resources]
        if len(answer.resources) > start + SHOWN:
            following = action("m", mark(topic), mark(ids[-1]), request)
            last.insert(0, Button(self._messages.say(language, "answer.more"), following))
        else:
            rows += self.near(topic, language)
        rows.append(tuple(last))
        if not resources:
            return Reply(lines(self._messages.say(language, "answer.no_more")), tuple(rows))
        head: Line = (Span(self._messages.say(language, "answer.more_title", topic=title), "strong"),)
        return fitted(
            Reply((head, *self._items(resources, start, answer.setting, shape)), tuple(rows))
            for shape in SHAPES
        )

    def near(self, topic: str, language: str) -> list[tuple[Button, ...]]:
        """Return a button for each of the nearest related topics."""
        return [
            (Button(self.title(self._knowledge.topics[near], language), action("t", near)),)
            for near in self._knowledge.topics[topic].related[:SHOWN]
        ]

    def _items(self, resources: Sequence[Resource], start: int, setting: Setting, shape: Shape) -> list[Line]:
        return [
            line
            for number, resource in enumerate(resources, start=start + 1)
            for line in self.item(resource, number, setting, shape)
        ]

    def card(self, resource: Resource, setting: Setting) -> Reply:
        """Return one resource by itself: what it is, whose, where it serves, how to reach them."""
        language, say = setting.language, self._messages.say
        said: list[Line] = [
            (Span(shortened(_in(resource.title, language), 120), "strong"),),
            (Span(f"{resource.organisation} · {self._countries(resource, language)}"),),
            (Span(_in(resource.summary, language)),),
        ]
        if resource.contact:
            said.append((Span(say(language, "card.contact", contact=resource.contact)),))
        notes = self._notes(
            resource, replace(setting, country="" if setting.country is None else setting.country)
        )
        said.append(
            (Span(f"{notes} {say(language, 'card.reviewed', date=date(resource.reviewed))}".strip(), "soft"),)
        )
        topics = [
            (Button(self.title(self._knowledge.topics[topic], language), action("t", topic)),)
            for topic in resource.topics[:2]
        ]
        return Reply(tuple(said), (self.link(resource, language), *topics, (self.home(language),)))

    def options(self, clarify: Clarify, *, request: str, women: bool = False) -> Reply:
        """Return the question back, the options as buttons, and the way out."""
        language = clarify.setting.language
        rows = [
            (Button(self.title(self._knowledge.topics[topic], language), action("o", topic, request)),)
            for topic in clarify.options
        ]
        if women:
            rows.append((Button(self._messages.say(language, "women.open"), "women_new"),))
        none = Button(self._messages.say(language, "clarify.none"), action("n", request))
        return Reply(lines(self._messages.say(language, "clarify.ask")), (*rows, (none,)))

    def title(self, topic: Topic, language: str) -> str:
        """Return the topic's title in the language, or in the first it has."""
        return _in(topic.title, language)

    def link(self, resource: Resource, language: str, *, plain: bool = False) -> tuple[Button, ...]:
        """Return the row with the resource's link, its publisher on the button; `plain` without a sign."""
        label = resource.publisher or resource.organisation
        return (Button(("" if plain else "🔗 ") + shortened(label, 40), url=resource.url),)

    def home(self, language: str) -> Button:
        """Return the button that leads to the topics."""
        return Button(self._messages.say(language, "menu.home"), MENU)

    def person(self, language: str, request: str, *, verb: str = "p") -> Button:
        """Return the button that passes a question to a person; `verb` says what led to it."""
        key = "no_match.person" if verb == "a" else "answer.person"
        return Button(self._messages.say(language, key), action(verb, request))

    def country(self, code: str | None, language: str) -> str:
        """Return a country's name, one of ours or another; an empty text for none."""
        if code is None:
            return ""
        if self._messages.has(f"country.{code}") and len(code) == 2:
            return self._messages.say(language, f"country.{code}")
        return next(iter(self._knowledge.elsewhere.get(code, [])), "")

    def _tongues(self, resource: Resource, language: str) -> str:
        tongues = [self._messages.say(language, f"tongue.{tag}") for tag in resource.languages]
        return self._messages.listed(language, tongues)

    def _countries(self, resource: Resource, language: str) -> str:
        wide = [scope for scope in resource.countries if len(scope) > 2]
        if wide:
            return self._messages.say(language, f"scope.{wide[0]}")
        countries = [self._messages.say(language, f"country.{code}") for code in resource.countries]
        return self._messages.listed(language, countries)


def says_woman(setting: Setting) -> bool:
    """Say whether the question itself gave away that a woman asks, or asks for what is made for women."""
    return any(clue.kind == "audience" and clue.value == "women" for clue in setting.clues)


def fitted(replies: Iterable[Reply]) -> Reply:
    """Return the first reply that fits one message, or the last, which says least."""
    reply = Reply(())
    for reply in replies:
        if len(reply.text) < LONGEST_ANSWER and size(reply) < LARGEST_ANSWER:
            break
    return reply


def size(reply: Reply) -> int:
    """Return the bytes of a reply with its buttons, as JSON carries them, styles left out."""
    rows = [
        [
            {"text": button.text, "url" if button.url else "callback_data": button.url or button.action}
            for button in row
        ]
        for row in reply.rows
    ]
    return len(
        json.dumps(
            {"text": reply.text, "reply_markup": {"inline_keyboard": rows}}, ensure_ascii=False
        ).encode()
    )


def shortened(text: str, longest: int) -> str:
    """Return `text` in at most so many characters, cut between words."""
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,:;(-") + "…"


def date(day: datetime.date) -> str:
    """Return a day as it is written on all five countries' papers."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def _in(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))


def _plain(organisation: str) -> str:
    """An organisation's name without what it adds in brackets."""
    return organisation.split("(")[0].strip() or organisation
