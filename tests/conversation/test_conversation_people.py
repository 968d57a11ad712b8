"""Thumbs, and the way to a person."""

import pytest
from talk import THURSDAY, Talk

from bot.conversation.dialogue import DOWN_REASONS
from bot.conversation.records import CaseNote, CaseOpened, Feedback


@pytest.fixture
def answered(talk: Talk) -> Talk:
    """The talk after an answer."""
    talk.say("necesito un crédito en uruguay")
    return talk


def test_thumbs_up(answered: Talk) -> None:
    """Thumbs up is thanked in a notice: no message is added."""
    question = answered.last
    answered.choose("👍")
    assert answered.feedback == [Feedback(question, "up")]
    (reply,) = answered.turn.replies
    assert (reply.text, reply.notice) == ("", "Gracias, anotado.")


def test_thumbs_down(answered: Talk) -> None:
    """Thumbs down asks one reason by buttons and offers a person."""
    question = answered.last
    answered.choose("👎")
    assert answered.feedback == [Feedback(question, "down")]
    assert answered.labels == [
        "No era eso",
        "No es de mi país",
        "Me falta detalle",
        "El enlace no abre",
        "Hablar con una persona",
    ]


@pytest.mark.parametrize("reason", DOWN_REASONS)
def test_reason(answered: Talk, reason: str) -> None:
    """Each reason is kept with the question it is about, in place of the buttons."""
    question = answered.last
    answered.choose("👎")
    answered.choose(answered.speaker.messages.say("es", f"feedback.{reason}"))
    assert answered.feedback == [Feedback(question, "down", reason)]
    assert answered.turn.replies[0].edits
    assert answered.labels == ["Hablar con una persona", "Ver temas"]


def test_unknown_reason(answered: Talk) -> None:
    """A reason nobody offered is not kept."""
    answered.press("r:because:e1")
    assert answered.feedback == []


def test_person_with_a_question(answered: Talk) -> None:
    """The question before goes to a person, who answers by the promised day."""
    question = answered.last
    answered.want_person()
    assert answered.text.startswith("Le pasé tu pregunta al equipo.")
    assert "a más tardar el jueves 26 de noviembre" in answered.text
    assert answered.cases == [
        CaseOpened(f"c{answered.last}", answered.cases[0].at, "person", question, THURSDAY, "UY", ("loans",))
    ]


@pytest.mark.parametrize("text", ["/person", "quiero hablar con una persona"])
def test_person_asked_for(answered: Talk, text: str) -> None:
    """Asking for a person, by command or in words, passes on the question before."""
    question = answered.last
    answered.say(text)
    answered.agree()
    assert [case.request for case in answered.cases] == [question]


@pytest.mark.parametrize("text", ["/person", "quiero hablar con una persona"])
def test_person_without_a_question(talk: Talk, text: str) -> None:
    """Whoever asked nothing yet is asked to write it now."""
    talk.say(text)
    talk.agree()
    assert talk.text.startswith("Le avisé al equipo.")
    assert [case.request for case in talk.cases] == [None]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("let me talk to a human", "Thursday 26 November"),
        ("quero falar com uma pessoa", "quinta-feira, 26 de novembro"),
    ],
)
def test_day_in_the_language(talk: Talk, text: str, day: str) -> None:
    """The promised day is said as people of the language say it."""
    talk.say(text)
    talk.agree()
    assert day in talk.text


def test_note(talk: Talk) -> None:
    """The text after asking for a person is added to the case."""
    talk.say("/person")
    talk.agree()
    (case,) = talk.cases
    talk.say("va a llover mañana")
    assert talk.notes == [CaseNote(case.id, talk.notes[0].at, "va a llover mañana")]
    assert talk.text == "Se lo agregué a tu pregunta para el equipo."


def test_note_that_can_be_answered(talk: Talk) -> None:
    """A note that the bot can answer is answered, too."""
    talk.say("/person")
    talk.agree()
    talk.say("necesito un crédito en uruguay")
    assert len(talk.notes) == 1
    assert talk.text.startswith("Se lo agregué")
    assert talk.links[0] == "https://example.org/uy-loans"


def test_note_to_what_was_answered(answered: Talk) -> None:
    """A note about what was just answered is not answered again with the same."""
    answered.want_person()
    answered.say("es un crédito para comprar una máquina")
    assert len(answered.notes) == 1
    assert answered.text == "Se lo agregué a tu pregunta para el equipo."


@pytest.mark.parametrize("between", ["/menu", "/cancel", "a button"])
def test_one_note(talk: Talk, between: str) -> None:
    """Only the very next text is a note; a command or a button in between ends the wait."""
    talk.say("/person")
    talk.agree()
    if between == "a button":
        talk.press("menu")
    else:
        talk.say(between)
    talk.say("contrato de trabajo")
    assert talk.notes == []


def test_second_text_is_a_question(talk: Talk) -> None:
    """The text after the note is a question again."""
    talk.say("/person")
    talk.agree()
    talk.say("va a llover mañana")
    talk.say("va a llover mañana")
    assert talk.notes == []
    assert talk.text == "Del tiempo no sé nada."
