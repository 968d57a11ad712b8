"""The card of a case in a staff chat: one message that says all of it, with the buttons to act on it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from bot.casework.dossier import Dossier
from bot.casework.voice import Voice
from bot.casework.work import OUTCOMES
from bot.conversation.actions import action
from bot.conversation.replies import LONGEST_ACTION, Button, Line, Reply, Span
from bot.store import StepRow

# The first word of what a staff button sends back; the conversation's own verbs are other words.
VERB = "st"
# What fits on a card beside all else, in letters; what is older or longer is in the console.
LONGEST_QUESTION, LONGEST_STEP, LAST_STEPS = 1_200, 160, 8
LONGEST_NAME, LONGEST_BUTTON = 100, 48
OFFERED = 8

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Look:
    """How a card is drawn: in which language, on which day, in what kind of chat, with which buttons.

    `how` is topic, reply or private: how the staff answer there.
    """

    voice: Voice
    language: str
    today: datetime.date
    zone: datetime.tzinfo
    how: str
    drafts: bool = False

    def say(self, key: str, **values: str) -> str:
        """Return a text of the staff's."""
        return self.voice.messages.say(self.language, key, **values)


def name(dossier: Dossier, look: Look) -> str:
    """Return the name of the case's topic: whose it is and what about, never longer than allowed."""
    about = dossier.question or look.say(f"staff.reason.{dossier.case.reason}")
    return shortened(f"{dossier.country or '–'} · {' '.join(about.split())}", LONGEST_NAME)


def card(dossier: Dossier, look: Look, rows: Rows | None = None) -> Reply:
    """Return the card; `rows` take the place of its buttons while something is being chosen."""
    said = [
        _heading(dossier, look),
        *_remarks(dossier, look),
        (Span(""),),
        (Span("«" + shortened(dossier.question, LONGEST_QUESTION) + "»"),)
        if dossier.question
        else (Span(look.say("staff.no_question"), "soft"),),
        (Span(_setting(dossier, look), "soft"),),
        (Span(_shown(dossier, look), "soft"),),
        (Span(""),),
        *_history(dossier, look),
    ]
    if dossier.case.state != "closed":
        said += [(Span(""),), (Span(look.say(f"staff.how.{look.how}"), "soft"),)]
    return Reply(tuple(said), buttons(dossier, look) if rows is None else rows)


def buttons(dossier: Dossier, look: Look) -> Rows:
    """Return what can be done with the case now."""
    case = dossier.case
    if case.state == "closed":
        rows: list[tuple[Button, ...]] = [(_button(look, "reopen", dossier),)]
    else:
        whose = "release" if case.assigned_to and case.state != "open" else "take"
        rows = [
            (_button(look, whose, dossier), _button(look, "close", dossier)),
            (_button(look, "insert", dossier), _button(look, "canned", dossier)),
            (_button(look, "note", dossier),),
        ]
    if look.drafts and any(step.what == "reply" for step in dossier.steps):
        rows.append((_button(look, "draft", dossier),))
    return tuple(rows)


def outcomes(dossier: Dossier, look: Look) -> Rows:
    """Return how the case may end, as buttons."""
    found = [
        Button(look.say(f"staff.outcome.{outcome}"), _action("end", dossier, outcome)) for outcome in OUTCOMES
    ]
    return _offered(found, dossier, look)


def resources(dossier: Dossier, ids: Sequence[str], look: Look) -> Rows:
    """Return resources that may answer the person, as buttons."""
    found = []
    for id in ids[:OFFERED]:
        # Where the person's country is not known, the staff see whose each resource is.
        whose = "" if dossier.country else _countries(id, look)
        title = shortened(whose + look.voice.resource_title(id, look.language), LONGEST_BUTTON)
        if fits(id, dossier):
            found.append(Button("🔗 " + title, _action("send", dossier, id)))
    return _offered(found, dossier, look)


def canned(dossier: Dossier, look: Look) -> Rows:
    """Return the canned replies, as buttons."""
    found = [
        Button(shortened(each.title.get(look.language) or next(iter(each.title.values())), LONGEST_BUTTON),
               _action("say", dossier, id))
        for id, each in look.voice.knowledge.canned.items()
    ]  # fmt: skip
    return _offered(found, dossier, look)


def step_line(step: StepRow, dossier: Dossier, look: Look) -> Line:
    """Return one step as a line: when, who, what, the words, and what became of them."""
    moment = step.time.astimezone(look.zone)
    clock = moment.strftime("%H:%M" if moment.date() == look.today else "%d/%m %H:%M")
    who = look.say("staff.person") if step.who == "person" else step.who
    head = Span(f"{clock} {who} {look.say(f'staff.step.{step.what}')}", "strong")
    words = dossier.words(step) if step.what == "reply" else step.text or ""
    if step.what == "closed" and step.text in OUTCOMES:
        words = look.say(f"staff.outcome.{step.text}")
    parts = [head]
    if words:
        parts.append(Span(f": {shortened(' '.join(words.split()), LONGEST_STEP)}"))
    if step.delivery:
        parts.append(Span(f" {look.say(f'staff.delivery.{step.delivery}')}", "soft"))
    return tuple(parts)


def _heading(dossier: Dossier, look: Look) -> Line:
    case = dossier.case
    holder = dossier.holder.name if dossier.holder else look.say("staff.anyone")
    outcome = look.say(f"staff.outcome.{case.outcome}") if case.outcome in OUTCOMES else case.outcome or ""
    state = look.say(f"staff.state.{case.state}", name=holder, outcome=outcome)
    return (Span(state, "strong"), Span(f" · {look.say(f'staff.reason.{case.reason}')} · {case.id}"))


def _remarks(dossier: Dossier, look: Look) -> list[Line]:
    said = []
    case = dossier.case
    if case.promised and case.state in ("open", "assigned"):
        day = look.voice.messages.day(look.language, case.promised)
        late = dossier.overdue(look.today)
        said.append(look.say("staff.overdue" if late else "staff.promised", day=day))
    if dossier.person.blocked_at:
        said.append(look.say("staff.blocked"))
    if dossier.person.banned_at:
        said.append(look.say("staff.banned"))
    return [(Span(line),) for line in said]


def _setting(dossier: Dossier, look: Look) -> str:
    country = look.say(f"country.{dossier.country}") if dossier.country else "–"
    language = look.say(f"tongue.{dossier.language}") if dossier.language else "–"
    women = [look.say("staff.women")] if dossier.person.audience == "women" else []
    return " · ".join([country, language, *women, dossier.person.pseudonym])


def _shown(dossier: Dossier, look: Look) -> str:
    known = look.voice.knowledge.resources
    shown = [id for id in (dossier.request.resources if dossier.request else ()) if id in known]
    if not shown:
        return look.say("staff.shown_nothing")
    titles = "; ".join(shortened(look.voice.resource_title(id, look.language), 60) for id in shown)
    return look.say("staff.shown", titles=titles)


def _history(dossier: Dossier, look: Look) -> list[Line]:
    steps = [step for step in dossier.steps if step.what != "edited"]
    earlier = len(steps) - LAST_STEPS
    lines: list[Line] = [(Span(look.say("staff.history"), "strong"),)]
    if earlier > 0:
        lines.append((Span(look.say("staff.earlier", n=str(earlier)), "soft"),))
    return [*lines, *(step_line(step, dossier, look) for step in steps[-LAST_STEPS:])]


def _offered(found: list[Button], dossier: Dossier, look: Look) -> Rows:
    return (*((button,) for button in found), (_button(look, "back", dossier),))


def _button(look: Look, verb: str, dossier: Dossier) -> Button:
    return Button(look.say(f"staff.button.{verb}"), _action(verb, dossier))


def _action(verb: str, dossier: Dossier, argument: str = "") -> str:
    """Return what a button sends back: the case, the version it was drawn at, and what was chosen."""
    parts = (VERB, verb, dossier.case.id, str(dossier.case.version), argument)
    return action(*(parts if argument else parts[:-1]))


def _countries(resource_id: str, look: Look) -> str:
    resource = look.voice.knowledge.resources.get(resource_id)
    return f"{' '.join(resource.countries)} · " if resource and not resource.wide else ""


def fits(resource_id: str, dossier: Dossier) -> bool:
    """Say whether a resource's id fits into a button of this case."""
    return len(_action("send", dossier, resource_id).encode()) <= LONGEST_ACTION


def shortened(text: str, longest: int) -> str:
    """Return the text in at most so many letters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
