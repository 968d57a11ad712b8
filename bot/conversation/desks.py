"""The women's desk and the library: one message each, turned by its own buttons."""

from bot.advice.knowledge import COUNTRIES
from bot.advice.text import clean, is_blank
from bot.conversation.actions import STOP, Action
from bot.conversation.draft import SEARCH, Draft
from bot.conversation.known_now import ANSWERS
from bot.conversation.library import FOUND
from bot.conversation.lost import gone
from bot.conversation.records import Subscribed, Unsubscribed, Withdrawn
from bot.conversation.replies import Reply
from bot.conversation.shelf import View
from bot.conversation.women import SEGMENTS

NEWS = "news"
# Longer words are no search.
LONGEST_SOUGHT = 120


def view(draft: Draft, *, after: str = "", anywhere: bool = False) -> View:
    """Return how the person looks at a list; `anywhere`: at what every country has."""
    return View(draft.language, None if anywhere else draft.here, draft.day, after)


# -- women -----------------------------------------------------------------------------------------


def women(draft: Draft, _: Action) -> None:
    """Lead back to the front of the women's desk."""
    draft.reply(draft.speaker.women.front(draft.language, draft.here, edits=True))


def women_new(draft: Draft, _: Action) -> None:
    """Open the women's desk below an answer, which stays."""
    draft.reply(draft.speaker.women.front(draft.language, draft.here))


def section(draft: Draft, pressed: Action) -> None:
    """Show a section of the women's desk."""
    reply = draft.speaker.women.section(pressed.argument(0), view(draft, after=pressed.argument(1)))
    if reply is None:
        gone(draft, key="unknown_button")
    else:
        draft.reply(reply)


def news(draft: Draft, pressed: Action) -> None:
    """Show the news there are; begin or stop to send them."""
    segment = pressed.argument(0)
    if segment == STOP:
        stop_news(draft, edits=True)
    elif segment == "country" and draft.person.country not in COUNTRIES:
        draft.reply(draft.speaker.menus.countries(draft.language, then="nw", edits=True))
    elif segment in SEGMENTS:
        _subscribed(draft, segment)
    else:
        draft.reply(draft.speaker.women.news(draft.language, draft.person.news))


def tell_me(draft: Draft, _: Action) -> None:
    """Note the wish to hear when a question that was not known can be answered."""
    _note_wish(draft, ANSWERS)
    draft.say("no_match.will_tell", home=True)


def _subscribed(draft: Draft, segment: str) -> None:
    _note_wish(draft, segment)
    draft.reply(draft.speaker.women.news(draft.language, draft.person.news, key="news.begun"))


def _note_wish(draft: Draft, segment: str) -> None:
    if not draft.agreed(NEWS):
        draft.consent(NEWS)
    draft.record(Subscribed(segment, draft.person.country, draft.event.at))
    draft.know(news=tuple(dict.fromkeys((*draft.person.news, segment))))


def stop_news(draft: Draft, *, edits: bool = False) -> None:
    """Send no more news; whoever pressed it under a message of news keeps that message."""
    draft.record(Unsubscribed(draft.event.at))
    draft.record(Withdrawn(NEWS, draft.event.at))
    draft.know(news=(), consents=tuple(item for item in draft.person.consents if item[0] != NEWS))
    draft.say("news.stopped", home=True, edits=edits)


def stop_here(draft: Draft, _: Action) -> None:
    """Send no more news, said below the news."""
    stop_news(draft)


def news_asked(draft: Draft) -> None:
    """Show the news there are in a new message."""
    draft.reply(draft.speaker.women.news(draft.language, draft.person.news))


# -- library ---------------------------------------------------------------------------------------


def library(draft: Draft, _: Action) -> None:
    """Lead back to the library's door."""
    draft.reply(draft.speaker.library.front(draft.language, edits=True))


def library_asked(draft: Draft, words: str) -> None:
    """Open the library, or look for the words after the command."""
    if is_blank(words):
        draft.reply(draft.speaker.library.front(draft.language))
    else:
        sought(draft, words)


def search(draft: Draft, _: Action) -> None:
    """Ask for the words; the next text is what is looked for."""
    draft.know(expects=SEARCH)
    draft.reply(draft.speaker.library.ask(draft.language))


def sought(draft: Draft, words: str) -> None:
    """Show what the library holds for the words."""
    draft.know(expects=None, sought=clean(words)[:LONGEST_SOUGHT])
    draft.reply(draft.speaker.library.found(draft.person.sought or "", view(draft, anywhere=True)))


def shelf(draft: Draft, pressed: Action) -> None:
    """Show a shelf of the library, or the shelves there are."""
    shown: Reply | None
    if pressed.verb == FOUND:
        look = view(draft, after=pressed.argument(0), anywhere=True)
        shown = draft.speaker.library.found(draft.person.sought, look) if draft.person.sought else None
    elif pressed.argument(0):
        look = view(draft, after=pressed.argument(1), anywhere=True)
        shown = draft.speaker.library.shelf(pressed.verb, pressed.argument(0), look)
    else:
        shown = draft.speaker.library.values(pressed.verb, view(draft, anywhere=True))
    draft.reply(shown or draft.speaker.library.front(draft.language, edits=True))
