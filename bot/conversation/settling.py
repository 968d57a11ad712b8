"""What a person chooses for themselves: country, language, the optional profile."""

from bot.advice.knowledge import COUNTRIES
from bot.conversation import asking, profile
from bot.conversation.actions import HOME, START, YES, Action
from bot.conversation.draft import Draft
from bot.conversation.lost import gone
from bot.conversation.records import Withdrawn
from bot.conversation.women import WOMEN

NEWS = "nw"


def country(draft: Draft, pressed: Action) -> None:
    """Keep the country, and go on with what it was asked for."""
    code, then = pressed.argument(0), pressed.argument(1)
    known = code if code in COUNTRIES else None
    draft.know(country=known, heard=None, abroad=known is None, asked_country=True)
    if then == WOMEN:
        draft.reply(draft.speaker.women.front(draft.language, draft.person.country, edits=True))
    elif then == NEWS and known:
        draft.reply(draft.speaker.women.news(draft.language, draft.person.news))
    elif then == profile.PROFILE:
        draft.reply(draft.speaker.profile.front(draft.person, draft.language, edits=True))
    else:
        _settled(draft, known, home=then in (HOME, NEWS))
        asking.again(draft, then or draft.person.request or "")


def _settled(draft: Draft, known: str | None, *, home: bool) -> None:
    if known is None:
        draft.say("country.none", edits=True, home=home)
    else:
        draft.say("country.known", edits=True, home=home, country=draft.text(f"country.{known}"))


def countries(draft: Draft, pressed: Action) -> None:
    """Ask for the country from within a menu; the argument says what it leads back to."""
    then = pressed.argument(0)
    known = then if then in (WOMEN, profile.PROFILE, NEWS) else HOME
    draft.reply(draft.speaker.menus.countries(draft.language, then=known, edits=True))


def language(draft: Draft, pressed: Action) -> None:
    """Speak the chosen language from now on; a menu stays where it is, in the new words."""
    tag, then = pressed.argument(0), pressed.argument(1)
    if tag not in draft.speaker.messages.languages:
        gone(draft, key="unknown_button")
        return
    draft.know(language=tag)
    draft.speak(tag)
    if then == START:
        draft.reply(draft.speaker.menus.start(tag, edits=True))
    elif then == HOME:
        draft.reply(draft.speaker.menus.groups(tag, edits=True))
    else:
        draft.say("language.known", edits=True)


def own_profile(draft: Draft, _: Action) -> None:
    """Show what is known of the business."""
    draft.reply(draft.speaker.profile.front(draft.person, draft.language, edits=True))


def field(draft: Draft, pressed: Action) -> None:
    """Ask one thing, keep the answer once its keeping is agreed, or delete all of it."""
    name, value, agreed = (pressed.argument(n) for n in range(3))
    if name == profile.DELETE:
        _deleted(draft)
    elif name not in profile.VALUES:
        gone(draft, key="unknown_button")
    elif value not in profile.VALUES[name]:
        draft.reply(draft.speaker.profile.field(name, draft.language))
    elif agreed == YES or draft.agreed(profile.PURPOSE):
        _kept(draft, name, value)
    else:
        draft.reply(draft.speaker.profile.consent(name, value, draft.language))


def _kept(draft: Draft, name: str, value: str) -> None:
    if not draft.agreed(profile.PURPOSE):
        draft.consent(profile.PURPOSE)
    draft.know(**profile.changes(name, value))
    key = "profile.kept"
    draft.reply(draft.speaker.profile.front(draft.person, draft.language, key=key, edits=True))


def _deleted(draft: Draft) -> None:
    draft.know(
        country=None, heard=None, abroad=False, audience=None, sector=None, size=None, women_owned=None
    )
    draft.record(Withdrawn(profile.PURPOSE, draft.event.at))
    kept = tuple(item for item in draft.person.consents if item[0] != profile.PURPOSE)
    draft.know(consents=kept)
    key = "profile.deleted"
    draft.reply(draft.speaker.profile.front(draft.person, draft.language, key=key, edits=True))
