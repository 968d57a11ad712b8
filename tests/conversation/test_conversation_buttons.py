"""Buttons: old ones, unknown ones, forged ones; and any text at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from talk import Talk

from bot.conversation.actions import Action, action, parse
from bot.conversation.dialogue import BUTTONS, Speaker
from bot.conversation.records import CaseOpened, Feedback, Person, Request
from bot.conversation.replies import LONGEST_ACTION, Button

VERBS = tuple(BUTTONS)

# Anything a program can send, half letters (lone surrogates) and control characters, too.
anything = st.text(
    st.characters() | st.characters(categories=["Cs"]) | st.characters(categories=["Cc", "Cf"])
)
arguments = st.lists(st.one_of(anything, st.sampled_from(["loans", "e1", "3", "UY", "es"])), max_size=3)
forged = st.builds(lambda verb, rest: ":".join((verb, *rest)), st.sampled_from(VERBS), arguments)


@pytest.mark.parametrize("pressed", ["", "z", "z:loans:1", "T:loans", ":", "🙂", "menú", "callback_7"])
def test_unknown_button(talk: Talk, pressed: str) -> None:
    """A button of another version says so and leads to the topics."""
    talk.press(pressed)
    assert talk.text.startswith("Ese botón ya no sirve.")
    assert "g:money" in [button.action for button in talk.buttons]


@pytest.mark.parametrize(
    "pressed", ["t:gone", "o:gone:e1", "m:gone:3", "m:gone:gone:e1", "g:gone", "x:gone", "q:gone", "t", "g"]
)
def test_gone(talk: Talk, pressed: str) -> None:
    """What is gone, with nothing like it, is said to be, and the topics of now are shown."""
    talk.press(pressed)
    assert talk.text.startswith("Ese tema ya no está.")
    assert "g:money" in [button.action for button in talk.buttons]


def test_old_option(unsure: Speaker) -> None:
    """An option of an earlier question still opens its topic, in the words of that question."""
    talk = Talk(unsure)
    talk.say("necesito un crédito en uruguay")
    old = talk.buttons[0].action or ""
    talk.say("contrato de trabajo")
    talk.press(old)
    assert talk.requests[0].topics == ("loans",)
    assert talk.requests[0].question == "necesito un crédito en uruguay"
    assert talk.links[0] == "https://example.org/uy-loans"


def test_option_of_nobody_knows_which_question(speaker: Speaker) -> None:
    """An option whose question is not known, or was another person's, opens its topic by itself."""
    talk = Talk(speaker)
    talk.press("o:loans:e77")
    assert talk.requests[0].question == "Créditos"


def test_old_button_after_a_restart(speaker: Speaker) -> None:
    """Nothing but the ids in it is needed to open an old button."""
    talk = Talk(speaker)
    talk.press("t:loans")
    assert talk.text.startswith("Créditos")


def test_action_comes_back() -> None:
    """What a button sends is read as it was meant."""
    assert parse(action("o", "loans", "e1")) == Action("o", ("loans", "e1"))
    assert parse(action("menu")) == Action("menu")
    assert parse("t").argument(0) == ""


def test_too_long_an_action_is_a_fault() -> None:
    """A button that Telegram would refuse is not made."""
    with pytest.raises(ValueError, match="longer than 64 bytes"):
        Button("x", action="é" * (LONGEST_ACTION // 2 + 1))
    with pytest.raises(ValueError, match="either an action or a url"):
        Button("x")


@settings(max_examples=300, deadline=None)
@given(pressed=st.one_of(anything, forged))
def test_any_button(speaker: Speaker, pressed: str) -> None:
    """Whatever a button sends, it never raises and is never met by silence."""
    talk = Talk(
        speaker, Person("ana", language="es", question="necesito un crédito", topic="loans", request="e1")
    )
    assert talk.press(pressed).replies


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("letter", ["x", "ñ", "🙂", ":"])
def test_longest_button(speaker: Speaker, verb: str, letter: str) -> None:
    """A forged button as long as can be sent is answered, too."""
    talk = Talk(speaker)
    assert talk.press(f"{verb}:" + letter * LONGEST_ACTION).replies


def test_half_letter_in_a_button(talk: Talk) -> None:
    """A button with a half letter, which is no text, is one that is not known."""
    talk.press("\ud800")
    assert talk.text.startswith("Ese botón ya no sirve.")


@settings(max_examples=300, deadline=None)
@given(text=anything)
def test_any_text(speaker: Speaker, text: str) -> None:
    """Any text gets a reply; what is no command is logged exactly once, under the event's id."""
    talk = Talk(speaker, Person("ana", language="es"))
    turn = talk.say(text)
    assert turn.replies
    assert [request.id for request in talk.requests] == ([] if text.startswith("/") else ["e1"])


@settings(max_examples=100, deadline=None)
@given(
    events=st.lists(st.one_of(anything, forged, st.sampled_from(["necesito un crédito", "/person", "hola"])))
)
def test_any_talk(speaker: Speaker, events: list[str]) -> None:
    """Whatever was said and pressed before, every turn has a reply, and records only what belongs to it."""
    talk = Talk(speaker)
    for n, event in enumerate(events):
        before = talk.person.request
        turn = talk.press(event) if n % 3 == 2 else talk.say(event)
        assert turn.replies
        assert len(talk.requests) <= 1
        assert {record.id for record in turn.records if isinstance(record, Request | CaseOpened)} <= {
            talk.last,
            f"c{talk.last}",
            *parse(event).arguments,  # the same question for another country
            before,
        }
        thought_of = {record.request for record in turn.records if isinstance(record, Feedback)}
        assert thought_of <= {*parse(event).arguments, ""}


@pytest.mark.parametrize(
    "text", ["a" * 4_096, "crédito " * 12_500, "<b>&amp;</b>", "'; DROP TABLE people; --"]
)
def test_awkward_texts(talk: Talk, text: str) -> None:
    """Long texts, markup and SQL are texts like any other; nothing of them is said back."""
    talk.say(text)
    assert [request.question for request in talk.requests] == [text]
    assert text not in talk.text
