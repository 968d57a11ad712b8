"""One event of a person in, one `Turn` out: what is said, and what must be recorded.

Pure but for the advisor it is given: times and ids come with the event, the person as known comes
in and goes out. The same code serves Telegram and the terminal.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.advice.advice import Advice, Answer, Clarify, Handoff, NoMatch, Sensitive, Smalltalk
from bot.advice.advisor import Advisor
from bot.advice.batch import SHOWN_RESOURCES
from bot.advice.knowledge import COUNTRIES
from bot.advice.setting import Profile, Setting
from bot.conversation import actions
from bot.conversation.actions import Action, action
from bot.conversation.answers import SHOWN, Answers
from bot.conversation.events import Event, Pressed, Said, Sent
from bot.conversation.menus import Menus
from bot.conversation.messages import FALLBACK, Messages, lines
from bot.conversation.records import CaseNote, CaseOpened, Feedback, Forgotten, Person, Record, Request, Turn
from bot.conversation.replies import Button, Reply


class Promise(Protocol):
    """Gives the day by which a person is answered, by the office that takes such a case."""

    def __call__(
        self, at: datetime.datetime, *, country: str | None, topics: Iterable[str], reason: str
    ) -> datetime.date:
        """Return the day for a case that arrives at `at`."""
        ...


DOWN_REASONS = ("wrong_topic", "wrong_country", "not_enough", "bad_link")
ATTACHMENTS = ("voice", "photo", "document")
NOTE = "note"
# Below this a country is where goods go, not where the business is.
SURE_CLUE = 1.0
LONGEST_REQUEST = 40


@dataclass(frozen=True)
class Speaker:
    """One state of the knowledge with all that speaks from it; replaced whole when it is reloaded."""

    advisor: Advisor
    messages: Messages
    answers: Answers
    menus: Menus

    @classmethod
    def of(cls, advisor: Advisor) -> "Speaker":
        """Return the speaker for an advisor's knowledge."""
        messages = Messages(advisor.knowledge.messages)
        return cls(
            advisor, messages, Answers(advisor.knowledge, messages), Menus(advisor.knowledge, messages)
        )


class Dialogue:
    """What is said to one person in one turn. `promise` gives the day a person answers by."""

    def __init__(self, speaker: Speaker, person: Person, event: Event, *, promise: Promise):
        self._speaker = speaker
        self._messages = speaker.messages
        self._person = person
        self._event = event
        self._promise = promise
        self._replies: list[Reply] = []
        self._records: list[Record] = []

    @property
    def _language(self) -> str:
        return self._person.language or FALLBACK

    @property
    def _here(self) -> str | None:
        """The country to answer for: the one chosen, or else the one the conversation gave away."""
        return self._person.country or self._person.heard

    def turn(self) -> Turn:
        """Return what the event leads to."""
        if isinstance(self._event, Said):
            self._said(self._event.text)
        elif isinstance(self._event, Pressed):
            self._pressed(actions.parse(self._event.action))
        elif isinstance(self._event, Sent):
            self._sent(self._event)
        return Turn(self._person, self._placed(), tuple(self._records))

    @property
    def _request(self) -> str:
        """The id of the request this event becomes: that of the earlier one where it revises one."""
        return getattr(self._event, "revises", None) or self._event.id

    def _placed(self) -> tuple[Reply, ...]:
        """Return the replies, the first in the place of the answer that is revised."""
        revised = getattr(self._event, "revises", None)
        if revised and self._replies:
            return (replace(self._replies[0], revises=revised), *self._replies[1:])
        return tuple(self._replies)

    # -- text ------------------------------------------------------------------------------------

    def _said(self, text: str) -> None:
        if text.startswith("/"):
            self._command(text)
            return
        case = self._expected_note()
        if case:
            self._records.append(CaseNote(case, self._event.at, text))
            self._know(expects=None)
        self._question(text, noted=bool(case))

    def _expected_note(self) -> str:
        kind, _, case = (self._person.expects or "").partition(":")
        return case if kind == NOTE else ""

    def _command(self, text: str) -> None:
        name, _, argument = text[1:].partition(" ")
        name = name.partition("@")[0].casefold()
        self._know(expects=None)
        if name == "start" and argument.strip() in self._speaker.advisor.knowledge.topics:
            self._topic(argument.strip())
            return
        commands: dict[str, Callable[[], None]] = {
            "start": lambda: self._reply(self._speaker.menus.start(self._language)),
            "menu": lambda: self._reply(self._speaker.menus.groups(self._language)),
            "help": lambda: self._say("help", home=True),
            "country": lambda: self._reply(self._speaker.menus.countries(self._language)),
            "language": lambda: self._reply(self._speaker.menus.languages(self._language)),
            "person": lambda: self._person_wanted(self._person.request),
            "women": lambda: self._reply(self._speaker.menus.women(self._language)),
            "library": lambda: self._reply(self._speaker.menus.library(self._language)),
            "privacy": lambda: self._say("privacy", home=True),
            "forget": lambda: self._reply(self._speaker.menus.forget(self._language)),
            "cancel": self._cancel,
        }
        if name in commands:
            commands[name]()
        else:
            self._say("unknown_command", home=True)

    def _cancel(self) -> None:
        self._know(topic=None, question=None, request=None)
        self._say("cancel", home=True)

    def _question(self, text: str, *, noted: bool = False) -> None:
        profile = Profile(self._here, self._person.audience, self._person.language)
        advice = self._speaker.advisor.advise(
            text, day=self._event.at.date(), profile=profile, previous=self._person.topic
        )
        language = advice.setting.language
        if self._person.language is None or isinstance(advice, Answer | Clarify):
            self._know(language=language)
        if any(clue.kind == "country" and clue.weight >= SURE_CLUE for clue in advice.setting.clues):
            self._know(heard=advice.setting.country)
        self._record(advice, text)
        if noted:
            self._say("person.added", language=language)
            if not isinstance(advice, Answer | Sensitive):
                return
        self._speak(advice, text)

    def _speak(self, advice: Advice, text: str) -> None:
        language, request = advice.setting.language, self._request
        match advice:
            case Answer():
                self._answered(advice, text)
            case Clarify():
                self._know(question=text, request=request)
                self._reply(self._speaker.answers.options(advice, request=request))
            case Handoff():
                self._person_wanted(self._person.request, language=language)
            case Sensitive():
                self._sensitive(advice)
            case Smalltalk():
                self._smalltalk(advice)
            case NoMatch():
                self._know(question=text, request=request)
                self._no_match(advice)

    def _answered(self, answer: Answer, text: str) -> None:
        country_known = answer.setting.country is not None
        self._know(topic=answer.topics[0], question=text, request=self._request)
        if self._event.in_group:
            self._reply(self._speaker.answers.brief(answer))
            return
        self._reply(self._speaker.answers.answer(answer, request=self._request))
        if not country_known and not self._person.asked_country:
            self._know(asked_country=True)
            self._reply(self._speaker.menus.countries(answer.setting.language))

    def _smalltalk(self, advice: Smalltalk) -> None:
        language = advice.setting.language
        if advice.kind == "greeting" and self._person.request is None:
            self._reply(self._speaker.menus.start(language))
        elif advice.kind in ("insult", "who_are_you"):
            self._say(f"smalltalk.{advice.kind}", language=language, person=self._request, home=True)
        else:
            self._say(
                f"smalltalk.{advice.kind}", language=language, home=advice.kind not in ("thanks", "goodbye")
            )

    def _no_match(self, advice: NoMatch) -> None:
        language = advice.setting.language
        refusal = self._speaker.advisor.knowledge.out_of_scope.get(advice.group or "")
        text = refusal.line.get(language) if refusal else None
        said = text or self._messages.say(language, "no_match.unknown")
        person = Button(self._messages.say(language, "no_match.person"), action("p", self._request))
        self._reply(Reply(lines(said), (self._speaker.menus.home(language), (person,))))

    def _sensitive(self, advice: Sensitive) -> None:
        knowledge, language = self._speaker.advisor.knowledge, advice.setting.language
        line = knowledge.sensitive[advice.kind].line
        rows = [
            self._speaker.answers.link(knowledge.resources[helpline], language)
            for helpline in advice.helplines
        ]
        self._open_case("sensitive", self._request)
        self._reply(Reply(lines(line.get(language) or next(iter(line.values()))), tuple(rows)))

    # -- buttons ---------------------------------------------------------------------------------

    def _pressed(self, pressed: Action) -> None:
        self._know(expects=None)
        handlers: dict[str, Callable[[], None]] = {
            "t": lambda: self._topic(pressed.argument(0)),
            "g": lambda: self._group(pressed.argument(0)),
            "o": lambda: self._topic(pressed.argument(0), request=pressed.argument(1)),
            "n": lambda: self._none_of_these(pressed.argument(0)),
            "m": lambda: self._more(pressed.argument(0), pressed.argument(1)),
            "p": lambda: self._person_wanted(pressed.argument(0) or None),
            "u": lambda: self._thumbs_up(pressed.argument(0)),
            "d": lambda: self._thumbs_down(pressed.argument(0)),
            "r": lambda: self._reason(pressed.argument(0), pressed.argument(1)),
            "c": lambda: self._country(pressed.argument(0)),
            "l": lambda: self._chosen_language(pressed.argument(0)),
            actions.MENU: lambda: self._reply(self._speaker.menus.groups(self._language, edits=True)),
            actions.FORGET: self._forget,
            actions.KEEP: lambda: self._say("forget.kept"),
        }
        if pressed.verb in handlers:
            handlers[pressed.verb]()
        else:
            self._gone("unknown_button")

    def _gone(self, key: str) -> None:
        self._say(key)
        self._reply(self._speaker.menus.groups(self._language))

    def _group(self, group: str) -> None:
        reply = self._speaker.menus.topics(group, self._language)
        if reply is None:
            self._gone("answer.gone")
        else:
            self._reply(reply)

    def _topic(self, topic: str, *, request: str = "") -> None:
        """Answer a topic chosen by button; for an option, in the words of the question it was offered for."""
        if topic not in self._speaker.advisor.knowledge.topics:
            self._gone("answer.gone")
            return
        asked_for = self._person.question if request and request == self._person.request else None
        answer = self._chosen(topic, asked_for)
        title = self._speaker.answers.title(
            self._speaker.advisor.knowledge.topics[topic], answer.setting.language
        )
        self._record(answer, asked_for or title, kind="chosen")
        self._answered(answer, asked_for or title)

    def _more(self, topic: str, start: str) -> None:
        if topic not in self._speaker.advisor.knowledge.topics or not start.isascii() or not start.isdigit():
            self._gone("answer.gone")
            return
        answer = self._chosen(topic, self._person.question if topic == self._person.topic else None)
        self._reply(self._speaker.answers.more(answer, start=int(start)))

    def _chosen(self, topic: str, question: str | None) -> Answer:
        """Return the answer for a topic chosen by button, in the setting and order of `question`."""
        setting = Setting(self._language, self._here, self._person.audience)
        if question:
            known = Profile(setting.country, setting.audience, setting.language)
            setting = self._speaker.advisor.setting(question, known)
        day = self._event.at.date()
        return self._speaker.advisor.answer_topic(topic, setting, question=question or "", day=day)

    def _none_of_these(self, request: str) -> None:
        self._records.append(Feedback(request, "none"))
        promised = self._open_case("none_of_these", request)
        self._say("clarify.none_reply", home=True, promised=self._messages.day(self._language, promised))

    def _thumbs_up(self, request: str) -> None:
        self._records.append(Feedback(request, "up"))
        self._notice("feedback.thanks")

    def _thumbs_down(self, request: str) -> None:
        if len(request.encode()) > LONGEST_REQUEST:
            self._gone("unknown_button")
            return
        self._records.append(Feedback(request, "down"))
        buttons = [
            (Button(self._messages.say(self._language, f"feedback.{reason}"), action("r", reason, request)),)
            for reason in DOWN_REASONS
        ]
        person = (self._speaker.answers.person(self._language, request),)
        self._reply(Reply(lines(self._messages.say(self._language, "feedback.ask")), (*buttons, person)))

    def _reason(self, reason: str, request: str) -> None:
        if reason in DOWN_REASONS:
            self._records.append(Feedback(request, "down", reason))
        person = (self._speaker.answers.person(self._language, request),)
        said = lines(self._messages.say(self._language, "feedback.noted"))
        self._reply(Reply(said, (person, self._speaker.menus.home(self._language)), edits=True))

    def _country(self, code: str) -> None:
        known = code if code in COUNTRIES else None
        self._know(country=known, heard=None, asked_country=True)
        if known is None:
            self._say("country.none", edits=True)
            return
        self._say("country.known", edits=True, country=self._messages.say(self._language, f"country.{known}"))
        if self._person.topic in self._speaker.advisor.knowledge.topics and self._person.request:
            self._topic(str(self._person.topic), request=self._person.request)

    def _chosen_language(self, tag: str) -> None:
        if tag not in self._messages.languages:
            self._gone("unknown_button")
            return
        self._know(language=tag)
        self._say("language.known", edits=True)

    def _forget(self) -> None:
        self._records.append(Forgotten())
        self._say("forget.done", edits=True)
        self._person = Person(self._person.id, language=self._person.language)

    # -- people ----------------------------------------------------------------------------------

    def _person_wanted(self, request: str | None, *, language: str | None = None) -> None:
        language = language or self._language
        promised = self._messages.day(language, self._open_case("person", request))
        self._say("person.opened" if request else "person.opened_blank", language=language, promised=promised)

    def _open_case(self, reason: str, request: str | None) -> datetime.date:
        topics = (self._person.topic,) if self._person.topic else ()
        promised = self._promise(self._event.at, country=self._here, topics=topics, reason=reason)
        case = CaseOpened(
            "c" + self._event.id, self._event.at, reason, request or None, promised, self._here, topics
        )
        self._records.append(case)
        if reason == "person":
            self._know(expects=f"{NOTE}:{case.id}")
        return promised

    # -- what cannot be read -----------------------------------------------------------------------

    def _sent(self, sent: Sent) -> None:
        if sent.caption.strip():
            self._question(sent.caption)
            return
        setting = Setting(self._language, self._here, self._person.audience)
        self._record(NoMatch(setting), "", kind=sent.kind)
        key = sent.kind if sent.kind in ATTACHMENTS else "other"
        self._say(f"attachment.{key}", person=self._request, home=True)

    # -- parts -----------------------------------------------------------------------------------

    def _record(self, advice: Advice, question: str, *, kind: str | None = None) -> None:
        answered = advice if isinstance(advice, Answer) else None
        kind = kind or getattr(advice, "kind", None) or getattr(advice, "group", None)
        self._records.append(
            Request(
                id=self._request,
                at=self._event.at,
                question=question,
                outcome=advice.outcome,
                language=advice.setting.language,
                country=advice.setting.country,
                audience=advice.setting.audience,
                topics=answered.topics if answered else (),
                resources=answered.resources[:SHOWN] if answered else (),
                candidates=tuple(
                    (item.topic, round(item.confidence, 4)) for item in advice.candidates[:SHOWN_RESOURCES]
                ),
                confidence=round(advice.confidence, 4),
                kind=kind,
                knowledge=self._speaker.advisor.knowledge.fingerprint[:12],
            )
        )

    def _know(self, **changes: object) -> None:
        self._person = replace(self._person, **changes)  # type: ignore[arg-type]

    def _reply(self, reply: Reply) -> None:
        self._replies.append(reply)

    def _notice(self, key: str) -> None:
        self._reply(Reply((), notice=self._messages.say(self._language, key)))

    def _say(
        self,
        key: str,
        *,
        language: str | None = None,
        home: bool = False,
        person: str = "",
        edits: bool = False,
        **values: str,
    ) -> None:
        language = language or self._language
        rows: list[tuple[Button, ...]] = []
        if person:
            rows.append((self._speaker.answers.person(language, person),))
        if home:
            rows.append(self._speaker.menus.home(language))
        self._reply(Reply(lines(self._messages.say(language, key, **values)), tuple(rows), edits=edits))


def converse(speaker: Speaker, person: Person, event: Event, *, promise: Promise) -> Turn:
    """Return what `event` of `person` leads to."""
    return Dialogue(speaker, person, event, promise=promise).turn()
