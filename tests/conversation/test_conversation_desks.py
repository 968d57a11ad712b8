"""The women's desk and the library: one message each, everything in it found by name."""

import itertools

import pytest
from talk import NOON, THURSDAY, Talk, buttons_of, check

from bot.advice.knowledge import COUNTRIES, LANGUAGES, Knowledge
from bot.conversation.dialogue import Speaker
from bot.conversation.records import CaseOpened, Consented, Person, Subscribed, Unsubscribed, Withdrawn
from bot.conversation.replies import Reply
from bot.conversation.shelf import View
from bot.conversation.women import SECTIONS

DAY = NOON.date()


def pages(talk: Talk, first: str) -> list[Reply]:
    """Press `first`, then "see more" to the end."""
    talk.press(first)
    shown = [talk.turn.replies[0]]
    while "Ver más" in talk.labels:
        talk.choose("Ver más")
        shown.append(talk.turn.replies[0])
    return shown


def links(replies: list[Reply]) -> list[str]:
    return [button.url for reply in replies for button in buttons_of(reply) if button.url]


# -- women ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_section_has_something(shipped_speaker: Speaker, country: str) -> None:
    """In each country each section holds something made for women, and nothing of another country."""
    for section in SECTIONS:
        found = shipped_speaker.women.resources(section, View("es", country, DAY))
        assert found, section
        assert all("women" in item.audience and item.serves(country) for item in found)


def test_own_country_comes_first(shipped_speaker: Speaker) -> None:
    """A section begins with what is of the country, then the region, then the world."""
    talk = Talk(shipped_speaker, Person("ana", language="es", country="BO"))
    shown = links(pages(talk, "w:networks"))
    known = {item.url: item for item in shipped_speaker.knowledge.resources.values()}
    near = [
        0 if "BO" in known[url].countries else 1 if "regional" in known[url].countries else 2 for url in shown
    ]
    assert near == sorted(near)
    assert near[0] == 0
    expected = shipped_speaker.women.resources("networks", View("es", "BO", DAY))
    assert shown == [item.url for item in expected]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_short(shipped_speaker: Speaker, language: str) -> None:
    """Each page of each section, for each country, fits a phone and leads back."""
    for section, country in itertools.product(SECTIONS, (*COUNTRIES, None, "other")):
        after = ""
        while True:
            reply = shipped_speaker.women.section(section, View(language, country, DAY, after))
            assert reply is not None
            check(reply)
            assert reply.edits
            onward = [b.action or "" for b in buttons_of(reply) if (b.action or "").startswith("w:")]
            if not onward:
                break
            after = onward[0].split(":")[2]


def test_without_a_country_nothing_foreign(shipped_speaker: Speaker) -> None:
    """With no country known the desk shows what serves everywhere, and offers to choose one."""
    talk = Talk(shipped_speaker)
    talk.press("w:finance")
    known = {item.url: item for item in shipped_speaker.knowledge.resources.values()}
    assert all(known[url].wide for url in talk.links)
    talk.choose("País: …")
    assert "women" in [button.action for button in talk.buttons]
    talk.choose("Honduras")
    assert talk.person.country == "HN"
    assert "País: Honduras" in talk.labels


@pytest.mark.parametrize(
    "text", ["soy emprendedora", "hola, soy emprendedora", "i am a woman entrepreneur", "sou empreendedora"]
)
def test_a_woman_who_says_so_is_offered_the_desk(shipped_speaker: Speaker, text: str) -> None:
    """Who says that she is an owner is shown the desk, without a form, and nothing of it is stored."""
    talk = Talk(shipped_speaker, Person("ana", language="es"))
    talk.say(text)
    assert talk.text == shipped_speaker.messages.say(talk.requests[0].language, "women.title")
    assert (talk.person.audience, talk.person.women_owned, talk.others) == (None, None, [])


@pytest.mark.parametrize(
    ("asked", "added"),
    [
        ("necesito un préstamo para mi taller en Honduras", "soy mujer"),
        ("necesito un préstamo para mi taller en Honduras", "y soy emprendedora"),
        ("necesito un préstamo para mi taller", "soy mujer de Honduras"),
        ("i need a loan for my shop in Honduras", "i am a woman"),
        ("preciso de um empréstimo em Honduras", "sou mulher"),
    ],
)
def test_a_woman_who_says_so_after_an_answer(shipped_speaker: Speaker, asked: str, added: str) -> None:
    """Who adds that she is a woman has the same need answered again, women's first, and nothing is stored."""
    talk = Talk(shipped_speaker, Person("ana"))
    talk.say(asked)
    (before,) = talk.requests
    talk.say(added)
    (request,) = talk.requests
    assert (before.topics, request.topics, request.audience) == (("loans",), ("loans",), "women")
    first = shipped_speaker.knowledge.resources[request.resources[0]]
    assert "women" in first.audience
    assert request.resources != before.resources
    assert talk.person.audience is None
    talk.press(next(button.action or "" for button in talk.buttons if (button.action or "").startswith("e:")))
    assert talk.requests[0].audience is None


def test_a_greeting_after_an_answer_opens_the_desk(shipped_speaker: Speaker) -> None:
    """Who greets begins anew: the desk is opened, as without an answer before."""
    talk = Talk(shipped_speaker, Person("ana", language="es"))
    talk.say("necesito un préstamo en Honduras")
    talk.say("hola, soy emprendedora")
    assert talk.text == shipped_speaker.messages.say("es", "women.title")


def test_beside_an_answer(shipped_speaker: Speaker) -> None:
    """Who asks as a woman has the desk beside her answer; the next question is anybody's."""
    talk = Talk(shipped_speaker, Person("ana", language="es", country="BO"))
    talk.say("soy artesana y necesito un crédito para mi taller")
    assert "Ver lo de empresarias" in talk.labels
    talk.choose("Ver lo de empresarias")
    assert not talk.turn.replies[0].edits
    talk.say("cómo registro mi marca")
    assert "Ver lo de empresarias" not in talk.labels
    assert talk.requests[0].audience is None


def test_show_all(talk: Talk) -> None:
    """ "Show all" answers again without putting women's first, and stays one question."""
    talk.say("soy mujer y necesito un crédito en Montevideo")
    question, first = talk.last, talk.links
    talk.choose("Mostrar todo")
    assert talk.links != first
    assert talk.links[0] == "https://example.org/uy-loans"
    assert "Mostrar todo" not in talk.labels
    assert [request.id for request in talk.requests] == [question]


def test_show_all_of_what_is_for_women(shipped_speaker: Speaker) -> None:
    """Where the topic itself is made for women, "show all" opens the one for everyone."""
    talk = Talk(shipped_speaker, Person("ana", language="es"))
    talk.say("somos tres artesanas de cochabamba queremos conocer otras dueñas de negocios")
    assert talk.requests[0].topics == ("women-networks",)
    assert "porque lo mencionas" in talk.text
    talk.choose("Mostrar todo")
    assert talk.requests[0].topics == ("business-organisations",)
    assert "porque lo mencionas" not in talk.text


def test_connect_me(talk: Talk) -> None:
    """The coordinator is asked for after a recorded consent, with a promised day; more may be added."""
    talk.say("/women")
    talk.choose("Conectarme con la red")
    assert "jueves 26 de noviembre" in talk.text
    assert talk.turn.records == ()
    talk.choose("Sí, quiero")
    version = talk.speaker.messages.say("es", "consent.version")
    assert talk.turn.records == (
        Consented("connect", version, "es", NOON),
        CaseOpened(f"c{talk.last}", NOON, "connect", None, THURSDAY),
    )
    case = talk.cases[0].id
    talk.say("va a llover mañana")
    assert [note.case for note in talk.notes] == [case]


def test_not_connected(talk: Talk) -> None:
    """Who would rather not is back at the desk, and nothing is recorded."""
    talk.press("k")
    talk.choose("No, gracias")
    assert talk.turn.records == ()
    assert talk.text == talk.speaker.messages.say("es", "women.title")


def test_news(talk: Talk) -> None:
    """News are asked for by segment, with consent, and stopped by one tap."""
    talk.say("/women")
    talk.choose("Avisos")
    talk.choose("Para empresarias")
    version = talk.speaker.messages.say("es", "consent.version")
    assert talk.turn.records == (
        Consented("news", version, "es", NOON),
        Subscribed("women", None, NOON),
    )
    assert talk.person.news == ("women",)
    assert talk.person.audience is None
    assert "Ahora recibes: para empresarias." in talk.text
    talk.choose("No recibir más avisos")
    assert talk.turn.records == (Unsubscribed(NOON), Withdrawn("news", NOON))
    assert (talk.person.news, talk.person.consents) == ((), ())


def test_news_of_the_country_need_one(talk: Talk) -> None:
    """News of the own country ask for the country first."""
    talk.say("/news")
    talk.choose("De mi país")
    assert talk.turn.records == ()
    talk.choose("Honduras")
    talk.choose("De mi país")
    assert Subscribed("country", "HN", NOON) in talk.turn.records


@pytest.mark.parametrize("stop", ["/news stop", "a button"])
def test_news_stop_anywhere(speaker: Speaker, stop: str) -> None:
    """The stop button under any news, and the command, stop them; that message stays."""
    talk = Talk(speaker, Person("ana", language="es", news=("women", "country")))
    if stop == "a button":
        talk.press("news_stop")
    else:
        talk.say(stop)
    assert Unsubscribed(NOON) in talk.turn.records
    assert not talk.turn.replies[0].edits


# -- library -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sought", "first"),
    [
        ("UIA", "ar-uia"),
        ("CEPB", "bo-cepb"),
        ("ANDI", "co-andi"),
        ("COHEP", "hn-cohep"),
        ("CIU", "uy-ciu"),
        ("informe regional digitalización", "ilo-informe-regional-digitalizacion-2022"),
        ("taller sur-sur", "actemp-taller-regional-buenos-aires-2023"),
        ("Confederacion de Empresarios Privados", "bo-cepb"),
        ("cohpe hondureño", "hn-cohep"),
    ],
)
def test_found_by_name(shipped_speaker: Speaker, sought: str, first: str) -> None:
    """The five organisations, the regional report and the workshop are found by name."""
    talk = Talk(shipped_speaker)
    talk.say(f"/library {sought}")
    assert talk.links[0] == shipped_speaker.knowledge.resources[first].url
    assert talk.requests == []


def test_card_from_the_library(shipped_speaker: Speaker) -> None:
    """Each thing in the library opens by itself, below the list, which stays."""
    talk = Talk(shipped_speaker)
    talk.say("/library actemp")
    listed = talk.links
    talk.choose("Ficha 2")
    assert not talk.turn.replies[0].edits
    assert talk.links == listed[1:2]


def test_search_by_button(shipped_speaker: Speaker) -> None:
    """The search button makes the next text what is looked for; pages go on with the same words."""
    talk = Talk(shipped_speaker)
    talk.say("/library")
    talk.choose("Buscar")
    talk.say("formalización")
    first = talk.links
    assert talk.requests == []
    talk.choose("Ver más")
    assert talk.links
    assert not {*first} & {*talk.links}
    assert talk.turn.replies[0].edits
    talk.say("necesito un crédito")
    assert len(talk.requests) == 1


@pytest.mark.parametrize("between", ["/menu", "a button"])
def test_search_ends(talk: Talk, between: str) -> None:
    """A command or a button between means that the next text is a question."""
    talk.press("search")
    if between == "a button":
        talk.press("home")
    else:
        talk.say(between)
    talk.say("necesito un crédito")
    assert len(talk.requests) == 1


def test_nothing_found(talk: Talk) -> None:
    """Words nobody wrote are said not to be found, with the way to look otherwise."""
    talk.say("/library zzzzzz")
    assert talk.text == talk.speaker.messages.say("es", "library.nothing")
    assert talk.labels == ["Buscar", "Volver"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shelf(shipped_speaker: Speaker, language: str) -> None:
    """Each kind, topic and language has its shelf; each page of it is short."""
    view = View(language, None, DAY)
    for way in ("bk", "bt", "bl"):
        door = shipped_speaker.library.values(way, view)
        assert door is not None
        check(door)
        seen: set[str] = set()
        for value in [b.action or "" for b in buttons_of(door) if (b.action or "").startswith(f"{way}:")]:
            after = ""
            while True:
                name = value.split(":")[1]
                reply = shipped_speaker.library.shelf(way, name, View(language, None, DAY, after))
                assert reply is not None
                check(reply)
                seen |= {button.url for button in buttons_of(reply) if button.url}
                onward = [b.action or "" for b in buttons_of(reply) if (b.action or "").startswith(f"{way}:")]
                if not onward:
                    break
                after = onward[0].split(":")[2]
        assert len(seen) > 50, way


def test_forged_shelf(talk: Talk) -> None:
    """A shelf that is not there leads to the library's door."""
    for pressed in ("bk:gone", "bt:gone:1", "bl:xx", "bf", "bf:1", "bk:report:gone"):
        talk.press(pressed)
        assert talk.turn.replies[0].edits


def test_own_words_only(small: Knowledge) -> None:
    """What a draft holds is not in the library."""
    shown = [item for item in small.resources.values() if item.shown_on(DAY)]
    assert 0 < len(shown) < len(small.resources)
