"""What an answer holds, and for whom."""

import dataclasses

import pytest
from talk import NOON, Talk

from bot.advice.setting import Setting
from bot.conversation.dialogue import Speaker
from bot.conversation.records import Person


def test_question_answered(talk: Talk) -> None:
    """A question gets its topic, curated lines and at most three links, in one message."""
    talk.say("necesito un crédito en uruguay")
    (reply,) = talk.turn.replies
    assert reply.text.startswith("Créditos · Uruguay\nAnota cuánto necesitas y para qué.")
    assert "1. Crédito Fácil (Banco del Sur): Una línea sobre esto." in reply.text
    assert talk.links[0] == "https://example.org/uy-loans"
    assert len(talk.links) == 3


def test_buttons_in_order(talk: Talk) -> None:
    """Links come first, the publisher on each; then thumbs and more; then a person and the topics."""
    talk.say("necesito un crédito en uruguay")
    labels = [[button.text for button in row] for row in talk.turn.replies[0].rows]
    assert labels[0] == ["🔗 Banco del Sur"]
    assert labels[3:] == [["👍", "👎", "Ver más"], ["Hablar con una persona", "Ver temas"]]


def test_no_more_without_more(talk: Talk) -> None:
    """Where all is shown, nothing offers more."""
    talk.say("cómo hago una factura electrónica en uruguay")
    assert talk.labels[1:] == ["👍", "👎", "Hablar con una persona", "Ver temas"]


def test_more_goes_on_to_the_end(talk: Talk) -> None:
    """ "More" shows the rest in order, each once, and then says that this is all."""
    talk.say("necesito un crédito en uruguay")
    shown = talk.links
    talk.choose("Ver más")
    assert "4. " in talk.text
    assert "Ver más" not in talk.labels
    assert len({*shown, *talk.links}) == len(shown) + len(talk.links) == 5
    talk.press("m:loans:6")
    assert talk.text == "Eso es todo lo que tengo sobre este tema."


def test_own_country_first(talk: Talk) -> None:
    """A country's own come first, another country's never."""
    talk.say("necesito un crédito en argentina")
    assert talk.links[0] == "https://example.org/ar-loans"
    talk.choose("Ver más")
    assert not any("/uy-" in link for link in talk.links)


def test_neither_expired_nor_draft(talk: Talk) -> None:
    """What is past its last day or not yet published is never shown."""
    talk.say("necesito un crédito en uruguay")
    links = talk.links
    talk.choose("Ver más")
    hidden = {"https://example.org/uy-old-loans", "https://example.org/uy-draft-loans"}
    assert not hidden & {*links, *talk.links}


def test_without_country_says_whose(talk: Talk) -> None:
    """With no country known, what is of one country alone says so."""
    talk.say("cómo hago una factura electrónica")
    assert "Es de Uruguay." in talk.text
    assert "Es de Argentina." in talk.text


def test_language_of_the_question(talk: Talk) -> None:
    """The answer comes in the question's language, and the talk goes on in it."""
    talk.say("i need a loan")
    assert talk.turn.replies[0].text.startswith("Loans\nWrite down")
    assert talk.person.language == "en"
    talk.say("/menu")
    assert talk.text == talk.speaker.messages.say("en", "menu.title")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("i need a loan in Uruguay", "This page is in Spanish"),
        ("preciso de um empréstimo no Uruguai em Montevideo", "Esta página está em espanhol"),
        ("necesito un crédito en tarija", "Esta página está en inglés"),
    ],
)
def test_language_gap(talk: Talk, question: str, said: str) -> None:
    """A page in another language says in which."""
    talk.say(question)
    text = talk.text
    talk.press("m:loans:3")
    assert said in text + talk.text


def test_wanted_says_so(talk: Talk) -> None:
    """A link to the nearest page only says that the page itself is missing."""
    talk.say("cómo hago una factura electrónica en argentina")
    assert "Su página propia aún no la tenemos" in talk.text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("cómo hago una factura electrónica en uruguay", "Información general revisada el"),
        ("contrato de trabajo en uruguay", "no es consejo legal"),
    ],
)
def test_notice(talk: Talk, question: str, words: str) -> None:
    """Tax and legal answers say that they are general, of which day, and lead to a person."""
    talk.say(question)
    resource = talk.speaker.advisor.knowledge.resources[talk.requests[0].resources[0]]
    assert words in talk.text
    assert f"{resource.reviewed:%d/%m/%Y}" in talk.text
    assert "Hablar con una persona" in talk.labels


def test_no_notice_elsewhere(talk: Talk) -> None:
    """Other answers carry no notice."""
    talk.say("necesito un crédito en uruguay")
    assert "Información general" not in talk.text


def test_women_first_with_the_reason(talk: Talk) -> None:
    """Who says she is a woman sees first what is made for women, and why."""
    talk.say("soy mujer y necesito un crédito en Montevideo")
    assert talk.links[0] == "https://example.org/uy-women-loans"
    assert "Primero va lo hecho para empresarias, porque lo mencionas." in talk.text
    talk.say("necesito un crédito en Montevideo")
    assert talk.links[0] == "https://example.org/uy-loans"
    assert "Primero va" not in talk.text


def test_topic_without_resource(talk: Talk) -> None:
    """A topic without a link says so and offers a person."""
    talk.say("informe regional sobre pymes")
    assert "Todavía no tengo un enlace" in talk.text
    assert talk.links == []
    assert "Hablar con una persona" in talk.labels


def test_follow_up_needs_something_before(talk: Talk) -> None:
    """Without an answer before, "and Uruguay?" follows nothing."""
    talk.say("¿y Uruguay?")
    assert "Sigo con" not in talk.text


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ("necesito un crédito para mi negocio en argentina", "y en uruguay?", "Sigo con "),
        ("i need a loan for my business in argentina", "and in uruguay?", "Still about "),
        ("preciso de um empréstimo para o meu negócio na argentina", "e no uruguai?", "Continuo com "),
    ],
)
def test_follow_up(shipped_speaker: Speaker, first: str, then: str, said: str) -> None:
    """ "And in Uruguay?" after an answer is read with the topic before it, and says so."""
    talk = Talk(shipped_speaker, Person("ana"))
    talk.say(first)
    before = talk.requests[0]
    talk.say(then)
    assert talk.text.startswith(said)
    assert talk.requests[0].topics == before.topics == ("loans",)
    assert (before.country, talk.requests[0].country) == ("AR", "UY")


def test_two_needs(speaker: Speaker) -> None:
    """A question that holds two needs gets both answers in one message."""
    talk = Talk(speaker, Person("ana", language="es", country="UY"))
    talk.say("necesito un crédito para mi taller y cómo hago una factura electrónica")
    assert talk.requests[0].topics == ("loans", "invoicing")
    assert {"Créditos · Uruguay", "Facturación · Uruguay"} <= {*talk.text.split("\n")}
    assert {"https://example.org/uy-loans", "https://example.org/uy-invoicing"} <= {*talk.links}


def test_more_after_two_needs(speaker: Speaker) -> None:
    """After an answer to two needs, "more" leaves out nothing of the first."""
    talk = Talk(speaker, Person("ana", language="es", country="UY"))
    talk.say("necesito un crédito para mi taller y cómo hago una factura electrónica")
    seen = {*talk.links}
    while more := [button.action for button in talk.buttons if button.text.startswith("Ver más")]:
        talk.press(more[0] or "")
        seen |= {*talk.links}
    wanted = {
        resource.url
        for resource in speaker.advisor.knowledge.resources.values()
        if "loans" in resource.topics and resource.serves("UY") and resource.shown_on(NOON.date())
    }
    assert wanted - seen == set()


def test_reworded_question(talk: Talk) -> None:
    """An edited question is answered in the place of its first answer, and logged under the same id."""
    talk.say("necesito un credito en urugauy")
    first = talk.last
    talk.reword(first, "cómo hago una factura electrónica en uruguay")
    (reply, *rest) = talk.turn.replies
    assert (reply.revises, [other.revises for other in rest]) == (first, [None] * len(rest))
    assert [(request.id, request.topics) for request in talk.requests] == [(first, ("invoicing",))]
    assert f"u:{first}" in [button.action for button in talk.buttons]


def test_group_is_answered_briefly(talk: Talk) -> None:
    """In a group an answer is its title and its links; nothing is asked, nobody is judged."""
    talk.say("necesito un crédito", in_group=True)
    (reply,) = talk.turn.replies
    assert reply.text.startswith("Créditos")
    assert "Anota cuánto" not in reply.text
    assert 0 < len(talk.links) <= 3
    assert [button for button in talk.buttons if button.action] == []
    assert not talk.person.asked_country
    assert len(talk.requests) == 1


def test_either_of_two(speaker: Speaker) -> None:
    """An answer that holds two topics because it may be either says so."""
    answer = speaker.advisor.answer_topic("loans", Setting("es", "UY"), question="", day=NOON.date())
    both = dataclasses.replace(answer, topics=("loans", "invoicing"), either=True)
    assert speaker.answers.answer(both, request="e1").text.startswith("Puede ser una de dos cosas")
    assert "Puede ser" not in speaker.answers.answer(answer, request="e1").text


def test_what_is_of_one_city_says_so(shipped_speaker: Speaker) -> None:
    """The line of a resource of one city names it."""
    talk = Talk(shipped_speaker)
    talk.say("permiso para abrir un negocio en Tegucigalpa")
    assert "Es para Tegucigalpa." in talk.text
