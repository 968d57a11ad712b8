"""A list of resources in a message that turns its own pages: three at a time, paged by id."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.advice.knowledge import Knowledge, Resource
from bot.advice.setting import Setting
from bot.conversation.actions import action, mark
from bot.conversation.answers import SHAPES, SHOWN, Answers, fitted
from bot.conversation.messages import Messages
from bot.conversation.replies import Button, Line, Reply, Span

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class View:
    """How a list is looked at: by whom, on which day, after which resource (its mark)."""

    language: str
    country: str | None
    day: datetime.date
    after: str = ""


class Shelf:
    """Shows lists of resources, each with its link."""

    def __init__(self, knowledge: Knowledge, messages: Messages, answers: Answers):
        self._knowledge = knowledge
        self._messages = messages
        self._answers = answers

    def shown(self, view: View) -> list[Resource]:
        """Return what may be shown in the view: what is published, and of use in its country."""
        return [
            resource
            for resource in self._knowledge.resources.values()
            if resource.shown_on(view.day) and resource.serves(view.country)
        ]

    def page(
        self,
        title: str,
        resources: Sequence[Resource],
        view: View,
        *,
        onward: Callable[[str], str],
        rows: Rows,
    ) -> Reply:
        """Return the page after `view.after`; `onward` gives the action for what follows a mark."""
        say = self._messages.say
        marks = [mark(resource.id) for resource in resources]
        start = marks.index(view.after) + 1 if view.after in marks else 0
        page = resources[start : start + SHOWN]
        setting = Setting(view.language, view.country)
        numbered = list(enumerate(page, start=start + 1))
        head: Line = (Span(title, "strong"),)
        if len(resources) > SHOWN:
            head = (*head, Span(f" · {start + 1}–{start + len(page)} / {len(resources)}"))
        last: tuple[Button, ...] = ()
        if start + SHOWN < len(resources):
            last = (Button(say(view.language, "answer.more"), onward(marks[start + SHOWN - 1])),)
        links = tuple(self._answers.link(resource, view.language) for resource in page)
        cards = tuple(
            Button(say(view.language, "card.open", number=str(number)), action("x", resource.id))
            for number, resource in numbered
        )
        return fitted(
            Reply(
                (head, *self._items(numbered, setting, n)),
                (*links, cards, *((last,) if last else ()), *rows),
                edits=True,
            )
            for n in range(len(SHAPES))
        )

    def _items(self, numbered: Sequence[tuple[int, Resource]], setting: Setting, shape: int) -> list[Line]:
        return [
            line
            for number, resource in numbered
            for line in self._answers.item(resource, number, setting, SHAPES[shape])
        ]
