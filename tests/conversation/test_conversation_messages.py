"""What the bot says: whole in three languages, all of it used, and in its own voice."""

import ast
import datetime
import re
import string
from pathlib import Path

import pytest

from bot.advice.knowledge import COUNTRIES, LANGUAGES, Knowledge
from bot.cli.serving import COMMANDS_SHOWN
from bot.conversation.dialogue import ATTACHMENTS, DOWN_REASONS
from bot.conversation.known_now import known_now
from bot.conversation.menus import EXAMPLES
from bot.conversation.messages import Messages, lines

CODE = Path(__file__).parents[2] / "bot"
SAYING = {"say", "text", "notice", "gone"}
KEY = re.compile(r"[a-z_]+(\.[a-zA-Z0-9_-]+)*")
# The console has words of its own, and names of files are no keys.
ELSEWHERE = {CODE / "console", CODE / "advice"}

# Words of the bot's Spanish that end like the imperatives and presents of vos, and are something else.
NOT_VOS = re.compile(
    r"qué|más|país|está|estás|esté|inglés|portugués|aquí|ahí|así|allá|después|además|demás|través|sé|sí|dé|"
    r"leerá|harás|mandé|encontré|mí|borré|anoté|pasé|avisé|agregué|entendí|mostré"
)
VOS_ENDING = re.compile(r"\w+[áéí]s?\b")
VOS_WORDS = re.compile(
    r"\b(?:vos|sos|(?:cont|mand|avis|fij|anot|toc|busc|mir)a(?:me|te|lo|la)|(?:dec|escrib|eleg)i(?:me|lo|la))\b"
)


# Settings that a section of the messages is called like.
SETTINGS = {"staff.group_id"}


class Used:
    """The keys the code says: whole ones, and patterns for those it puts together."""

    def __init__(self, sections: set[str]):
        self.keys: set[str] = set()
        self.patterns: set[str] = set()
        for path in CODE.rglob("*.py"):
            if not ELSEWHERE & {*path.parents}:
                self._read(ast.parse(path.read_text("utf-8")), sections)

    def _read(self, tree: ast.AST, sections: set[str]) -> None:
        parts = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
        }
        for node in ast.walk(tree):
            if id(node) not in parts:
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    section, dot, _ = node.value.partition(".")
                    if dot and section in sections and KEY.fullmatch(node.value):
                        self.keys.add(node.value)
                elif isinstance(node, ast.JoinedStr):
                    self._pattern(node, sections)
                elif isinstance(node, ast.Call) and _name(node.func) in SAYING:
                    self._said(node)

    def _pattern(self, node: ast.JoinedStr, sections: set[str]) -> None:
        first = node.values[0]
        said = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        if " " in said:  # a sentence, such as a fault's
            return
        if isinstance(first, ast.Constant) and str(first.value).partition(".")[0] in sections:
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[^.]+"
                for part in node.values
            ]
            self.patterns.add("".join(parts))

    def _said(self, call: ast.Call) -> None:
        """Learn the keys without a dot, which only a call gives away."""
        given = [*call.args, *(item.value for item in call.keywords if item.arg == "key")]
        direct = [item.value for item in given if isinstance(item, ast.Constant)]
        chosen = [
            part.value
            for item in given
            if isinstance(item, ast.IfExp)
            for part in (item.body, item.orelse)
            if isinstance(part, ast.Constant)
        ]
        said = {item for item in (*direct, *chosen) if isinstance(item, str) and KEY.fullmatch(item)}
        self.keys |= said - set(LANGUAGES)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="session")
def keys(shipped: Knowledge) -> set[str]:
    return set(shipped.messages["es"])


@pytest.fixture(scope="session")
def used(keys: set[str]) -> Used:
    return Used({key.partition(".")[0] for key in keys if "." in key})


def test_same_keys(shipped: Knowledge) -> None:
    """Three languages say the same things."""
    assert sorted(shipped.messages) == sorted(LANGUAGES)
    for language in LANGUAGES:
        assert set(shipped.messages[language]) == set(shipped.messages["es"]), language


def test_same_placeholders(shipped: Knowledge, keys: set[str]) -> None:
    """What is filled in is the same in each language."""
    for key in keys:
        assert len({frozenset(fields(shipped.messages[language][key])) for language in LANGUAGES}) == 1, key


def test_every_key_is_used(keys: set[str], used: Used) -> None:
    """Nothing is written that nobody says."""
    made = re.compile("|".join(used.patterns))
    lists = re.compile(r"date\.(weekday|month)\.\d+")
    assert {key for key in keys - used.keys if not made.fullmatch(key) and not lists.fullmatch(key)} == set()


def test_every_key_is_there(keys: set[str], used: Used) -> None:
    """Nothing is said that nobody wrote."""
    assert len(used.keys) > 40
    assert used.keys - keys - SETTINGS == set()
    assert {
        pattern for pattern in used.patterns if not any(re.fullmatch(pattern, key) for key in keys)
    } == set()


def test_every_key_put_together_is_there(shipped: Knowledge, keys: set[str]) -> None:
    """Whatever a key is put together with, there is a text for it."""
    tongues = {language for resource in shipped.resources.values() for language in resource.languages}
    wanted = {
        *(f"smalltalk.{kind}" for kind in shipped.smalltalk if kind != "handoff"),
        *(f"group.{topic.group}" for topic in shipped.topics.values()),
        *(f"country.{country}" for country in COUNTRIES),
        *(f"tongue.{language}" for language in tongues),
        *(f"start.example.{topic}" for topic in EXAMPLES),
        *(f"feedback.{reason}" for reason in DOWN_REASONS),
        *(f"attachment.{kind}" for kind in (*ATTACHMENTS, "other")),
        *(f"command.{command}" for command in COMMANDS_SHOWN),
    }
    assert wanted - keys == set()
    assert set(EXAMPLES) <= set(shipped.topics)


@pytest.mark.parametrize("language", LANGUAGES)
def test_voice(shipped: Knowledge, language: str) -> None:
    """No text is long, shouts, or has more than one emoji."""
    for key, text in shipped.messages[language].items():
        assert 0 < len(text) < 1_000, key
        assert not re.search(r"[!¡]\s*[!¡]", text), key
        assert sum(ord(letter) > 0x1F000 for letter in text) <= 1, key


def test_neutral_spanish(shipped: Knowledge) -> None:
    """The bot's own Spanish is read alike in five countries: no verb form of vos."""
    said = [
        *shipped.messages["es"].values(),
        *(topic.advice.get("es", "") for topic in shipped.topics.values()),
    ]
    said += [entry.line["es"] for entry in (*shipped.out_of_scope.values(), *shipped.sensitive.values())]
    for text in said:
        assert {
            word for word in VOS_ENDING.findall(text.casefold()) if not NOT_VOS.fullmatch(word)
        } == set(), text
        assert VOS_WORDS.findall(text.casefold()) == [], text


@pytest.mark.parametrize(
    "text", ["Anotá cuánto", "escribí tu pregunta", "¿qué necesitás?", "Contame más", "si podés"]
)
def test_vos_would_be_found(text: str) -> None:
    """The check above sees the forms it is for."""
    found = [word for word in VOS_ENDING.findall(text.casefold()) if not NOT_VOS.fullmatch(word)]
    assert found or VOS_WORDS.findall(text.casefold())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_telegram_takes(shipped: Knowledge, language: str) -> None:
    """The texts of the bot's page and menu are within Telegram's limits."""
    texts = shipped.messages[language]
    assert len(texts["profile.description"]) <= 512
    assert len(texts["profile.about"]) <= 120
    assert all(len(texts[f"command.{command}"]) <= 256 for command in COMMANDS_SHOWN)


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("es", "jueves 1 de enero", "jueves 31 de diciembre"),
        ("en", "Thursday 1 January", "Thursday 31 December"),
        ("pt", "quinta-feira, 1 de janeiro", "quinta-feira, 31 de dezembro"),
    ],
)
def test_days(shipped: Knowledge, language: str, first: str, last: str) -> None:
    """Each day of a year is said, each in its own words."""
    messages = Messages(shipped.messages)
    days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=n) for n in range(365)]
    said = [messages.day(language, day) for day in days]
    assert (said[0], said[-1]) == (first, last)
    assert len(set(said)) == 365
    assert not any("date." in text for text in said)


def test_missing_text() -> None:
    """What is not written in a language is said in Spanish, what nobody wrote by its key."""
    messages = Messages({"es": {"hello": "hola {name}"}, "en": {"bye": "bye"}})
    assert messages.say("pt", "hello", name="x") == "hola x"
    assert messages.say("es", "bye") == "bye"
    assert messages.say("es", "nothing.here") == "nothing.here"
    assert not messages.has("nothing.here")


def test_values_are_not_texts() -> None:
    """What is filled in may hold braces."""
    assert (
        Messages({"es": {"more": "Más de {topic}"}}).say("es", "more", topic="{promised}")
        == "Más de {promised}"
    )


def test_lines() -> None:
    """A text of several lines becomes as many."""
    assert ["".join(span.text for span in line) for line in lines("uno\n\ntres\n")] == ["uno", "", "tres"]


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_who_asked_reads_their_question_and_gets_its_topics(shipped: Knowledge, language: str) -> None:
    messages = Messages(shipped.messages)
    reply = known_now("x\n" * 200, ["loans", "gone"], language=language, knowledge=shipped, messages=messages)
    assert "x x x" in reply.text
    assert len(reply.text) < 300
    assert [[button.action for button in row] for row in reply.rows] == [["t:loans"], ["news_stop"]]


@pytest.mark.parametrize(
    ("language", "items", "said"),
    [
        ("es", [], ""),
        ("es", ["español"], "español"),
        ("es", ["inglés", "español"], "inglés y español"),
        ("es", ["español", "inglés"], "español e inglés"),
        ("es", ["español", "portugués", "inglés"], "español, portugués e inglés"),
        ("es", ["agua", "hielo"], "agua y hielo"),
        ("es", ["Bolivia", "Honduras"], "Bolivia y Honduras"),
        ("en", ["Spanish", "English"], "Spanish and English"),
        ("pt", ["inglês", "espanhol"], "inglês e espanhol"),
    ],
)
def test_a_list_reads_as_people_say_it(
    shipped: Knowledge, language: str, items: list[str], said: str
) -> None:
    assert Messages(shipped.messages).listed(language, items) == said
