"""One resource by itself, links that lead in, and buttons of another day."""

import dataclasses

import pytest
from talk import NOON, Talk, buttons_of, check

from bot.advice.advisor import Advisor
from bot.advice.knowledge import COUNTRIES, LANGUAGES, Knowledge
from bot.advice.setting import Setting
from bot.conversation.actions import mark
from bot.conversation.dialogue import Speaker
from bot.conversation.records import Came, Person


def without(small: Knowledge, *ids: str) -> Speaker:
    """Return a speaker of the knowledge after an edit that took resources or topics away."""
    resources = {id: item for id, item in small.resources.items() if id not in ids}
    topics = {id: item for id, item in small.topics.items() if id not in ids}
    if len(topics) < len(small.topics):
        resources = {
            id: item.model_copy(update={"topics": [topic for topic in item.topics if topic in topics]})
            for id, item in resources.items()
            if {*item.topics} & {*topics}
        }
    return Speaker.of(Advisor(dataclasses.replace(small, resources=resources, topics=topics)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card(shipped_speaker: Speaker, language: str) -> None:
    """Each resource opens by itself: what it is, whose, since when known, its link, its topics."""
    for resource in shipped_speaker.knowledge.resources.values():
        for country in (*COUNTRIES, None):
            reply = shipped_speaker.answers.card(resource, Setting(language, country))
            check(reply)
            assert [button.url for button in buttons_of(reply) if button.url] == [resource.url]
            assert resource.contact is None or resource.contact in reply.text


def test_link_to_a_topic(talk: Talk) -> None:
    """A link to a topic opens it and is counted."""
    talk.say("/start loans")
    assert talk.text.startswith("Créditos\n")
    assert Came("loans", True, NOON) in talk.others


def test_link_to_a_resource(talk: Talk) -> None:
    """A link to a resource opens it by itself, and is counted."""
    talk.say("/start uy-loans")
    assert talk.links == ["https://example.org/uy-loans"]
    assert talk.turn.records == (Came("uy-loans", True, NOON),)


@pytest.mark.parametrize("campaign", ["feria-2026", "RADIO_1", "x" * 64])
def test_link_of_a_campaign(talk: Talk, campaign: str) -> None:
    """A link with any other name begins plainly, and is counted."""
    talk.say(f"/start {campaign}")
    assert talk.text.startswith("Hola, soy el asistente")
    assert talk.turn.records == (Came(campaign, False, NOON),)


@pytest.mark.parametrize("payload", ["", "no spaces here", "ñ", "x" * 65, "<b>"])
def test_no_link(talk: Talk, payload: str) -> None:
    """What no link can carry is not counted."""
    talk.say(f"/start {payload}")
    assert talk.turn.records == ()


def test_card_that_is_not_shown_any_more(talk: Talk) -> None:
    """A resource that has ended leads to what there is now on the same need."""
    for gone in ("uy-old-loans", "uy-draft-loans"):
        talk.press(f"x:{gone}")
        assert talk.links == []
        assert "t:loans" in [button.action for button in talk.buttons]


@pytest.mark.parametrize(
    ("pressed", "near"),
    [
        ("t:loan", "t:loans"),
        ("t:loans-micro", "t:loans"),
        ("g:invoicing-old", "t:invoicing"),
        ("x:uy-loans-2", "t:loans"),
    ],
)
def test_nearest(talk: Talk, pressed: str, near: str) -> None:
    """What is gone leads to what is like it."""
    talk.press(pressed)
    assert talk.text == talk.speaker.messages.say("es", "answer.nearest")
    assert near in [button.action for button in talk.buttons]


def test_option_that_is_gone(unsure: Speaker, small: Knowledge) -> None:
    """An option whose topic is gone is answered by the words of its question."""
    talk = Talk(unsure)
    talk.say("necesito un crédito en uruguay")
    option, question = talk.buttons[0].action or "", talk.last
    talk.speaker = without(small, "loans")
    talk.press(option)
    assert [request.question for request in talk.requests] == [talk.logged[question].question]


def test_more_after_an_edit(speaker: Speaker, small: Knowledge) -> None:
    """ "More" goes on after the resource that was shown last, whatever was added or taken away before it."""
    talk = Talk(speaker)
    talk.say("necesito un crédito en uruguay")
    shown, more = talk.links, next(b.action or "" for b in talk.buttons if b.text == "Ver más")
    talk.press(more)
    rest = talk.links
    first = next(id for id, item in small.resources.items() if item.url == shown[0])
    talk.speaker = without(small, first)
    talk.press(more)
    assert talk.links == rest


def test_more_where_the_last_is_gone(speaker: Speaker, small: Knowledge) -> None:
    """Where the resource that was shown last is gone, nothing is left out."""
    talk = Talk(speaker)
    talk.say("necesito un crédito en uruguay")
    shown, more = talk.links, next(b.action or "" for b in talk.buttons if b.text == "Ver más")
    last = next(id for id, item in small.resources.items() if item.url == shown[-1])
    talk.speaker = without(small, last)
    talk.press(more)
    assert talk.links[:2] == shown[:2]


def test_more_of_an_earlier_question(speaker: Speaker) -> None:
    """ "More" under an earlier answer goes on with that answer's order and country."""
    talk = Talk(speaker)
    talk.say("necesito un crédito en uruguay")
    more = next(b.action or "" for b in talk.buttons if b.text == "Ver más")
    talk.press(more)
    expected = talk.links
    talk.say("cómo hago una factura electrónica en argentina")
    talk.press(more)
    assert talk.links == expected


def test_older_more(talk: Talk) -> None:
    """A button of the first versions, which gave a place, still works."""
    talk.say("necesito un crédito en uruguay")
    first = talk.links
    talk.press("m:loans:3")
    assert talk.links
    assert not {*talk.links} & {*first}
    talk.press("m:loans:0")
    assert talk.links == first
    talk.press("m:loans:99999")
    assert talk.links == first


def test_related_at_the_end(shipped_speaker: Speaker) -> None:
    """Where "more" ends, related topics are offered."""
    talk = Talk(shipped_speaker, Person("ana", language="es", country="AR"))
    talk.press("t:loans")
    assert "Ver más" in talk.labels
    while "Ver más" in talk.labels:
        talk.choose("Ver más")
    related = shipped_speaker.knowledge.topics["loans"].related
    assert [button.action for button in talk.buttons if (button.action or "").startswith("t:")] == [
        f"t:{topic}" for topic in related[:3]
    ]


def test_marks_differ(shipped: Knowledge) -> None:
    """No two topics, and no two resources, have the same mark."""
    ids = [*shipped.topics, *shipped.resources]
    assert len({mark(id) for id in ids}) == len(ids)


@pytest.mark.parametrize(
    ("question", "country"),
    [
        ("necesito un crédito para mi negocio en Perú", "Perú"),
        ("vivo en Chile y necesito un crédito", "Chile"),
        ("i need a loan for my shop in Mexico", "México"),
    ],
)
def test_a_business_abroad(shipped_speaker: Speaker, question: str, country: str) -> None:
    """A business in another country is shown what serves everywhere, and is told so; nothing is asked."""
    talk = Talk(shipped_speaker)
    talk.say(question)
    (reply,) = talk.turn.replies
    assert country in reply.text.split("\n")[0]
    known = {item.url: item for item in shipped_speaker.knowledge.resources.values()}
    assert talk.links
    assert all(known[url].wide for url in talk.links)
    assert talk.requests[0].country is None


@pytest.mark.parametrize(
    "question", ["quiero exportar a Perú", "cómo vendo en Chile mis tejidos", "vendo comida peruana"]
)
def test_goods_abroad(shipped_speaker: Speaker, question: str) -> None:
    """Where goods go, or what they are called after, is not where the business is."""
    talk = Talk(shipped_speaker)
    talk.say(question)
    assert talk.person.heard is None


def test_another_country(shipped_speaker: Speaker) -> None:
    """Who chose "another country" is shown nothing of the five."""
    talk = Talk(shipped_speaker)
    talk.say("necesito un crédito")
    talk.choose("Otro país")
    known = {item.url: item for item in shipped_speaker.knowledge.resources.values()}
    assert all(known[url].wide for url in talk.links)
    assert talk.person.country is None
    talk.say("cómo exporto")
    assert all(known[url].wide for url in talk.links)


@pytest.mark.parametrize(
    ("question", "leaning"),
    [
        ("necesito un crédito en Bolivia", "y cuánto cuesta?"),
        ("how do I export from Honduras", "and how much does it cost?"),
        ("como tiro meu número fiscal no Uruguai", "e quanto custa?"),
        ("cómo registro mi marca en Colombia", "cuáles son los requisitos?"),
        ("cómo registro mi marca en Colombia", "cuánto demora?"),
        ("cómo registro mi marca en Colombia", "dónde queda?"),
        ("como registro minha marca na Argentina", "quanto tempo leva?"),
    ],
)
def test_leaning_questions(shipped_speaker: Speaker, question: str, leaning: str) -> None:
    """What it costs, how long, where and with which papers is asked of the answer before."""
    talk = Talk(shipped_speaker, Person("ana"))
    talk.say(question)
    before = talk.requests[0]
    talk.say(leaning)
    assert (talk.requests[0].topics, talk.requests[0].country) == (before.topics[:1], before.country)


@pytest.mark.parametrize(
    ("text", "country"),
    [("estoy en Bolivia", "Bolivia"), ("Uruguay", "Uruguay"), ("somos de Tegucigalpa", "Honduras")],
)
def test_only_where(shipped_speaker: Speaker, text: str, country: str) -> None:
    """Who says where they are and nothing else is asked what they need; the place counts from then on."""
    talk = Talk(shipped_speaker)
    talk.say(text)
    assert talk.text == f"Anotado: {country}. Cuéntame qué necesita tu negocio, con tus palabras."
    assert [(request.outcome, request.kind) for request in talk.requests] == [("smalltalk", "country")]
    talk.say("necesito un crédito")
    assert f" · {country}" in talk.text
