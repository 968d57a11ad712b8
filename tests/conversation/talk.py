"""A person talking to the bot: each turn starts where the one before ended, and each reply is looked at."""

import datetime
from dataclasses import dataclass, field

from bot.conversation import actions
from bot.conversation.answers import size
from bot.conversation.dialogue import Speaker, converse
from bot.conversation.events import Event, Pressed, Said, Sent
from bot.conversation.records import (
    Asked,
    CaseNote,
    CaseOpened,
    Consented,
    Feedback,
    Forgotten,
    Person,
    Record,
    Request,
    Turn,
)
from bot.conversation.replies import LONGEST_ACTION, Button, Reply

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
THURSDAY = datetime.date(2026, 11, 26)
LONGEST_TEXT = 1_000
LONGEST_REPLY = 3 * 1024


def thursday(_: datetime.datetime, **__: object) -> datetime.date:
    """Promise an answer by Thursday the 26th, whatever the day."""
    return THURSDAY


@dataclass
class Talk:
    """One person's talk. `turn` is the last one."""

    speaker: Speaker
    person: Person = field(default_factory=lambda: Person("ana", language="es"))
    turn: Turn = field(default_factory=lambda: Turn(Person("ana")))
    events: int = 0
    logged: dict[str, Request] = field(default_factory=dict)

    def say(self, text: str, *, in_group: bool = False) -> Turn:
        return self._have(Said(self._next(), NOON, text, in_group=in_group))

    def reword(self, event: str, text: str) -> Turn:
        """Edit the words of an earlier event."""
        return self._have(Said(self._next(), NOON, text, revises=event))

    def send(self, kind: str, caption: str = "") -> Turn:
        return self._have(Sent(self._next(), NOON, kind, caption))

    def press(self, action: str) -> Turn:
        """Send back `action`, as any button ever shown may, and as anyone may forge."""
        return self._have(Pressed(self._next(), NOON, action))

    def choose(self, label: str) -> Turn:
        """Press the button of the last turn whose label is `label`."""
        return self.press(next(button.action or "" for button in self.buttons if button.text == label))

    def want_person(self, label: str = "Hablar con una persona") -> Turn:
        """Press the button to a person, and agree where that is asked."""
        self.choose(label)
        return self.agree()

    def agree(self) -> Turn:
        """Press the yes of a consent, where one is asked."""
        for button in self.buttons:
            if (button.action or "").startswith("y:"):
                return self.press(button.action or "")
        return self.turn

    @property
    def last(self) -> str:
        """The id of the last event."""
        return f"e{self.events}"

    @property
    def text(self) -> str:
        """All that the last turn said."""
        return "\n".join(reply.text + reply.notice for reply in self.turn.replies)

    @property
    def buttons(self) -> list[Button]:
        return [button for reply in self.turn.replies for button in buttons_of(reply)]

    @property
    def labels(self) -> list[str]:
        return [button.text for button in self.buttons]

    @property
    def links(self) -> list[str]:
        return [button.url for button in self.buttons if button.url]

    @property
    def requests(self) -> list[Request]:
        return [record for record in self.turn.records if isinstance(record, Request)]

    @property
    def cases(self) -> list[CaseOpened]:
        return [record for record in self.turn.records if isinstance(record, CaseOpened)]

    @property
    def notes(self) -> list[CaseNote]:
        return [record for record in self.turn.records if isinstance(record, CaseNote)]

    @property
    def feedback(self) -> list[Feedback]:
        return [record for record in self.turn.records if isinstance(record, Feedback)]

    @property
    def others(self) -> list[Record]:
        """What was recorded beside questions."""
        return [record for record in self.turn.records if not isinstance(record, Request)]

    @property
    def consents(self) -> list[Consented]:
        return [record for record in self.turn.records if isinstance(record, Consented)]

    @property
    def forgotten(self) -> bool:
        return Forgotten() in self.turn.records

    def _next(self) -> str:
        self.events += 1
        return self.last

    def _have(self, event: Event) -> Turn:
        asked = self._asked(event)
        self.turn = converse(self.speaker, self.person, event, promise=thursday, asked=asked)
        self.person = self.turn.person
        self.logged |= {request.id: request for request in self.requests}
        for reply in self.turn.replies:
            check(reply)
        return self.turn

    def _asked(self, event: Event) -> Asked | None:
        """Return the earlier request a button names, as the store would."""
        named = actions.parse(event.action).request if isinstance(event, Pressed) else ""
        found = self.logged.get(named)
        return found and Asked(found.id, found.question, found.topics, found.country, found.outcome)


def buttons_of(reply: Reply) -> list[Button]:
    return [button for row in reply.rows for button in row]


def check(reply: Reply) -> None:
    """Fail where a reply is what no reply may be: silent, too long, half filled in."""
    assert reply.text.strip() or reply.notice
    assert len(reply.text) < LONGEST_TEXT, reply.text
    assert size(reply) < LONGEST_REPLY, reply.text
    assert "{" not in reply.text + reply.notice
    for button in buttons_of(reply):
        assert button.text.strip()
        assert "{" not in button.text
        assert len((button.action or "").encode()) <= LONGEST_ACTION
