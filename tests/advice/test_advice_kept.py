"""Trained heads, kept from one run to the next."""

from pathlib import Path

import numpy as np
import pytest

from bot.advice.kept import MOST_KEPT, Head, KeptHeads

TRAINED: Head = (["a", "b"], np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, -0.5]))


class Training:
    """Counts how often it was trained."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Head:
        self.times += 1
        return TRAINED


def same(found: Head) -> bool:
    return (
        found[0] == TRAINED[0]
        and np.array_equal(found[1], TRAINED[1])
        and np.array_equal(found[2], TRAINED[2])
    )


def test_the_same_parts_are_trained_once(tmp_path: Path) -> None:
    training = Training()
    for _ in range(2):
        assert same(KeptHeads(tmp_path).head("words", ["x", np.arange(3)], training))
    assert training.times == 1


def test_other_parts_are_trained_anew(tmp_path: Path) -> None:
    training = Training()
    for parts in (["x"], ["y"], ["x", np.arange(3)], ["x", np.arange(4)]):
        KeptHeads(tmp_path).head("words", parts, training)
    assert training.times == 4


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a zip file", b"no archive at all"])
def test_a_torn_file_is_trained_anew(tmp_path: Path, content: bytes) -> None:
    training = Training()
    KeptHeads(tmp_path).head("words", ["x"], training)
    [path] = tmp_path.glob("head-*.npz")
    path.write_bytes(content)
    assert same(KeptHeads(tmp_path).head("words", ["x"], training))
    assert training.times == 2


def test_without_a_folder_nothing_is_kept() -> None:
    training = Training()
    for _ in range(2):
        assert same(KeptHeads(None).head("words", ["x"], training))
    assert training.times == 2


def test_a_folder_that_cannot_be_written_to_changes_no_head(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert same(KeptHeads(tmp_path / "file" / "cache").head("words", ["x"], Training()))


def test_the_oldest_heads_go(tmp_path: Path) -> None:
    for n in range(MOST_KEPT + 3):
        KeptHeads(tmp_path).head("words", [str(n)], Training())
    assert len(list(tmp_path.glob("head-*.npz"))) == MOST_KEPT
    assert not list(tmp_path.glob("*.tmp"))
