"""The turn being made: who writes, what happened, and what is said and recorded so far."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.advice.advice import Advice, Answer
from bot.advice.advisor import Advisor
from bot.advice.batch import SHOWN_RESOURCES
from bot.advice.knowledge import COUNTRIES, Knowledge
from bot.conversation import actions
from bot.conversation.answers import SHOWN, Answers
from bot.conversation.events import Event, Pressed
from bot.conversation.finder import Finder
from bot.conversation.library import Library
from bot.conversation.menus import Menus
from bot.conversation.messages import FALLBACK, Messages, lines
from bot.conversation.profile import ProfileMenu
from bot.conversation.records import (
    Asked,
    CaseOpened,
    Consented,
    Person,
    Record,
    Request,
    Turn,
)
from bot.conversation.replies import Button, Reply
from bot.conversation.shelf import Shelf
from bot.conversation.women import WomensDesk


class Promise(Protocol):
    """Gives the day by which a person is answered, by the office that takes such a case."""

    def __call__(
        self, at: datetime.datetime, *, country: str | None, topics: Iterable[str], reason: str
    ) -> datetime.date:
        """Return the day for a case that arrives at `at`."""
        ...


NOTE, SEARCH = "note", "search"
# Where the business is when it is in none of the countries there are resources for.
ABROAD = "other"
# What can be pressed in a group: what concerns the question, not one person.
FOR_ALL = frozenset({"t", "o", "g", "x", "q", actions.MENU, actions.HOME})


@dataclass(frozen=True)
class Speaker:
    """One state of the knowledge with all that speaks from it; replaced whole when it is reloaded."""

    advisor: Advisor
    messages: Messages
    answers: Answers
    menus: Menus
    finder: Finder
    women: WomensDesk
    library: Library
    profile: ProfileMenu

    @classmethod
    def of(cls, advisor: Advisor) -> "Speaker":
        """Return the speaker for an advisor's knowledge."""
        knowledge = advisor.knowledge
        messages, finder = Messages(knowledge.messages), Finder(knowledge.resources.values())
        answers = Answers(knowledge, messages)
        shelf = Shelf(knowledge, messages, answers)
        return cls(
            advisor,
            messages,
            answers,
            Menus(knowledge, messages),
            finder,
            WomensDesk(knowledge, messages, shelf),
            Library(knowledge, messages, shelf, finder),
            ProfileMenu(messages),
        )

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge that is spoken from."""
        return self.advisor.knowledge


class Draft:
    """What one event leads to.

    `promise` gives the day a person answers by, `asked` is the earlier request a button names.
    """

    def __init__(
        self, speaker: Speaker, person: Person, event: Event, *, promise: Promise, asked: Asked | None = None
    ):
        self.speaker = speaker
        self.person = person
        self.event = event
        self.asked = asked
        self._promise = promise
        self._speaks = person.language
        self._replies: list[Reply] = []
        self._records: list[Record] = []

    # -- what is known ---------------------------------------------------------------------------

    @property
    def language(self) -> str:
        """The language to speak: that of the question, or else the person's."""
        return self._speaks or self.person.language or FALLBACK

    def speak(self, language: str) -> None:
        """Speak `language` in this turn, whatever the person's own is."""
        self._speaks = language

    @property
    def here(self) -> str | None:
        """The country to answer for: the one chosen, or else the one the conversation gave away."""
        return self.person.country or self.person.heard or (ABROAD if self.person.abroad else None)

    @property
    def day(self) -> datetime.date:
        """The day of the event."""
        return self.event.at.date()

    @property
    def request(self) -> str:
        """The id of the request this event becomes: that of the earlier one where it revises one."""
        return getattr(self.event, "revises", None) or self.event.id

    def know(self, **changes: object) -> None:
        """Change what is known of the person."""
        self.person = replace(self.person, **changes)  # type: ignore[arg-type]

    def question_of(self, request: str) -> str | None:
        """Return the words of an earlier request, None where they are not known."""
        if self.asked is not None and self.asked.request == request:
            return self.asked.question or None
        return self.person.question if request and request == self.person.request else None

    def agreed(self, purpose: str) -> bool:
        """Say whether the person agreed to the text as it is now."""
        return (purpose, self._text_version) in self.person.consents

    @property
    def _text_version(self) -> str:
        return self.speaker.messages.say(self.language, "consent.version")

    # -- what is said ----------------------------------------------------------------------------

    def text(self, key: str, **values: str) -> str:
        """Return a text in the person's language."""
        return self.speaker.messages.say(self.language, key, **values)

    def reply(self, reply: Reply) -> None:
        """Say something; in a group nothing is offered that concerns one person alone."""
        self._replies.append(_for_all(reply) if self.event.in_group else reply)

    def notice(self, key: str) -> None:
        """Say something at the pressed button."""
        self.reply(Reply((), notice=self.text(key)))

    def say(
        self,
        key: str,
        *,
        rows: tuple[tuple[Button, ...], ...] = (),
        home: bool = False,
        person: str = "",
        edits: bool = False,
        **values: str,
    ) -> None:
        """Say one text, with buttons to a person (about request `person`) and to the topics."""
        given = list(rows)
        if person:
            given.append((self.speaker.answers.person(self.language, person),))
        if home:
            given.append(self.speaker.menus.home(self.language, edits=edits))
        self.reply(Reply(lines(self.text(key, **values)), tuple(given), edits=edits))

    # -- what is recorded ------------------------------------------------------------------------

    def record(self, record: Record) -> None:
        """Leave something behind."""
        self._records.append(record)

    def log(self, advice: Advice, question: str, *, kind: str | None = None, request: str = "") -> None:
        """Record a question with its outcome, under the event's id or over that of `request`."""
        answered = advice if isinstance(advice, Answer) else None
        country = advice.setting.country
        self.record(
            Request(
                id=request or self.request,
                at=self.event.at,
                question=question,
                outcome=advice.outcome,
                language=advice.setting.language,
                country=country if country in COUNTRIES else None,
                audience=advice.setting.audience,
                topics=answered.topics if answered else (),
                resources=answered.resources[:SHOWN] if answered else (),
                candidates=tuple(
                    (item.topic, round(item.confidence, 4)) for item in advice.candidates[:SHOWN_RESOURCES]
                ),
                confidence=round(advice.confidence, 4),
                kind=kind or getattr(advice, "kind", None) or getattr(advice, "group", None),
                knowledge=self.speaker.knowledge.fingerprint[:12],
            )
        )

    def consent(self, purpose: str) -> None:
        """Record that the person agrees to the text as it is now."""
        version = self._text_version
        self.record(Consented(purpose, version, self.language, self.event.at))
        kept = tuple(item for item in self.person.consents if item[0] != purpose)
        self.know(consents=(*kept, (purpose, version)))

    def promised(self, reason: str) -> str:
        """Return the day a person answers by, as people say it."""
        return self.speaker.messages.day(self.language, self._day_promised(reason))

    def open_case(self, reason: str, request: str | None, *, awaits: bool = False) -> str:
        """Record that a person must follow up; return the promised day.

        `awaits`: the next text belongs to the case.
        """
        topics, country = self._about(request), self.person.country or self.person.heard
        promised = self._day_promised(reason, topics)
        case = CaseOpened(
            "c" + self.event.id, self.event.at, reason, request or None, promised, country, topics
        )
        self.record(case)
        if awaits:
            self.know(expects=f"{NOTE}:{case.id}")
        return self.speaker.messages.day(self.language, promised)

    def _about(self, request: str | None) -> tuple[str, ...]:
        """Return the topics a case is about: those of the request, as far as they are known."""
        if self.asked is not None and self.asked.request == request:
            return self.asked.topics
        return (self.person.topic,) if request and self.person.topic else ()

    def _day_promised(self, reason: str, topics: tuple[str, ...] = ()) -> datetime.date:
        country = self.person.country or self.person.heard
        return self._promise(self.event.at, country=country, topics=topics, reason=reason)

    # -- the turn --------------------------------------------------------------------------------

    def turn(self) -> Turn:
        """Return what the event leads to; the first reply takes the place of an answer that is revised."""
        replies = list(self._replies)
        revised = getattr(self.event, "revises", None)
        if revised and replies:
            replies[0] = replace(replies[0], revises=revised)
        if not isinstance(self.event, Pressed):
            replies = [replace(reply, edits=False) for reply in replies]
        return Turn(self.person, tuple(replies), tuple(self._records))


def _for_all(reply: Reply) -> Reply:
    rows = tuple(tuple(button for button in row if _is_for_all(button)) for row in reply.rows)
    return replace(reply, rows=tuple(row for row in rows if row))


def _is_for_all(button: Button) -> bool:
    return button.action is None or actions.parse(button.action).verb in FOR_ALL
