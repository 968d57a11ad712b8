"""News: to who asked for them, once, in their language."""

from pathlib import Path

import pytest
from casework_people import NOON, Satchel, add_person

from bot.casework import news
from bot.casework.news import News, Sent
from bot.casework.voice import Voice
from bot.errors import BotError
from bot.store import Transaction

FUND = News(id="fund-1", segment="women", text={"es": "Un fondo nuevo", "pt": "Um fundo novo"})


async def subscribe(
    now: Transaction, person: str, segment: str = "women", country: str | None = None
) -> None:
    await now.subscribe(person, segment, country=country, at=NOON)


async def send(now: Transaction, voice: Voice, satchel: Satchel, *, dry: bool = False) -> Sent:
    return await news.send(FUND, {"telegram": satchel}, voice, at=NOON, transaction=now, dry=dry)


async def test_once_to_who_asked(now: Transaction, voice: Voice, satchel: Satchel) -> None:
    await add_person(now, "bea")
    await subscribe(now, "ana")
    assert await send(now, voice, satchel) == Sent(1, 0, 0)
    assert await send(now, voice, satchel) == Sent(0, 1, 0)
    await subscribe(now, "bea")
    assert await send(now, voice, satchel) == Sent(1, 1, 0)
    assert [person for person, _ in satchel.given] == ["ana", "bea"]


async def test_a_dry_run_only_counts(now: Transaction, voice: Voice, satchel: Satchel) -> None:
    await subscribe(now, "ana")
    assert await send(now, voice, satchel, dry=True) == Sent(1, 0, 0)
    assert satchel.given == []
    assert await send(now, voice, satchel) == Sent(1, 0, 0)


async def test_not_to_who_cannot_be_reached(now: Transaction, voice: Voice, satchel: Satchel) -> None:
    await add_person(now, "bea", channel="terminal")
    await now.ban("ana", NOON)
    for person in ("ana", "bea"):
        await subscribe(now, person)
    assert await send(now, voice, satchel) == Sent(0, 0, 2)


@pytest.mark.parametrize(
    ("language", "said"), [("pt", "Um fundo novo"), ("es", "Un fondo nuevo"), ("en", "Un fondo nuevo")]
)
def test_in_their_language_with_a_way_to_stop(voice: Voice, language: str, said: str) -> None:
    reply = news.said(FUND, language, voice)
    assert reply.text == said
    assert [button.action for row in reply.rows for button in row] == ["news_stop"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("id: a b\nsegment: women\ntext: {es: x}\n", ":1: id"),
        ("id: abc\nsegment: men\ntext: {es: x}\n", "segment men"),
        ("id: abc\nsegment: women\ntext: {en: x}\n", "text.es is missing"),
        ("id: abc\nsegment: women\ntext: {es: x}\nmore: 1\n", "more"),
        ("id: [", "not readable as YAML"),
    ],
)
def test_a_file_that_is_wrong_is_named(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "news.yaml"
    file.write_text(text)
    with pytest.raises(BotError) as told:
        news.read(file)
    assert fault in str(told.value)


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "news.yaml"
    file.write_text(
        "id: fund-2\nsegment: country\ncountry: UY\ntext: {es: hola}\n"
        "link: {url: https://example.org/x, label: {es: Ver}}\n"
    )
    found = news.read(file)
    assert (found.id, found.country, found.link and found.link.label) == ("fund-2", "UY", {"es": "Ver"})
