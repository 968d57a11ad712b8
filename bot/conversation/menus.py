"""What can be reached by buttons alone: the topics, country, language, and the way to all the rest."""

from rapidfuzz import fuzz, process

from bot.advice.knowledge import COUNTRIES, Knowledge, Topic
from bot.conversation.actions import FORGET, HOME, KEEP, MENU, START, action
from bot.conversation.library import LIBRARY
from bot.conversation.library import ORGANISATIONS as LIBRARY_GROUP
from bot.conversation.messages import Messages, lines
from bot.conversation.profile import PROFILE
from bot.conversation.replies import Button, Reply
from bot.conversation.women import WOMEN

EXAMPLES = ("loans", "tax-registration", "online-sales")
NO_COUNTRY = "none"
# As a business goes: it starts, pays, borrows, hires, sells, grows. New groups come last.
ORDER = ("start", "tax", "money", "people", "digital", "growth", "support")
# Groups with a place of their own in the menu.
DESKS = {WOMEN: WOMEN, LIBRARY_GROUP: LIBRARY}
# What leads out of the topics, two to a row.
WAYS = ("person", PROFILE, "country", "language", "help", "privacy")
# Where the question for the country may have come from.
BACK_TO = frozenset({WOMEN, PROFILE, "nw"})
# Ids that share half of their letters in order are near: "loans-micro" and "loans".
NEAR, NEAREST = 60, 3

Rows = tuple[tuple[Button, ...], ...]


class Menus:
    """The menus of one state of the knowledge."""

    def __init__(self, knowledge: Knowledge, messages: Messages):
        self._knowledge = knowledge
        self._messages = messages
        self._groups: dict[str, list[str]] = {}
        for topic in sorted(knowledge.topics.values(), key=_in_order):
            self._groups.setdefault(topic.group, []).append(topic.id)

    def start(self, language: str, *, edits: bool = False) -> Reply:
        """Return the first message: who this is, three example questions, the topics, the other languages."""
        examples = [
            (Button(self._messages.say(language, f"start.example.{topic}"), action("q", topic)),)
            for topic in EXAMPLES
            if topic in self._knowledge.topics
        ]
        tongues = tuple(
            Button(self._messages.say(tag, "language.name"), action("l", tag, START))
            for tag in self._messages.languages
            if tag != language
        )
        said = lines(self._messages.say(language, "start.hello"))
        return Reply(
            said, (*examples, self.home(language, edits=True), *((tongues,) if tongues else ())), edits=edits
        )

    def groups(self, language: str, *, edits: bool = False) -> Reply:
        """Return the groups of topics, the desks, and the way to everything else; two to a row."""
        say = self._messages.say
        buttons = [
            Button(self._group(group, language), action("g", group))
            for group in self._groups
            if group not in DESKS
        ]
        desks = [
            Button(self._group(group, language), verb)
            for group, verb in DESKS.items()
            if group in self._groups
        ]
        ways = [Button(say(language, f"menu.{way}"), way) for way in WAYS]
        rows = (*_paired(buttons), *_paired(desks), *_paired(ways))
        return Reply(lines(say(language, "menu.title")), rows, edits=edits)

    def topics(self, group: str, language: str) -> Reply | None:
        """Return the topics of a group, or None where the group is gone."""
        if group not in self._groups:
            return None
        title = self._messages.say(language, "menu.group", group=self._group(group, language))
        rows = (*self.rows(self._groups[group], language), self.back(language))
        return Reply(lines(title), rows, edits=True)

    def nearest(self, id: str) -> list[str]:
        """Return the topics that are nearest to one that is gone, by its id."""
        found = process.extract(
            id, list(self._knowledge.topics), scorer=fuzz.WRatio, score_cutoff=NEAR, limit=NEAREST
        )
        return [topic for topic, *_ in found]

    def countries(self, language: str, *, then: str = "", edits: bool = False) -> Reply:
        """Return the question for the country: five buttons and "other"; `then` is what it leads on to."""
        further = (then,) if then else ()
        buttons = [
            Button(self._messages.say(language, f"country.{code}"), action("c", code, *further))
            for code in COUNTRIES
        ]
        buttons.append(
            Button(self._messages.say(language, "country.other"), action("c", NO_COUNTRY, *further))
        )
        rows = _paired(buttons)
        if edits:
            rows = (*rows, self.back(language, then if then in BACK_TO else HOME))
        return Reply(lines(self._messages.say(language, "country.ask")), rows, edits=edits)

    def languages(self, language: str, *, edits: bool = False) -> Reply:
        """Return the question for the language."""
        buttons = tuple(
            Button(self._messages.say(tag, "language.name"), action("l", tag, *((HOME,) if edits else ())))
            for tag in self._messages.languages
        )
        rows = (buttons, self.back(language)) if edits else (buttons,)
        return Reply(lines(self._messages.say(language, "language.ask")), rows, edits=edits)

    def forget(self, language: str, *, edits: bool = False) -> Reply:
        """Return the one confirmation before everything about a person is erased."""
        confirm = Button(self._messages.say(language, "forget.confirm"), FORGET)
        keep = Button(self._messages.say(language, "forget.keep"), KEEP)
        return Reply(lines(self._messages.say(language, "forget.ask")), ((confirm,), (keep,)), edits=edits)

    def privacy(self, language: str, *, edits: bool = False) -> Reply:
        """Return the policy with its version, and what can be done about it."""
        say = self._messages.say
        rows = (
            (Button(say(language, "menu.mydata"), "mydata"), Button(say(language, "menu.erase"), "erase")),
            self.back(language),
        )
        said = say(language, "privacy", version=say(language, "consent.version"))
        return Reply(lines(said), rows, edits=edits)

    def home(self, language: str, *, edits: bool = False) -> tuple[Button, ...]:
        """Return the row that leads to the topics: in a new message, or in this one where it is a menu."""
        return (Button(self._messages.say(language, "menu.home"), HOME if edits else MENU),)

    def back(self, language: str, to: str = HOME) -> tuple[Button, ...]:
        """Return the row that leads from a menu to the one above it."""
        return (Button(self._messages.say(language, "menu.back"), to),)

    def rows(self, topics: list[str], language: str) -> Rows:
        """Return a button for each topic, one to a row."""
        return tuple(
            (Button(title.get(language) or next(iter(title.values())), action("t", topic)),)
            for topic, title in ((topic, self._knowledge.topics[topic].title) for topic in topics)
        )

    def _group(self, group: str, language: str) -> str:
        key = f"group.{group}"
        return self._messages.say(language, key) if self._messages.has(key) else group


def _in_order(topic: Topic) -> int:
    return ORDER.index(topic.group) if topic.group in ORDER else len(ORDER)


def _paired(buttons: list[Button]) -> Rows:
    return tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))
