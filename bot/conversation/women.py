"""The women's desk: networks, programmes, finance, training and mentoring, by country; news; connect me."""

from collections.abc import Callable

from bot.advice.knowledge import COUNTRIES, Knowledge, Resource
from bot.advice.ranking import OPEN_AUDIENCES
from bot.conversation.actions import HOME, STOP, YES, action
from bot.conversation.known_now import ANSWERS
from bot.conversation.messages import Messages, lines
from bot.conversation.replies import Button, Reply
from bot.conversation.shelf import Shelf, View

WOMEN = "women"
NETWORK_TOPICS, FINANCE_TOPICS = {"women-networks"}, {"loans", "grants"}
TRAINING_TOPICS, MENTORING_TOPICS = {"business-training", "digitalization", "accounting"}, {"mentoring"}

# What belongs in each section, by kind and topics; in the order of the menu.
SECTIONS: dict[str, Callable[[Resource], bool]] = {
    "networks": lambda item: item.kind == "network" or bool(NETWORK_TOPICS & {*item.topics}),
    "programmes": lambda item: "women-programmes" in item.topics or item.kind == "programme",
    "finance": lambda item: bool(FINANCE_TOPICS & {*item.topics}),
    "training": lambda item: item.kind == "course" or bool(TRAINING_TOPICS & {*item.topics}),
    "mentoring": lambda item: bool(MENTORING_TOPICS & {*item.topics}),
}
# News are of what is made for women business owners, or of the person's own country.
SEGMENTS = (WOMEN, "country", ANSWERS)


class WomensDesk:
    """The desk of one state of the knowledge; all of it in one message."""

    def __init__(self, knowledge: Knowledge, messages: Messages, shelf: Shelf):
        self._knowledge = knowledge
        self._messages = messages
        self._shelf = shelf

    def front(self, language: str, country: str | None, *, edits: bool = False) -> Reply:
        """Return the desk: its sections, the country, the network's coordinator, the news."""
        say = self._messages.say
        sections = [Button(say(language, f"women.{name}"), action("w", name)) for name in SECTIONS]
        ways = (Button(say(language, "women.connect"), "k"), Button(say(language, "women.news"), "nw"))
        rows = (
            *(tuple(sections[n : n + 2]) for n in range(0, len(sections), 2)),
            (self._where(language, country),),
            ways,
            (Button(say(language, "menu.home"), HOME),),
        )
        return Reply(lines(say(language, "women.title")), rows, edits=edits)

    def section(self, name: str, view: View) -> Reply | None:
        """Return a section's resources, own country first; None for a section that is gone."""
        if name not in SECTIONS:
            return None
        say = self._messages.say
        back = (
            Button(say(view.language, "menu.back"), WOMEN),
            self._where(view.language, view.country),
        )
        found = self.resources(name, view)
        title = say(view.language, f"women.{name}")
        if not found:
            empty = lines(say(view.language, "women.empty", section=title))
            return Reply(empty, (back, (Button(say(view.language, "women.connect"), "k"),)), edits=True)
        return self._shelf.page(
            title, found, view, onward=lambda after: action("w", name, after), rows=(back,)
        )

    def resources(self, name: str, view: View) -> list[Resource]:
        """Return what a section holds for a view: own country first, made for women alone first."""
        found = [
            item
            for item in self._shelf.shown(view)
            if WOMEN in item.audience and SECTIONS[name](item) and (view.country is not None or item.wide)
        ]
        return sorted(found, key=lambda item: (*_distance(item, view.country), item.id))

    def connect(self, language: str, promised: str) -> Reply:
        """Return the question before a person is put in touch with the network's coordinator."""
        yes = Button(self._messages.say(language, "connect.yes"), action("k", YES))
        no = Button(self._messages.say(language, "consent.no"), WOMEN)
        said = self._messages.say(language, "connect.ask", promised=promised)
        return Reply(lines(said), ((yes,), (no,)), edits=True)

    def news(self, language: str, segments: tuple[str, ...], *, key: str = "news.ask") -> Reply:
        """Return what news there are, those the person has, and the way to stop them."""
        say = self._messages.say
        rows: list[tuple[Button, ...]] = [
            (Button(say(language, f"news.{segment}"), action("nw", segment)),)
            for segment in SEGMENTS
            if segment not in segments
        ]
        if segments:
            rows.append((Button(say(language, "news.stop"), action("nw", STOP)),))
        rows.append((Button(say(language, "menu.back"), WOMEN), Button(say(language, "menu.home"), HOME)))
        said = say(language, key)
        if segments:
            labels = [say(language, f"news.{segment}") for segment in segments]
            named = self._messages.listed(language, [label[:1].lower() + label[1:] for label in labels])
            said = f"{said}\n\n{say(language, 'news.having', segments=named)}"
        return Reply(lines(said), tuple(rows), edits=True)

    def _where(self, language: str, country: str | None) -> Button:
        known = self._messages.say(language, f"country.{country}") if country in COUNTRIES else "…"
        return Button(self._messages.say(language, "profile.country", value=known), action("country", WOMEN))


def _distance(item: Resource, country: str | None) -> tuple[int, bool]:
    """Return how far a resource is from the country, and whether it is for others, too."""
    near = 0 if country in item.countries else 1 if "regional" in item.countries else 2
    return near, bool({*item.audience} & OPEN_AUDIENCES)
