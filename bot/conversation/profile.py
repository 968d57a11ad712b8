"""What a person may tell of the business, if they like: looked at, changed and deleted by buttons."""

from bot.conversation.actions import HOME, YES, action
from bot.conversation.messages import Messages, lines
from bot.conversation.records import Person
from bot.conversation.replies import Button, Line, Reply, Span

PROFILE, FIELD, DELETE = "profile", "pf", "delete"
# The purpose its consent is for.
PURPOSE = "profile"
SECTORS = (
    "food", "farming", "crafts", "clothing", "commerce", "services", "beauty", "tourism", "building",
    "industry", "technology", "other",
)  # fmt: skip
SIZES = ("1", "2-5", "6-10", "11-50", "51")
VALUES = {"sector": SECTORS, "size": SIZES, "women": ("yes", "no")}


class ProfileMenu:
    """The profile in one message that edits itself."""

    def __init__(self, messages: Messages):
        self._messages = messages

    def front(
        self, person: Person, language: str, *, key: str = "profile.title", edits: bool = False
    ) -> Reply:
        """Return what is known of the business, each with the way to change it."""
        say = self._messages.say
        country = say(language, f"country.{person.country}") if person.country else "…"
        fields = [Button(say(language, "profile.country", value=country), action("country", PROFILE))]
        fields += [
            Button(
                say(language, f"profile.{field}", value=self._said(person, field, language)),
                action(FIELD, field),
            )
            for field in VALUES
        ]
        rows = [(button,) for button in fields]
        if any(stored(person, field) is not None for field in VALUES):
            rows.append((Button(say(language, "profile.delete"), action(FIELD, DELETE)),))
        rows.append((Button(say(language, "menu.home"), HOME),))
        return Reply(lines(say(language, key)), tuple(rows), edits=edits)

    def field(self, name: str, language: str) -> Reply:
        """Return the question for one thing, with the way past it."""
        say = self._messages.say
        buttons = [
            Button(say(language, f"profile.{name}_{value}"), action(FIELD, name, value))
            for value in VALUES[name]
        ]
        rows = [tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2)]
        back = Button(say(language, "menu.back"), PROFILE)
        rows.append((Button(say(language, "profile.skip"), following(name)), back))
        return Reply(lines(say(language, f"profile.ask_{name}")), tuple(rows), edits=True)

    def consent(self, name: str, value: str, language: str) -> Reply:
        """Return the question before the first thing is stored."""
        said: tuple[Line, ...] = lines(self._messages.say(language, "consent.profile"))
        answer: Line = (Span(self._messages.say(language, f"profile.{name}_{value}"), "soft"),)
        yes = Button(self._messages.say(language, "consent.profile_yes"), action(FIELD, name, value, YES))
        no = Button(self._messages.say(language, "consent.no"), PROFILE)
        return Reply((answer, *said), ((yes,), (no,)), edits=True)

    def _said(self, person: Person, field: str, language: str) -> str:
        value = stored(person, field)
        return self._messages.say(language, f"profile.{field}_{value}") if value else "…"


def stored(person: Person, field: str) -> str | None:
    """Return what is stored of one thing, as its buttons name it."""
    if field == "women":
        return None if person.women_owned is None else "yes" if person.women_owned else "no"
    value: str | None = getattr(person, field)
    return value if value in VALUES[field] else None


def changes(field: str, value: str) -> dict[str, object]:
    """Return what an answer changes of the person. Who says the business is women's is answered so."""
    if field == "women":
        owned = value == "yes"
        return {"women_owned": owned, "audience": "women" if owned else None}
    return {field: value}


def following(field: str) -> str:
    """Return the action that asks the thing after `field`, or leads back to the profile after the last."""
    fields = list(VALUES)
    place = fields.index(field) + 1
    return action(FIELD, fields[place]) if place < len(fields) else PROFILE
