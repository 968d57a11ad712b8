"""The library for staff of business organisations: by kind, topic and language, or by words."""

from collections import Counter
from collections.abc import Callable, Iterable

from bot.advice.knowledge import KINDS, LANGUAGES, Knowledge, Resource
from bot.conversation.actions import HOME, action
from bot.conversation.finder import Finder
from bot.conversation.messages import Messages, lines
from bot.conversation.replies import Button, Reply
from bot.conversation.shelf import Shelf, View

LIBRARY, SEARCH_BUTTON = "library", "search"
ORGANISATIONS = "organisations"
KIND, TOPIC, LANGUAGE, FOUND = "bk", "bt", "bl", "bf"
# The ways to look, as their buttons say it.
WAYS = {KIND: "kind", TOPIC: "topic", LANGUAGE: "language"}
PER_ROW = 2


class Library:
    """The shelves of one state of the knowledge; all of it in one message.

    It holds what is made for organisations, every report, and what belongs to a topic of organisations;
    of all countries, since they learn from each other, what serves every one first.
    """

    def __init__(self, knowledge: Knowledge, messages: Messages, shelf: Shelf, finder: Finder):
        self._knowledge = knowledge
        self._messages = messages
        self._shelf = shelf
        self._finder = finder

    def front(self, language: str, *, edits: bool = False) -> Reply:
        """Return the library's door: the ways to look, and the search."""
        say = self._messages.say
        ways = tuple((Button(say(language, f"library.by_{name}"), way),) for way, name in WAYS.items())
        last = (
            (Button(say(language, "library.search"), SEARCH_BUTTON),),
            (Button(say(language, "menu.home"), HOME),),
        )
        return Reply(lines(say(language, "library.title")), (*ways, *last), edits=edits)

    def values(self, way: str, view: View) -> Reply | None:
        """Return the kinds, topics or languages there are, with how many each has; None for no such way."""
        if way not in WAYS:
            return None
        counts = Counter(value for item in self._held(view) for value in self._of(item, way))
        names = sorted(counts, key=lambda value: self._place(way, value))
        buttons = [
            Button(f"{self._name(way, value, view.language)} ({counts[value]})", action(way, value))
            for value in names
        ]
        rows = tuple(tuple(buttons[n : n + PER_ROW]) for n in range(0, len(buttons), PER_ROW))
        title = self._messages.say(view.language, f"library.by_{WAYS[way]}")
        return Reply(lines(title), (*rows, self._back(view.language)), edits=True)

    def shelf(self, way: str, value: str, view: View) -> Reply | None:
        """Return what the library has of one kind, topic or language; None where that is nothing."""
        found = [item for item in self._held(view) if way in WAYS and value in self._of(item, way)]
        if not found:
            return None
        return self._shelf.page(
            self._name(way, value, view.language),
            sorted(found, key=lambda item: (not item.wide, item.id)),
            view,
            onward=lambda after: action(way, value, after),
            rows=(self._back(view.language, way),),
        )

    def found(self, sought: str, view: View) -> Reply:
        """Return what holds the words: of the library first, then of everything else."""
        held = {item.id for item in self._held(view)}
        every = {item.id: item for item in self._shelf.shown(view)}
        ids = self._finder.find(sought, among=every.__contains__)
        ordered = [every[id] for id in sorted(ids, key=lambda id: id not in held)]
        say = self._messages.say
        again = (Button(say(view.language, "library.search"), SEARCH_BUTTON),)
        back = (*again, Button(say(view.language, "menu.back"), LIBRARY))
        if not ordered:
            return Reply(lines(say(view.language, "library.nothing")), (back,), edits=True)
        title = say(view.language, "library.found")
        return self._shelf.page(title, ordered, view, onward=lambda after: action(FOUND, after), rows=(back,))

    def ask(self, language: str) -> Reply:
        """Return the question for the words to look for."""
        return Reply(lines(self._messages.say(language, "library.ask")), (self._back(language),), edits=True)

    def _held(self, view: View) -> list[Resource]:
        return [item for item in self._shelf.shown(view) if self._is_held(item)]

    def _is_held(self, item: Resource) -> bool:
        topics = (self._knowledge.topics[topic] for topic in item.topics)
        return (
            "ebmo" in item.audience
            or item.kind == "report"
            or any(topic.group == ORGANISATIONS for topic in topics)
        )

    def _of(self, item: Resource, way: str) -> Iterable[str]:
        given: dict[str, Callable[[], Iterable[str]]] = {
            KIND: lambda: (item.kind,),
            TOPIC: lambda: item.topics,
            LANGUAGE: lambda: (tag for tag in item.languages if tag in LANGUAGES),
        }
        return given[way]()

    def _place(self, way: str, value: str) -> int:
        order = {KIND: KINDS, TOPIC: tuple(self._knowledge.topics), LANGUAGE: LANGUAGES}[way]
        return order.index(value)

    def _name(self, way: str, value: str, language: str) -> str:
        if way == TOPIC:
            title = self._knowledge.topics[value].title
            return title.get(language) or next(iter(title.values()))
        key = f"kind.{value}" if way == KIND else f"tongue.{value}"
        name = self._messages.say(language, key)
        return name[:1].upper() + name[1:]

    def _back(self, language: str, way: str = "") -> tuple[Button, ...]:
        return (
            Button(self._messages.say(language, "menu.back"), way or LIBRARY),
            Button(self._messages.say(language, "menu.home"), HOME),
        )
