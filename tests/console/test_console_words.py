"""The console's words: the same keys and places to fill in in every language, each one used."""

import datetime
import re
import string
from pathlib import Path

import pytest

from bot.console.words import FOLDER, LANGUAGES, Words

ROOM = FOLDER.parent
WORDS = Words.read()
TEXTS = WORDS._texts


def source() -> str:
    files = [*ROOM.rglob("*.html"), *ROOM.rglob("*.py"), *ROOM.rglob("*.js")]
    return "\n".join(Path(file).read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_key(language: str) -> None:
    assert set(TEXTS[language]) == set(TEXTS["es"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fills_in_the_same(language: str) -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    different = [key for key, text in TEXTS[language].items() if places(text) != places(TEXTS["es"][key])]
    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, text in TEXTS[language].items() if not text] == []


def test_every_key_is_used() -> None:
    """Whole, or as a code under a name that is looked up (`outcome.answer` by `named("outcome", ...)`)."""
    text = source()
    unused = [
        key for key in TEXTS["es"] if not (f'"{key}"' in text or f"'{key}'" in text or _made(key, text))
    ]
    assert unused == []


def _made(key: str, text: str) -> bool:
    parents = [key.rsplit(".", depth)[0] for depth in (1, 2) if key.count(".") >= depth]
    return any(re.search(rf"""["']{re.escape(parent)}(?:["']|\.["']|\.\{{)""", text) for parent in parents)


def test_every_key_that_is_said_is_there() -> None:
    said = re.findall(r"""\bsay\(\s*["']([a-z_.]+[a-z_])["']\s*[,)]""", source())
    assert {key for key in said if not WORDS.has(key)} == set()
    counted = re.findall(r"""\bcounted\(\s*["']([a-z_.]+)["']""", source())
    assert {key for key in counted if not WORDS.has(f"{key}.other")} == set()


def test_numbers_and_shares_are_written_as_people_write_them() -> None:
    assert WORDS.number("en", 12345.5, 1) == "12,345.5"
    assert WORDS.number("es", 12345.5, 1) == "12.345,5"
    assert WORDS.share("pt", 0.256) == "26 %"
    assert WORDS.share("pt", None) == "–"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "now"), (1, "1 min ago"), (59, "59 min ago"), (60, "1 h ago"), (3000, "2 days ago")],
)
def test_ago_is_said_in_the_largest_unit(minutes: int, said: str) -> None:
    now = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
    assert WORDS.ago("en", now - datetime.timedelta(minutes=minutes), now) == said
