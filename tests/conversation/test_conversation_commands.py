"""Commands, the country, the language, and the care of what is stored."""

import pytest
from talk import Talk

from bot.advice.knowledge import COUNTRIES, LANGUAGES
from bot.cli.serving import COMMANDS_SHOWN
from bot.conversation.dialogue import Speaker
from bot.conversation.records import Person

COMMANDS = {
    "start": "start.hello",
    "menu": "menu.title",
    "help": "help",
    "country": "country.ask",
    "language": "language.ask",
    "person": "consent.handoff",
    "profile": "profile.title",
    "mydata": "mydata.ready",
    "news": "news.ask",
    "women": "women.title",
    "library": "library.title",
    "privacy": "privacy",
    "forget": "forget.ask",
    "cancel": "cancel",
}


# Pressing these says something once, or hands something over, below the menu.
LEAVING = {"mydata", "no", "keep", "forget"}
WAYS_BACK = {"home", "women", "library", "profile", "no", "keep", "bk", "bt", "bl"}
UNKNOWN = {"Ese botón ya no sirve. Mira los temas de ahora.", "Ese tema ya no está. Mira los de ahora."}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command(speaker: Speaker, command: str, language: str) -> None:
    """Each command is answered in the person's language, and is no question."""
    talk = Talk(speaker, Person("ana", language=language))
    talk.say(f"/{command}")
    said = speaker.messages.say(language, COMMANDS[command])
    version = speaker.messages.say(language, "consent.version")
    assert talk.text == said.replace("{version}", version)
    assert talk.requests == []


def test_every_shown_command_is_known(talk: Talk) -> None:
    """What Telegram's menu shows is understood."""
    for command in COMMANDS_SHOWN:
        talk.say(f"/{command}")
        assert not talk.text.startswith("Ese comando no lo conozco"), command


@pytest.mark.parametrize("text", ["/menu@some_bot", "/MENU", "/menu ahora", "/menu "])
def test_spellings_of_a_command(talk: Talk, text: str) -> None:
    """The bot's name, capitals and words after a command change nothing."""
    talk.say(text)
    assert talk.text == "¿Sobre qué tema?"


@pytest.mark.parametrize("text", ["/nada", "/", "/ menu", "//", "/start2", "/🙂"])
def test_unknown_command(talk: Talk, text: str) -> None:
    """A command nobody knows is said to be one."""
    talk.say(text)
    assert talk.text == "Ese comando no lo conozco. /help muestra los que hay."


@pytest.mark.parametrize("language", LANGUAGES)
def test_start(shipped_speaker: Speaker, language: str) -> None:
    """/start is one short message: three example questions, the topics, the other languages; no form."""
    talk = Talk(shipped_speaker, Person("ana", language=language))
    talk.say("/start")
    (reply,) = talk.turn.replies
    examples, home, tongues = reply.rows[:3], reply.rows[3], reply.rows[4]
    assert len(reply.text) < 200
    assert [button.action for button in home] == ["home"]
    assert {button.action for button in tongues} == {f"l:{tag}:start" for tag in LANGUAGES if tag != language}
    for (example,) in examples:
        talk.press(example.action or "")
        assert [(request.outcome, request.question) for request in talk.requests] == [
            ("answer", example.text)
        ]
        assert talk.person.language == language


def test_language_from_the_first_message(shipped_speaker: Speaker) -> None:
    """One tap turns the first message into another language, in its place."""
    talk = Talk(shipped_speaker, Person("ana", language="es"))
    talk.say("/start")
    talk.choose("Português")
    (reply,) = talk.turn.replies
    assert reply.edits
    assert reply.text == shipped_speaker.messages.say("pt", "start.hello")
    assert talk.person.language == "pt"


def test_deep_link(talk: Talk) -> None:
    """/start with a topic opens it; with anything else it begins."""
    talk.say("/start loans")
    assert talk.text.startswith("Créditos\n")
    assert talk.requests[0].kind == "chosen"
    talk.say("/start campaign-7")
    assert talk.text.startswith("Hola, soy el asistente")


def test_everything_by_buttons(shipped_speaker: Speaker) -> None:
    """From the topics everything opens by buttons alone, in the same message, and leads back to it."""
    talk = Talk(shipped_speaker)
    talk.press("menu")
    assert not talk.turn.replies[0].edits
    opened: set[str] = set()
    waiting = [button.action or "" for button in talk.buttons]
    while waiting:
        pressed = waiting.pop()
        if pressed in opened or pressed in LEAVING:
            continue
        opened.add(pressed)
        talk.press(pressed)
        assert talk.text not in UNKNOWN, pressed
        if talk.requests or pressed.startswith("x:"):  # an answer or a card, which stays
            assert not talk.turn.replies[0].edits
            continue
        assert talk.turn.replies[0].edits, pressed
        assert WAYS_BACK & {button.action for button in talk.buttons}, pressed
        waiting += [button.action or "" for button in talk.buttons if not button.url]
    topics = {pressed.removeprefix("t:") for pressed in opened if pressed.startswith("t:")}
    groups = shipped_speaker.knowledge.topics
    assert topics == {topic for topic in groups if groups[topic].group not in ("women", "organisations")}
    assert {
        "women",
        "library",
        "person",
        "profile",
        "country",
        "language",
        "help",
        "privacy",
        "erase",
    } <= opened
    assert {"w:networks", "k", "nw", "bk", "bt", "bl", "search"} <= opened


# -- country and language ------------------------------------------------------------------------------


def test_country_asked_once(talk: Talk) -> None:
    """With no country known the answer comes first, then the question for it, by buttons, once."""
    talk.say("necesito un crédito")
    answer, country = talk.turn.replies
    assert "Créditos" in answer.text
    assert country.text.startswith("¿En qué país está tu negocio?")
    talk.say("contrato de trabajo")
    assert len(talk.turn.replies) == 1


@pytest.mark.parametrize("country", COUNTRIES)
def test_country_chosen(talk: Talk, country: str) -> None:
    """A chosen country is kept, and what was asked is answered for it at once."""
    talk.say("necesito un crédito")
    talk.choose(talk.speaker.messages.say("es", f"country.{country}"))
    assert talk.person.country == country
    assert talk.turn.replies[0].edits
    assert talk.requests[0].country == country
    talk.say("contrato de trabajo")
    assert talk.requests[0].country == country


def test_country_changed(speaker: Speaker) -> None:
    """/country changes it; "another country" leaves none, and it is not asked for again."""
    talk = Talk(speaker, Person("ana", language="es", country="UY"))
    talk.say("/country")
    talk.choose("Argentina")
    assert talk.person.country == "AR"
    talk.say("/country")
    talk.choose("Otro país")
    assert talk.person.country is None
    talk.say("necesito un crédito")
    assert len(talk.turn.replies) == 1


def test_country_heard_is_carried_on(talk: Talk) -> None:
    """A country in a question counts for the next ones, but is no choice."""
    talk.say("necesito un crédito en Montevideo")
    talk.say("cómo hago una factura electrónica")
    assert talk.requests[0].country == "UY"
    assert talk.person.country is None
    assert len(talk.turn.replies) == 1
    talk.say("necesito un crédito, la AFIP me lo pide")
    assert talk.requests[0].country == "AR"


def test_country_of_the_question_wins_once(speaker: Speaker) -> None:
    """What a question says counts for it; the chosen country counts again after it."""
    talk = Talk(speaker, Person("ana", language="es", country="UY"))
    talk.say("necesito un crédito en argentina")
    assert talk.requests[0].country == "AR"
    talk.say("cómo hago una factura electrónica")
    assert talk.requests[0].country == "UY"


def test_destination_is_not_where_one_is(shipped_speaker: Speaker) -> None:
    """Where the goods go says nothing of where the business is: the next answer is not for that country."""
    talk = Talk(shipped_speaker)
    talk.say("quiero exportar mermelada a Argentina")
    talk.say("necesito un crédito para mi negocio")
    assert talk.requests[0].country is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_chosen(talk: Talk, language: str) -> None:
    """A chosen language is kept and used at once."""
    talk.say("/language")
    talk.choose(talk.speaker.messages.say(language, "language.name"))
    assert talk.person.language == language
    assert talk.text == talk.speaker.messages.say(language, "language.known")


def test_refusal_keeps_the_language(talk: Talk) -> None:
    """What is not ours is refused in its own language, and the person's language stays."""
    talk.say("who won the match")
    assert talk.text == talk.speaker.messages.say("en", "no_match.unknown")
    assert talk.person.language == "es"


# -- what is stored ------------------------------------------------------------------------------------


def test_forget_asks_once(talk: Talk) -> None:
    """/forget asks before it erases."""
    talk.say("necesito un crédito en uruguay")
    talk.say("/forget")
    assert talk.turn.records == ()
    assert talk.labels == ["Sí, borrar todo", "No, dejarlo"]


def test_forget(talk: Talk) -> None:
    """The one confirmation erases everything; the language alone stays, to say so."""
    talk.say("necesito un crédito en uruguay")
    talk.say("/forget")
    talk.choose("Sí, borrar todo")
    assert talk.forgotten
    assert talk.text == "Listo. Borré todo lo que estaba guardado sobre ti."
    assert talk.person == Person("ana", language="es")


def test_forget_not(talk: Talk) -> None:
    """ "No" erases nothing."""
    talk.say("necesito un crédito en uruguay")
    before = talk.person
    talk.say("/forget")
    talk.choose("No, dejarlo")
    assert talk.text == "Bien, no borré nada."
    assert not talk.forgotten
    assert talk.person == before


def test_cancel(talk: Talk) -> None:
    """/cancel leaves what was talked of; what was chosen stays."""
    talk.say("necesito un crédito")
    talk.choose("Uruguay")
    talk.say("/cancel")
    assert (talk.person.topic, talk.person.question, talk.person.request) == (None, None, None)
    assert talk.person.country == "UY"
    talk.say("/person")
    talk.agree()
    assert [case.request for case in talk.cases] == [None]


# -- what cannot be read -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("voice", "audios"),
        ("photo", "fotos"),
        ("document", "archivos"),
        ("audio", "audios"),
        ("video", "videos"),
        ("video_note", "videos"),
        ("sticker", "Escríbelo en una frase"),
        ("location", "mapas"),
        ("contact", "otras personas"),
        ("poll", "solo leo texto"),
        ("other", "solo leo texto"),
    ],
)
def test_attachment(talk: Talk, kind: str, words: str) -> None:
    """What cannot be read gets a kind reply, a way to a person, and a row."""
    talk.send(kind)
    assert words in talk.text
    assert talk.labels == ["Hablar con una persona", "Ver temas"]
    assert [(request.kind, request.question, request.outcome) for request in talk.requests] == [
        (kind, "", "no_match")
    ]
    attachment = talk.last
    talk.want_person()
    assert [case.request for case in talk.cases] == [attachment]


def test_caption(talk: Talk) -> None:
    """A caption is a question."""
    talk.send("photo", caption="necesito un crédito en uruguay")
    assert talk.links[0] == "https://example.org/uy-loans"
    assert talk.requests[0].question == "necesito un crédito en uruguay"
