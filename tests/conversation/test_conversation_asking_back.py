"""Asking back, not knowing, small talk, and messages that need care."""

import pytest
from talk import THURSDAY, Talk

from bot.conversation.dialogue import Speaker
from bot.conversation.records import CaseOpened, Feedback, Person


def test_options(asked_back: Talk) -> None:
    """A question that could be several things gives two to four topics and "something else"."""
    assert asked_back.text == "Para no mandarte a otro lado, ¿cuál es?"
    assert 2 <= len(asked_back.labels) - 1 <= 4
    assert asked_back.labels[0] == "Créditos"
    assert asked_back.labels[-1] == "Otra cosa"
    assert asked_back.requests[0].outcome == "clarify"


def test_option_chosen(asked_back: Talk) -> None:
    """An option is answered in the words of the question: its country counts."""
    asked_back.choose("Créditos")
    assert asked_back.links[0] == "https://example.org/uy-loans"
    (request,) = asked_back.requests
    assert request.question == "necesito un crédito en uruguay"
    assert (request.kind, request.country, request.topics) == ("chosen", "UY", ("loans",))


def test_none_of_these(asked_back: Talk) -> None:
    """ "Something else" is kept as unanswered and goes to a person, with the day."""
    question = asked_back.last
    asked_back.choose("Otra cosa")
    assert "a más tardar el jueves 26 de noviembre" in asked_back.text
    assert asked_back.feedback == [Feedback(question, "none")]
    assert [(case.reason, case.request, case.promised) for case in asked_back.cases] == [
        ("none_of_these", question, THURSDAY)
    ]


def test_next_question_after_none_of_these(asked_back: Talk) -> None:
    """After "something else" the next text is a question again, not a note."""
    asked_back.choose("Otra cosa")
    asked_back.say("contrato de trabajo")
    assert asked_back.notes == []
    assert len(asked_back.requests) == 1


def test_no_match(unknowing: Speaker) -> None:
    """What it does not know it says, offers the topics and a person, and logs the question."""
    talk = Talk(unknowing)
    talk.say("necesito un crédito")
    assert talk.text.startswith("De eso no tengo información confiable.")
    assert talk.labels == ["Ver temas", "Preguntar a una persona", "Avísame si lo sabes después"]
    assert talk.links == []
    assert [request.outcome for request in talk.requests] == ["no_match"]


def test_who_wants_to_hear_later_says_so_once(unknowing: Speaker) -> None:
    """The wish is kept as news asked for, with consent, and is not offered again."""
    talk = Talk(unknowing)
    talk.say("necesito un crédito")
    talk.choose("Avísame si lo sabes después")
    assert talk.text.startswith("Listo: si en los próximos 30 días")
    assert talk.person.news == ("answers",)
    assert [type(record).__name__ for record in talk.others] == ["Consented", "Subscribed"]
    assert [consent.purpose for consent in talk.consents] == ["news"]
    talk.say("necesito un crédito")
    assert "Avísame si lo sabes después" not in talk.labels


def test_no_match_to_a_person(talk: Talk) -> None:
    """The question that was not known goes to a person as it was asked."""
    talk.say("va a llover mañana")
    question = talk.last
    talk.want_person("Preguntar a una persona")
    assert [(case.request, case.reason) for case in talk.cases] == [(question, "unanswered")]


@pytest.mark.parametrize(
    ("language", "question", "said"),
    [
        ("es", "va a llover mañana", "Del tiempo no sé nada."),
        ("en", "will it rain tomorrow", "I know nothing of the weather."),
        ("pt", "vai chover amanhã", "Do tempo não sei nada."),
    ],
)
def test_out_of_scope(speaker: Speaker, language: str, question: str, said: str) -> None:
    """What people also ask and is not ours has its own line, in their language."""
    talk = Talk(speaker, Person("ana", language=language))
    talk.say(question)
    assert talk.text == said
    assert (talk.requests[0].outcome, talk.requests[0].kind) == ("no_match", "weather")


def test_out_of_scope_without_a_line(talk: Talk) -> None:
    """A line that lacks the language is replaced by the general one."""
    talk.say("who won the match")
    assert talk.text == talk.speaker.messages.say("en", "no_match.unknown")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("gracias", "thanks"),
        ("chau", "goodbye"),
        ("quién eres", "who_are_you"),
        ("no sirves para nada", "insult"),
        ("asdfgh", "nonsense"),
        ("???", "nonsense"),
        ("😡", "nonsense"),
    ],
)
def test_small_talk(talk: Talk, text: str, kind: str) -> None:
    """Each kind of small talk has its reply, is logged, and waits for nobody."""
    talk.say(text)
    assert talk.text == talk.speaker.messages.say("es", f"smalltalk.{kind}")
    assert [(request.outcome, request.kind) for request in talk.requests] == [("smalltalk", kind)]
    assert talk.others == []


def test_greeting(talk: Talk) -> None:
    """The first greeting shows the examples, a later one is greeted back."""
    talk.say("hola")
    assert "Necesito un crédito" in talk.labels
    talk.say("necesito un crédito")
    talk.say("hola")
    assert talk.text == talk.speaker.messages.say("es", "smalltalk.greeting")


def test_insult_offers_a_person(talk: Talk) -> None:
    """Whoever is angry is offered a person."""
    talk.say("no sirves para nada")
    assert "Hablar con una persona" in talk.labels


@pytest.mark.parametrize(
    ("text", "language"),
    [("mi marido me pega", "es"), ("my husband beats me", "en"), ("meu marido me bate", "pt")],
)
def test_sensitive(talk: Talk, text: str, language: str) -> None:
    """A message that needs care gets its fixed line and nothing else, and goes to a person at once."""
    talk.say(text)
    assert talk.text == talk.speaker.advisor.knowledge.sensitive["violence"].line[language]
    assert talk.labels == []
    assert talk.others == [CaseOpened(f"c{talk.last}", talk.cases[0].at, "sensitive", talk.last, THURSDAY)]
    assert talk.requests[0].outcome == "sensitive"


def test_sensitive_helplines(speaker: Speaker) -> None:
    """The helplines of the country come with it, where the knowledge names them."""
    talk = Talk(speaker, Person("ana", language="es", country="UY"))
    talk.say("mi marido me pega")
    assert talk.links == ["https://example.org/uy-helpline"]


def test_sensitive_while_a_note_is_expected(talk: Talk) -> None:
    """Care comes first, also where the text was to be a note for the team."""
    talk.say("/person")
    talk.agree()
    talk.say("mi marido me pega")
    assert talk.speaker.advisor.knowledge.sensitive["violence"].line["es"] in talk.text
    assert [case.reason for case in talk.cases] == ["sensitive"]
