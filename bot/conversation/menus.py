"""What can be reached by buttons alone: the groups, their topics, country, language."""

from bot.advice.knowledge import COUNTRIES, Knowledge
from bot.conversation.actions import FORGET, KEEP, MENU, action
from bot.conversation.messages import Messages, lines
from bot.conversation.replies import Button, Reply

EXAMPLES = ("loans", "tax-registration", "online-sales")
WOMEN_TOPICS = ("women-networks", "women-programmes", "loans", "grants", "mentoring")
NO_COUNTRY = "none"

Rows = tuple[tuple[Button, ...], ...]


class Menus:
    """The menus of one state of the knowledge."""

    def __init__(self, knowledge: Knowledge, messages: Messages):
        self._knowledge = knowledge
        self._messages = messages
        self._groups: dict[str, list[str]] = {}
        for topic in knowledge.topics.values():
            self._groups.setdefault(topic.group, []).append(topic.id)

    def start(self, language: str) -> Reply:
        """Return the first message: who this is, three examples, the topics."""
        examples = [
            (Button(self._messages.say(language, f"start.example.{topic}"), action("t", topic)),)
            for topic in EXAMPLES
            if topic in self._knowledge.topics
        ]
        return Reply(lines(self._messages.say(language, "start.hello")), (*examples, self.home(language)))

    def groups(self, language: str, *, edits: bool = False) -> Reply:
        """Return the groups of topics, two to a row."""
        buttons = [Button(self._group(group, language), action("g", group)) for group in self._groups]
        return Reply(lines(self._messages.say(language, "menu.title")), _paired(buttons), edits=edits)

    def topics(self, group: str, language: str) -> Reply | None:
        """Return the topics of a group, or None where the group is gone."""
        if group not in self._groups:
            return None
        back = (Button(self._messages.say(language, "menu.back"), MENU),)
        title = self._messages.say(language, "menu.group", group=self._group(group, language))
        return Reply(lines(title), (*self._topic_rows(self._groups[group], language), back), edits=True)

    def women(self, language: str) -> Reply:
        """Return the women's desk: networks, programmes, credit, funds, mentoring."""
        rows = self._topic_rows(
            [topic for topic in WOMEN_TOPICS if topic in self._knowledge.topics], language
        )
        return Reply(lines(self._messages.say(language, "women.title")), (*rows, self.home(language)))

    def library(self, language: str) -> Reply:
        """Return what is for staff of business organisations."""
        rows = self._topic_rows(self._groups.get("organisations", []), language)
        return Reply(lines(self._messages.say(language, "library.title")), (*rows, self.home(language)))

    def countries(self, language: str) -> Reply:
        """Return the question for the country: five buttons and "other"."""
        buttons = [
            Button(self._messages.say(language, f"country.{code}"), action("c", code)) for code in COUNTRIES
        ]
        buttons.append(Button(self._messages.say(language, "country.other"), action("c", NO_COUNTRY)))
        return Reply(lines(self._messages.say(language, "country.ask")), _paired(buttons))

    def languages(self, language: str) -> Reply:
        """Return the question for the language."""
        buttons = [
            Button(self._messages.say(tag, "language.name"), action("l", tag))
            for tag in self._messages.languages
        ]
        return Reply(lines(self._messages.say(language, "language.ask")), (tuple(buttons),))

    def forget(self, language: str) -> Reply:
        """Return the one confirmation before everything about a person is erased."""
        confirm = Button(self._messages.say(language, "forget.confirm"), FORGET)
        keep = Button(self._messages.say(language, "forget.keep"), KEEP)
        return Reply(lines(self._messages.say(language, "forget.ask")), ((confirm,), (keep,)))

    def home(self, language: str) -> tuple[Button, ...]:
        """Return the row that leads to the topics."""
        return (Button(self._messages.say(language, "menu.home"), MENU),)

    def _topic_rows(self, topics: list[str], language: str) -> Rows:
        return tuple(
            (Button(title.get(language) or next(iter(title.values())), action("t", topic)),)
            for topic, title in ((topic, self._knowledge.topics[topic].title) for topic in topics)
        )

    def _group(self, group: str, language: str) -> str:
        key = f"group.{group}"
        return self._messages.say(language, key) if self._messages.has(key) else group


def _paired(buttons: list[Button]) -> Rows:
    return tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))
