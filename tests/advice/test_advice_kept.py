"""What was learned, kept from one run to the next."""

from pathlib import Path

import numpy as np
import pytest

from bot.advice.kept import MOST_KEPT, Arrays, Kept, written

LEARNED: Arrays = {"head": np.array([[1.0, 2.0], [3.0, 4.0]]), "offsets": np.array([0.5, -0.5])}


class Learning:
    """Counts how often it was done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Arrays:
        self.times += 1
        return LEARNED


def same(found: Arrays) -> bool:
    return set(found) == set(LEARNED) and all(np.array_equal(found[name], LEARNED[name]) for name in LEARNED)


def test_the_same_texts_are_learned_once(tmp_path: Path) -> None:
    learning = Learning()
    for _ in range(2):
        assert same(Kept(tmp_path).arrays("words", ["x", "y"], learning))
    assert learning.times == 1


@pytest.mark.parametrize("other", [["x"], ["y", "x"], ["xy"], ["x", "y", ""], ["x\0y"]])
def test_other_texts_are_learned_anew(tmp_path: Path, other: list[str]) -> None:
    learning = Learning()
    for made_from in (["x", "y"], other):
        Kept(tmp_path).arrays("words", made_from, learning)
    assert learning.times == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a zip file", b"no archive at all"])
def test_a_torn_file_is_learned_anew(tmp_path: Path, content: bytes) -> None:
    learning = Learning()
    Kept(tmp_path).arrays("words", ["x"], learning)
    [path] = tmp_path.glob("words-*.npz")
    path.write_bytes(content)
    assert same(Kept(tmp_path).arrays("words", ["x"], learning))
    assert same(Kept(tmp_path).arrays("words", ["x"], learning))
    assert learning.times == 2


def test_without_a_folder_nothing_is_kept() -> None:
    learning = Learning()
    for _ in range(2):
        assert same(Kept(None).arrays("words", ["x"], learning))
    assert learning.times == 2
    assert not Kept(None).has("words", ["x"])


def test_a_folder_that_cannot_be_written_to_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert same(Kept(tmp_path / "file" / "cache").arrays("words", ["x"], Learning()))


def test_the_oldest_go_and_other_parts_stay(tmp_path: Path) -> None:
    Kept(tmp_path).arrays("meaning", ["x"], Learning())
    for n in range(MOST_KEPT + 3):
        Kept(tmp_path).arrays("words", [str(n)], Learning())
    assert len(list(tmp_path.glob("words-*.npz"))) == MOST_KEPT
    assert Kept(tmp_path).has("meaning", ["x"])
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize("data", [[], {"ñandú": [1, "dos", None]}, True, "«»\n\t"])
def test_plain_data_comes_back_as_it_was(tmp_path: Path, data: object) -> None:
    assert Kept(tmp_path).data("said", ["x"], lambda: data) == data
    assert Kept(tmp_path).data("said", ["x"], lambda: pytest.fail("made twice")) == data


def test_a_file_that_would_run_code_is_not_read(tmp_path: Path) -> None:
    Kept(tmp_path).arrays("words", ["x"], Learning())
    [path] = tmp_path.glob("words-*.npz")
    with path.open("wb") as file:
        np.savez(file, head=np.array([{}]))
    assert same(Kept(tmp_path).arrays("words", ["x"], Learning()))


def test_what_code_makes_is_known_by_its_source() -> None:
    from bot.advice import text, wording

    assert "def folded(" in written(text)
    assert written(text) != written(text, wording)
