"""Care: what belongs to a person is handed over whole, and erased whole."""

import json
import sqlite3
from pathlib import Path

import pytest
from store_rows import NOON, add_a_life, later, message, person, request

from bot.errors import BotError
from bot.store import MEMORY, Store
from bot.store.care import IMPERSONAL, belongings
from bot.store.tables import metadata

# How many rows of each table `add_a_life` leaves.
A_LIFE = {
    "people": 1,
    "requests": 1,
    "cases": 1,
    "case_steps": 2,
    "inbox": 3,
    "origins": 1,
    "case_cards": 1,
    "staff_messages": 1,
    "mailings": 1,
    "outbox": 2,
    "audit": 1,
    "consents": 1,
    "subscriptions": 1,
    "sources": 1,
    "told": 1,
}


def occurrences(folder: Path, words: str) -> int:
    return sum(path.read_bytes().count(words.encode()) for path in folder.rglob("*") if path.is_file())


def test_every_table_is_cared_for() -> None:
    """A new table cannot be left out of what is exported and erased."""
    assert {table.name for table, _ in belongings(person())} | IMPERSONAL == set(metadata.tables)


async def test_counts(store: Store) -> None:
    """Each table is counted."""
    async with store.transaction() as t:
        await add_a_life(t, "ana", "ananas")
    counts = await store.counts()
    assert {name: counts[name] for name in counts if name not in IMPERSONAL} == A_LIFE


async def test_export(store: Store) -> None:
    """All of the person is handed over, as JSON, and nothing of another."""
    async with store.transaction() as t:
        await add_a_life(t, "ana", "ananas")
        await add_a_life(t, "eva", "papaya")
    everything = await store.export_person("ana")
    assert {name: len(rows) for name, rows in everything.items()} == A_LIFE
    text = json.dumps(everything)
    assert "2026-11-23T12:00:00+00:00" in text
    assert "papaya" not in text
    assert await store.export_person("nobody") == {}


async def test_forget_erases_every_table_and_the_file(file_store: Store, url: str, tmp_path: Path) -> None:
    """After a wish to be forgotten no word of the person is in any file; another's words stay."""
    async with file_store.transaction() as t:
        for number in range(30):
            await add_a_life(t, f"x{number}", "ananas " * (number + 1))
        await add_a_life(t, "eva", "papaya")
    assert occurrences(tmp_path, "ananas") > 0
    for number in range(30):
        assert await file_store.forget(f"x{number}")
    assert occurrences(tmp_path, "ananas") == 0
    assert occurrences(tmp_path, "papaya") > 0
    assert [row.person for row in await file_store.requests()] == ["eva"]


async def test_forget_in_memory(store: Store) -> None:
    """Only the numbers of the updates stay, so that none is answered again."""
    async with store.transaction() as t:
        await add_a_life(t, "ana", "ananas")
    assert await store.forget("ana")
    assert not await store.forget("ana")
    counts = {name: n for name, n in (await store.counts()).items() if name not in IMPERSONAL}
    assert counts.pop("inbox") == 3
    assert set(counts.values()) == {0}
    async with store.transaction() as t:
        assert await t.waiting(10) == []
        assert await t.receive([(1, "chat", {}), (2, "chat", {})], NOON) == 0


async def test_forget_leaves_what_was_written_after_the_wish(store: Store) -> None:
    """A message sent after the wish still gets its answer, as a newcomer's."""
    async with store.transaction() as t:
        await t.add_person(person())
        await t.receive([(1, "chat-ana", {"text": "a"}), (2, "chat-ana", {"text": "b"})], NOON)
        await t.receive([(3, "chat-ana", {"text": "c"})], later(1))
        await t.done(1, NOON)
        assert await t.forget("ana", upto=2)
        await t.post(message("chat-ana"))
        await t.done(2, later(2))
        (row,) = await t.waiting(10)
    assert row.payload == {"text": "c"}


async def test_numbers_are_not_used_again(store: Store) -> None:
    """A sender that holds the number of an erased message cannot settle another one with it."""
    async with store.transaction() as t:
        await t.add_person(person())
        erased = await t.post(message())
        await t.forget("ana")
        assert await t.post(message()) > erased


async def test_compact_says_when_a_reading_is_in_the_way(
    file_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old pages stay while someone reads them, and that is told."""
    monkeypatch.setattr("bot.store.engine._PRAGMAS", ("busy_timeout = 1",))
    async with file_store.transaction() as t:
        await t.add_person(person())
    async with file_store.reading() as reading:
        assert await reading.person_by_id("ana")
        assert not await file_store.compact()
    assert await file_store.compact()


async def test_backup_while_writing(file_store: Store, tmp_path: Path) -> None:
    """A backup is whole, holds what was stored and nothing half-written, and opens as a store."""
    async with file_store.transaction() as t:
        await t.add_person(person())
        await t.add_request(request())
    copy = tmp_path / "backups" / "copy.db"
    async with file_store.transaction() as t:
        await t.add_request(request("r2"))
        await file_store.backup(copy)
    await file_store.backup(copy.with_name("second.db"))
    await file_store.backup(copy.with_name("second.db"))
    assert sorted(path.name for path in copy.parent.iterdir()) == ["copy.db", "second.db"]
    restored = await Store.open(f"sqlite+aiosqlite:///{copy}")
    assert [row.id for row in await restored.requests()] == ["r1"]
    await restored.close()


async def test_backup_of_memory(tmp_path: Path) -> None:
    """A database in memory can be kept."""
    store = await Store.open(MEMORY)
    await store.backup(tmp_path / "copy.db")
    await store.close()
    connection = sqlite3.connect(tmp_path / "copy.db")
    assert connection.execute("select count(*) from people").fetchone() == (0,)
    connection.close()


async def test_backup_into_a_file_as_folder(file_store: Store, tmp_path: Path) -> None:
    """A place that cannot be written is named."""
    (tmp_path / "file").write_text("")
    with pytest.raises(BotError, match=r"backup .*copy\.db.* cannot be written: "):
        await file_store.backup(tmp_path / "file" / "copy.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(BotError, match=r"backup .*folder cannot be written: "):
        await file_store.backup(tmp_path / "folder")
