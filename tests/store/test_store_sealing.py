"""Sealing: with a key nothing a person wrote can be read in the file, and a key can be changed."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_rows import NOON, add_a_life, person, request

from bot.errors import BotError, UsageError
from bot.store import Store
from bot.store.sealing import Sealing, new_secret

ONE, OTHER = Sealing("1" * 43), Sealing("2" * 43)


def held(folder: Path, words: str) -> int:
    return sum(path.read_bytes().count(words.encode()) for path in folder.rglob("*") if path.is_file())


async def live(url: str, sealing: Sealing | None) -> None:
    """Leave what a person writes in every table that holds words or addresses."""
    store = await Store.open(url, sealing=sealing)
    async with store.transaction() as t:
        await t.add_person(person(address="778899", state={"question": "ananas"}))
        await t.add_request(request(question="ananas"))
        await t.receive([(1, "778899", {"text": "ananas", "chat": 778899})], NOON)
    await store.close()


@given(text=st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    assert ONE.opened_text(ONE.text(text)) == text
    assert ONE.opened_id(ONE.id(text)) == text
    assert ONE.opened_json(ONE.json({"a": [text, 1, None]})) == {"a": [text, 1, None]}


def test_an_id_is_sealed_the_same_way_and_a_text_never() -> None:
    assert ONE.id("7") == ONE.id("7") != OTHER.id("7")
    assert ONE.text("hola") != ONE.text("hola")


@pytest.mark.parametrize("opened", [OTHER.opened_text, OTHER.opened_id])
def test_another_key_opens_nothing(opened) -> None:  # type: ignore[no-untyped-def]
    sealed = ONE.text("hola") if opened == OTHER.opened_text else ONE.id("hola")
    with pytest.raises(BotError, match="another key"):
        opened(sealed)
    with pytest.raises(BotError, match="another key"):
        opened("not sealed at all")


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(UsageError, match=r"privacy\.encryption_key is shorter than 40 letters"):
        Sealing("secret")
    assert Sealing(new_secret()).mark != Sealing(new_secret()).mark


async def test_the_file_holds_no_word_and_no_address(url: str, tmp_path: Path) -> None:
    await live(url, None)
    assert held(tmp_path, "ananas") > 0
    for path in (tmp_path / "data").iterdir():
        path.unlink()
    await live(url, ONE)
    assert held(tmp_path, "ananas") == held(tmp_path, "778899") == 0
    store = await Store.open(url, sealing=ONE)
    async with store.reading() as now:
        known = await now.person("telegram", "778899")
        assert known is not None
        assert known.state == {"question": "ananas"}
        (waiting,) = await now.waiting(10)
    assert (waiting.chat, waiting.payload) == ("778899", {"text": "ananas", "chat": 778899})
    assert store.sealed
    await store.close()


async def test_keys_that_do_not_fit_are_named(url: str) -> None:
    await live(url, ONE)
    with pytest.raises(BotError, match="is sealed; set BOT_PRIVACY__ENCRYPTION_KEY"):
        await Store.open(url)
    with pytest.raises(BotError, match="is sealed with another key"):
        await Store.open(url, sealing=OTHER)


async def test_a_plain_database_is_not_half_sealed(url: str) -> None:
    await live(url, None)
    with pytest.raises(BotError, match="is not sealed yet; run `python -m bot seal`"):
        await Store.open(url, sealing=ONE)


async def test_all_is_sealed_anew_or_nothing(url: str, tmp_path: Path) -> None:
    store = await Store.open(url)
    async with store.transaction() as t:
        for number in range(3):
            await add_a_life(t, f"x{number}", f"papaya{number}")
    before = [await store.export_person(f"x{number}") for number in range(3)]
    await store.close()
    with pytest.raises(BotError, match="the former one"):
        await Store.reseal(url, old=OTHER, new=ONE)
    for old, new in ((None, ONE), (ONE, OTHER), (OTHER, None)):
        assert await Store.reseal(url, old=old, new=new) == 3 * (1 + 1 + 2 + 3 + 1 + 2)
        with sqlite3.connect(tmp_path / "data" / "bot.db") as connection:
            (question,) = connection.execute("select question from requests where id='r-x1'").fetchone()
        connection.close()
        assert (question == "papaya1") is (new is None)
        assert held(tmp_path, "papaya1 address") == 0 or new is None
        store = await Store.open(url, sealing=new)
        assert [await store.export_person(f"x{number}") for number in range(3)] == before
        await store.close()
