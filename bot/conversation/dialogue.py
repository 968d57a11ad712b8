"""One event of a person in, one `Turn` out: what is said, and what must be recorded.

Pure but for the advisor it is given: times and ids come with the event, the person as known comes
in and goes out. The same code serves Telegram and the terminal. Every command and every button is in
one of the two lists here.
"""

import re
from collections.abc import Callable

from bot.conversation import actions, asking, desks, handing, settling
from bot.conversation.actions import Action
from bot.conversation.asking import ATTACHMENTS
from bot.conversation.draft import SEARCH, Draft, Promise, Speaker
from bot.conversation.events import Event, Pressed, Said, Sent
from bot.conversation.handing import DOWN_REASONS
from bot.conversation.library import FOUND, KIND, LANGUAGE, LIBRARY, SEARCH_BUTTON, TOPIC
from bot.conversation.lost import gone
from bot.conversation.profile import FIELD, PROFILE
from bot.conversation.records import Asked, Came, CaseNote, DataAsked, Forgotten, Person, Turn
from bot.conversation.women import WOMEN

__all__ = ["ATTACHMENTS", "BUTTONS", "COMMANDS", "DOWN_REASONS", "Promise", "Speaker", "converse"]

# What a link may carry; anything else was not made by Telegram.
# A link carries what it opens and where somebody comes from, or one of them.
CARRIED = 2
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


def converse(
    speaker: Speaker, person: Person, event: Event, *, promise: Promise, asked: Asked | None = None
) -> Turn:
    """Return what `event` of `person` leads to; `asked` is the earlier request a pressed button names."""
    draft = Draft(speaker, person, event, promise=promise, asked=asked)
    match event:
        case Said():
            _said(draft, event.text)
        case Pressed():
            _pressed(draft, actions.parse(event.action))
        case Sent():
            asking.sent(draft, event)
    return draft.turn()


def _said(draft: Draft, text: str) -> None:
    if text.startswith("/"):
        _command(draft, text)
        return
    if draft.person.attended and not asking.needs_care(draft, text):
        handing.heard(draft, text, waits=not asking.is_thanks(draft, text))
        return
    if draft.person.expects == SEARCH:
        desks.sought(draft, text)
        return
    case = asking.noted(draft)
    if case:
        draft.record(CaseNote(case, draft.event.at, text))
        draft.know(expects=None)
    asking.question(draft, text, noted=bool(case))


def _command(draft: Draft, text: str) -> None:
    name, _, argument = text[1:].partition(" ")
    name = name.partition("@")[0].casefold()
    draft.know(expects=None)
    if draft.event.in_group and name in PERSONAL:
        draft.say("in_group.private")
    elif name in COMMANDS:
        COMMANDS[name](draft, argument.strip())
    else:
        draft.say("unknown_command", home=True)


def _start(draft: Draft, payload: str) -> None:
    """Greet; or open the topic or resource a link names, and count each word the link carried."""
    knowledge = draft.speaker.knowledge
    words = payload.split()
    if len(words) > CARRIED or not all(PAYLOAD.fullmatch(word) for word in words):
        words = []
    known = [word for word in words if word in knowledge.topics or word in knowledge.resources]
    for word in words:
        draft.record(Came(word, word in known, draft.event.at))
    target = known[0] if known else ""
    if target in knowledge.topics:
        asking.open_topic(draft, target)
    elif target:
        asking.open_resource(draft, target)
    else:
        draft.reply(draft.speaker.menus.start(draft.language))


def _cancel(draft: Draft, _: str) -> None:
    draft.know(topic=None, question=None, request=None, sought=None)
    draft.say("cancel", home=True)


def _news(draft: Draft, argument: str) -> None:
    if argument.casefold() == actions.STOP:
        desks.stop_news(draft)
    else:
        desks.news_asked(draft)


def _mydata(draft: Draft, _: str) -> None:
    draft.record(DataAsked())
    draft.say("mydata.ready", home=True)


def _forget(draft: Draft, _: Action) -> None:
    draft.record(Forgotten())
    draft.say("forget.done", edits=True)
    draft.person = Person(draft.person.id, language=draft.person.language)


Command = Callable[[Draft, str], None]
Button = Callable[[Draft, Action], None]

COMMANDS: dict[str, Command] = {
    "start": _start,
    "menu": lambda draft, _: draft.reply(draft.speaker.menus.groups(draft.language)),
    "help": lambda draft, _: draft.say("help", home=True),
    "women": lambda draft, _: draft.reply(draft.speaker.women.front(draft.language, draft.here)),
    "library": desks.library_asked,
    "profile": lambda draft, _: draft.reply(draft.speaker.profile.front(draft.person, draft.language)),
    "language": lambda draft, _: draft.reply(draft.speaker.menus.languages(draft.language)),
    "country": lambda draft, _: draft.reply(draft.speaker.menus.countries(draft.language)),
    "person": lambda draft, _: handing.wanted(draft, "person", draft.person.request or ""),
    "news": _news,
    "cancel": _cancel,
    "privacy": lambda draft, _: draft.reply(draft.speaker.menus.privacy(draft.language)),
    "mydata": _mydata,
    "forget": lambda draft, _: draft.reply(draft.speaker.menus.forget(draft.language)),
}
# In a group these are met by a hint to write in private.
PERSONAL = frozenset({"profile", "country", "language", "person", "news", "mydata", "forget"})

BUTTONS: dict[str, Button] = {
    # questions
    "q": asking.example,
    "t": asking.topic,
    "o": asking.option,
    "m": asking.more,
    "e": asking.everything,
    "x": asking.card,
    "s": asking.anyway,
    # people
    "p": handing.pressed_person,
    "a": handing.pressed_person,
    "f": handing.pressed_person,
    "y": handing.agreed,
    "no": handing.refused,
    "n": handing.none_of_these,
    "u": handing.thumbs_up,
    "d": handing.thumbs_down,
    "r": handing.reason_given,
    "k": handing.connect,
    # settings
    "c": settling.country,
    "l": settling.language,
    PROFILE: settling.own_profile,
    FIELD: settling.field,
    # desks
    WOMEN: desks.women,
    "women_new": desks.women_new,
    "w": desks.section,
    settling.NEWS: desks.news,
    "news_stop": desks.stop_here,
    "tell_me": desks.tell_me,
    LIBRARY: desks.library,
    SEARCH_BUTTON: desks.search,
    KIND: desks.shelf,
    TOPIC: desks.shelf,
    LANGUAGE: desks.shelf,
    FOUND: desks.shelf,
    # menus
    actions.MENU: lambda draft, _: draft.reply(draft.speaker.menus.groups(draft.language)),
    actions.HOME: lambda draft, _: draft.reply(draft.speaker.menus.groups(draft.language, edits=True)),
    "g": lambda draft, pressed: _group(draft, pressed.argument(0)),
    "country": settling.countries,
    "language": lambda draft, _: draft.reply(draft.speaker.menus.languages(draft.language, edits=True)),
    "person": lambda draft, _: handing.wanted(draft, "person", draft.person.request or "", edits=True),
    "help": lambda draft, _: draft.say("help", home=True, edits=True),
    "privacy": lambda draft, _: draft.reply(draft.speaker.menus.privacy(draft.language, edits=True)),
    "mydata": lambda draft, _: _mydata(draft, ""),
    "erase": lambda draft, _: draft.reply(draft.speaker.menus.forget(draft.language, edits=True)),
    actions.FORGET: _forget,
    actions.KEEP: lambda draft, _: draft.say("forget.kept", edits=True, home=True),
}


def _pressed(draft: Draft, pressed: Action) -> None:
    draft.know(expects=None)
    if pressed.verb in BUTTONS:
        BUTTONS[pressed.verb](draft, pressed)
    else:
        gone(draft, key="unknown_button")


def _group(draft: Draft, group: str) -> None:
    reply = draft.speaker.menus.topics(group, draft.language)
    if reply is None:
        gone(draft, topic=group)
    else:
        draft.reply(reply)
