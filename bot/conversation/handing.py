"""Passing things to a person: with consent, after thumbs down, in a message that needs care."""

from bot.advice.advice import Sensitive
from bot.conversation.actions import YES, Action, action
from bot.conversation.draft import Draft
from bot.conversation.lost import gone
from bot.conversation.messages import lines
from bot.conversation.records import CaseNote, Feedback
from bot.conversation.replies import Button, Line, Reply, Span

HANDOFF, CONNECT = "handoff", "connect"
# What led to a person, by the verb of its button.
REASONS = {"p": "person", "a": "unanswered", "f": "feedback"}
DOWN_REASONS = ("wrong_topic", "wrong_country", "not_enough", "bad_link")
LONGEST_REQUEST = 40


def pressed_person(draft: Draft, pressed: Action) -> None:
    """Pass a question to a person, once they may read it."""
    wanted(draft, REASONS[pressed.verb], pressed.argument(0))


def wanted(draft: Draft, reason: str, request: str, *, edits: bool = False) -> None:
    """Open a case, or ask first whether a person may read what was written."""
    if draft.event.in_group:
        draft.say("in_group.private")
        return
    if len(request.encode()) > LONGEST_REQUEST:
        request = ""
    if draft.agreed(HANDOFF):
        _opened(draft, reason, request, edits=edits)
        return
    yes = Button(draft.text("consent.handoff_yes"), action("y", reason, request))
    no = Button(draft.text("consent.no"), "no")
    draft.reply(Reply(lines(draft.text("consent.handoff")), ((yes,), (no,)), edits=edits))


def agreed(draft: Draft, pressed: Action) -> None:
    """Remember the consent and pass the question on."""
    reason = pressed.argument(0)
    draft.consent(HANDOFF)
    _opened(draft, reason if reason in REASONS.values() else "person", pressed.argument(1), edits=True)


def refused(draft: Draft, _: Action) -> None:
    """Leave everything as it is."""
    draft.say("consent.refused", home=True, edits=True)


def _opened(draft: Draft, reason: str, request: str, *, edits: bool) -> None:
    promised = draft.open_case(reason, request, awaits=True)
    key = "person.opened" if request else "person.opened_blank"
    draft.say(key, promised=promised, edits=edits, home=True)


def heard(draft: Draft, text: str, *, waits: bool = True) -> None:
    """Add what was written to the case one of the staff has in hand; offer the assistant once beside it."""
    case = str(draft.person.attended)
    draft.record(CaseNote(case, draft.event.at, text, waits))
    if draft.person.attended_surely or draft.person.offered == case:
        return
    draft.know(offered=case, question=text, request=None)
    row = (Button(draft.text("person.assistant"), action("s", draft.event.id)),)
    draft.say("person.attended", rows=(row,))


def care(draft: Draft, advice: Sensitive) -> None:
    """Say the line that was written for such a message, with the helplines there are; tell the one named."""
    knowledge = draft.speaker.knowledge
    line = knowledge.sensitive[advice.kind].line
    said: list[Line] = [*lines(line.get(draft.language) or next(iter(line.values())))]
    rows = []
    for helpline in advice.helplines:
        resource = knowledge.resources[helpline]
        if resource.shown_on(draft.day):
            title = resource.title.get(draft.language) or next(iter(resource.title.values()))
            said.append((Span(title, "strong"), Span(f": {resource.contact}" if resource.contact else "")))
            rows.append(draft.speaker.answers.link(resource, draft.language, plain=True))
    draft.open_case("sensitive", draft.request)
    draft.reply(Reply(tuple(said), tuple(rows)))


# -- what was thought of an answer -----------------------------------------------------------------


def none_of_these(draft: Draft, pressed: Action) -> None:
    """Keep that no option was right; a person looks at it."""
    request = pressed.argument(0)
    draft.record(Feedback(request, "none"))
    draft.say("clarify.none_reply", home=True, promised=draft.open_case("none_of_these", request))


def thumbs_up(draft: Draft, pressed: Action) -> None:
    """Keep the thumb, and thank without a message."""
    draft.record(Feedback(pressed.argument(0), "up"))
    draft.notice("feedback.thanks")


def thumbs_down(draft: Draft, pressed: Action) -> None:
    """Keep the thumb and ask for one reason."""
    request = pressed.argument(0)
    if len(request.encode()) > LONGEST_REQUEST:
        gone(draft, key="unknown_button")
        return
    draft.record(Feedback(request, "down"))
    reasons = [
        (Button(draft.text(f"feedback.{reason}"), action("r", reason, request)),) for reason in DOWN_REASONS
    ]
    draft.reply(Reply(lines(draft.text("feedback.ask")), (*reasons, _person(draft, request))))


def reason_given(draft: Draft, pressed: Action) -> None:
    """Keep the reason, and offer a person."""
    reason, request = pressed.argument(0), pressed.argument(1)
    if reason in DOWN_REASONS:
        draft.record(Feedback(request, "down", reason))
    rows = (_person(draft, request), draft.speaker.menus.home(draft.language))
    draft.reply(Reply(lines(draft.text("feedback.noted")), rows, edits=True))


def _person(draft: Draft, request: str) -> tuple[Button, ...]:
    return (draft.speaker.answers.person(draft.language, request, verb="f"),)


# -- the network's coordinator ---------------------------------------------------------------------


def connect(draft: Draft, pressed: Action) -> None:
    """Ask whether to be put in touch with the women's network, and do it once that is agreed."""
    if pressed.argument(0) != YES:
        draft.reply(draft.speaker.women.connect(draft.language, draft.promised(CONNECT)))
        return
    draft.consent(CONNECT)
    promised = draft.open_case(CONNECT, None, awaits=True)
    draft.say("connect.done", home=True, edits=True, promised=promised)
