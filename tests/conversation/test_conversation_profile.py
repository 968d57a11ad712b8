"""The optional profile, consents, and what is handed over of what is stored."""

import json

import pytest
from talk import NOON, Talk

from bot.advice.knowledge import LANGUAGES, Knowledge
from bot.conversation.dialogue import Speaker
from bot.conversation.messages import Messages
from bot.conversation.mydata import LONGEST_VALUE, handed_over
from bot.conversation.profile import VALUES
from bot.conversation.records import CaseOpened, Consented, DataAsked, Person, Withdrawn
from bot.conversation.replies import Reply, Span


def test_profile_is_kept_after_consent(talk: Talk) -> None:
    """The first thing told is kept once its keeping is agreed, with the text that was read."""
    talk.say("/profile")
    talk.choose("Rubro: …")
    talk.choose("Artesanía")
    assert talk.turn.records == ()
    assert talk.person.sector is None
    talk.choose("Sí, guardar")
    version = talk.speaker.messages.say("es", "consent.version")
    assert talk.turn.records == (Consented("profile", version, "es", NOON),)
    assert talk.person.sector == "crafts"
    assert "Rubro: Artesanía" in talk.labels
    talk.choose("Personas: …")
    talk.choose("2 a 5")
    assert (talk.person.size, talk.turn.records) == ("2-5", ())


def test_refusing_costs_nothing(talk: Talk) -> None:
    """Who does not agree is back at the profile, nothing is kept, and questions are answered as before."""
    talk.press("pf:size:1")
    talk.choose("No, gracias")
    assert talk.person.size is None
    talk.say("necesito un crédito en uruguay")
    assert talk.links


def test_women_owned(speaker: Speaker) -> None:
    """Who tells that the business is women's is answered so, and is told why; it ends with the profile."""
    talk = Talk(speaker, Person("ana", language="es", country="UY"))
    talk.press("pf:women:yes:yes")
    assert (talk.person.women_owned, talk.person.audience) == (True, "women")
    talk.say("necesito un crédito")
    assert talk.links[0] == "https://example.org/uy-women-loans"
    assert "como dice tu perfil" in talk.text
    talk.say("/profile")
    talk.choose("Borrar mi perfil")
    assert Withdrawn("profile", NOON) in talk.turn.records
    assert (talk.person.women_owned, talk.person.audience, talk.person.country) == (None, None, None)
    assert talk.person.consents == ()
    assert "Borrar mi perfil" not in talk.labels


def test_skip(talk: Talk) -> None:
    """Each question can be skipped, to the next and in the end back to the profile."""
    talk.press("pf:sector")
    for _ in VALUES:
        talk.choose("Saltar")
    assert talk.text == talk.speaker.messages.say("es", "profile.title")
    assert talk.turn.records == ()


@pytest.mark.parametrize(
    "pressed", ["pf", "pf:gone", "pf:gone:1:yes", "pf:sector:gone:yes", "pf:women:maybe"]
)
def test_forged_profile(talk: Talk, pressed: str) -> None:
    """What nobody offered is not kept."""
    before = talk.person
    talk.press(pressed)
    assert talk.person == before
    assert talk.turn.records == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_words(shipped: Knowledge, language: str) -> None:
    """Each answer has its words, in each language, and a button that fits."""
    for field, values in VALUES.items():
        for value in values:
            assert f"profile.{field}_{value}" in shipped.messages[language]


def test_same_text_in_each_language(shipped: Knowledge) -> None:
    """The texts of consent have one version."""
    assert len({shipped.messages[language]["consent.version"] for language in LANGUAGES}) == 1


# -- handing on ----------------------------------------------------------------------------------------


def test_handoff_is_asked_once(talk: Talk) -> None:
    """Before the first question goes to a person that is agreed to; afterwards it goes at once."""
    talk.say("necesito un crédito en uruguay")
    question = talk.last
    talk.choose("Hablar con una persona")
    assert talk.cases == []
    talk.choose("Sí, de acuerdo")
    assert talk.turn.replies[0].edits
    assert [type(record) for record in talk.turn.records] == [Consented, CaseOpened]
    talk.press("menu")
    talk.press(f"p:{question}")
    assert [case.request for case in talk.cases] == [question]


def test_handoff_refused(talk: Talk) -> None:
    """Who would rather not keeps everything else."""
    talk.say("necesito un crédito en uruguay")
    talk.choose("Hablar con una persona")
    talk.choose("No, gracias")
    assert talk.turn.records == ()
    talk.say("contrato de trabajo")
    assert talk.requests


def test_a_new_text_is_asked_again(speaker: Speaker) -> None:
    """A consent to an older text is not one to the text of now."""
    talk = Talk(speaker, Person("ana", language="es", consents=(("handoff", "2020-01"),)))
    talk.say("/person")
    assert talk.cases == []
    talk.choose("Sí, de acuerdo")
    assert len(talk.cases) == 1
    assert len(talk.person.consents) == 1


@pytest.mark.parametrize(("verb", "reason"), [("p", "person"), ("a", "unanswered"), ("f", "feedback")])
def test_what_led_to_a_person(talk: Talk, verb: str, reason: str) -> None:
    """A case says what led to it."""
    talk.press(f"{verb}:e9")
    talk.agree()
    assert [(case.reason, case.request) for case in talk.cases] == [(reason, "e9")]


def test_forged_reason(talk: Talk) -> None:
    """A reason nobody offered becomes a plain wish for a person."""
    talk.press("y:sensitive:e1")
    assert [case.reason for case in talk.cases] == ["person"]


# -- while a person has it in hand ---------------------------------------------------------------------


@pytest.fixture
def attended(speaker: Speaker) -> Talk:
    """The talk of somebody whose case a person has in hand."""
    return Talk(speaker, Person("ana", language="es", country="UY", attended="c7"))


def test_texts_go_to_who_attends(attended: Talk) -> None:
    """What is written goes to the case; the assistant offers itself once, and is silent then."""
    attended.say("necesito un crédito")
    assert [(note.case, note.text) for note in attended.notes] == [("c7", "necesito un crédito")]
    assert attended.requests == []
    assert attended.labels == ["Preguntar al asistente"]
    attended.say("gracias")
    assert [note.text for note in attended.notes] == ["gracias"]
    assert attended.turn.replies == ()


def test_assistant_anyway(attended: Talk) -> None:
    """The assistant answers what it was not asked, where that is wanted."""
    attended.say("necesito un crédito")
    attended.choose("Preguntar al asistente")
    assert attended.links[0] == "https://example.org/uy-loans"
    assert [request.question for request in attended.requests] == ["necesito un crédito"]


def test_answers_to_the_staff_are_met_by_nobody_else(speaker: Speaker) -> None:
    """Who answers a message of the staff hears nothing of the assistant."""
    talk = Talk(speaker, Person("ana", language="es", attended="c7", attended_surely=True))
    talk.say("sí, por la tarde puedo")
    assert [note.case for note in talk.notes] == ["c7"]
    assert talk.turn.replies == ()


def test_care_comes_first(attended: Talk) -> None:
    """A message that needs care goes to the one it is for, not to who has the case in hand."""
    attended.say("mi marido me pega")
    assert attended.notes == []
    assert [case.reason for case in attended.cases] == ["sensitive"]


@pytest.mark.parametrize("kind", ["voice", "photo"])
def test_attachments_go_there_too(attended: Talk, kind: str) -> None:
    """What cannot be read is told of in the case."""
    attended.send(kind, "el comprobante")
    assert [note.text for note in attended.notes] == [f"[{kind}] el comprobante"]


def test_commands_work_all_the_same(attended: Talk) -> None:
    """Commands and buttons are for the assistant."""
    attended.say("/menu")
    assert attended.text == "¿Sobre qué tema?"
    assert attended.notes == []


# -- what is stored ------------------------------------------------------------------------------------


def test_mydata(talk: Talk) -> None:
    """/mydata asks for all that is stored."""
    talk.say("/mydata")
    assert talk.turn.records == (DataAsked(),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_handed_over(shipped: Knowledge, language: str) -> None:
    """All that is stored comes as a file to read and one for another program; long files are cut."""
    stored = {
        "people": [{"id": "x1", "country": "UY", "sector": None, "women_owned": False}],
        "requests": [
            {"question": "¿cómo facturo?", "resources": ["uy-x"], "time": "2026-11-23T12:00:00+00:00"},
            {"question": "", "kind": "voice", "time": "2026-11-23T12:00:00+00:00"},
        ],
        "consents": [{"purpose": "news", "given_at": "2026-11-23T12:00:00+00:00", "withdrawn_at": None}],
        "outbox": [{"payload": {"file": {"content": "A" * 9_999}}}],
        "cases": [],
    }
    said = Reply(((Span("aquí"),),))
    told, packed = handed_over(said, stored, Messages(shipped.messages), language=language, day=NOON.date())
    assert told.lines == said.lines
    assert told.document is not None
    assert packed.document is not None
    text, name = told.document.content.decode(), shipped.messages[language]["mydata.name"]
    assert (told.document.name, packed.document.name) == (f"{name}.txt", f"{name}.json")
    assert shipped.messages[language]["mydata.requests"].upper() in text
    assert "23/11/2026 ¿cómo facturo?\n    → uy-x\n  23/11/2026 [voice]" in text
    assert shipped.messages[language]["mydata.for.news"] in text
    assert "None" not in text
    assert "{" not in text
    again = json.loads(packed.document.content)
    assert again["requests"] == stored["requests"]
    assert len(again["outbox"][0]["payload"]["file"]["content"]) == LONGEST_VALUE + 1


def test_nothing_is_stored(shipped: Knowledge) -> None:
    """A person nothing is stored about is told so."""
    told, _ = handed_over(
        Reply(()), {"people": []}, Messages(shipped.messages), language="es", day=NOON.date()
    )
    assert told.document is not None
    assert "Nada." in told.document.content.decode()


@pytest.mark.parametrize(
    "command", ["/profile", "/mydata", "/forget", "/person", "/news", "/country", "/language"]
)
def test_nothing_personal_in_a_group(talk: Talk, command: str) -> None:
    """What concerns one person is not spoken of before others."""
    talk.say(command, in_group=True)
    assert talk.text == talk.speaker.messages.say("es", "in_group.private")
    assert talk.turn.records == ()


def test_menu_in_a_group(talk: Talk) -> None:
    """A menu in a group offers topics alone."""
    talk.say("/menu", in_group=True)
    assert {(button.action or "").partition(":")[0] for button in talk.buttons} == {"g"}
