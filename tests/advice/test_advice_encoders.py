"""Encoders and the cache of vectors: only what is new is encoded, and no file can stop an answer."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fake_encoder import FakeEncoder

from bot.advice.encoders import BATCH, KEPT_EVERY, KNOWN, Encoder, VectorCache, choose, fitting
from bot.errors import UsageError

TEXTS = ["uno", "dos", "tres", "uno"]


def test_each_text_is_encoded_once(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    vectors = VectorCache(tmp_path, encoder).vectors(TEXTS)
    assert sorted(encoder.encoded) == ["dos", "tres", "uno"]
    assert vectors.shape == (4, encoder.size)
    assert np.array_equal(vectors[0], vectors[3])


def test_what_is_kept_is_not_encoded_again(tmp_path: Path) -> None:
    first = VectorCache(tmp_path, FakeEncoder()).vectors(TEXTS)
    encoder = FakeEncoder()
    again = VectorCache(tmp_path, encoder)
    assert again.filled
    assert np.array_equal(again.vectors(TEXTS), first)
    assert encoder.encoded == []


def test_only_what_is_new_is_encoded(tmp_path: Path) -> None:
    VectorCache(tmp_path, FakeEncoder()).vectors(TEXTS)
    encoder = FakeEncoder()
    cache = VectorCache(tmp_path, encoder)
    assert cache.missing([*TEXTS, "cuatro", "cuatro"]) == ["cuatro"]
    cache.vectors([*TEXTS, "cuatro"])
    assert encoder.encoded == ["cuatro"]


def test_what_the_folder_no_longer_says_is_dropped(tmp_path: Path) -> None:
    VectorCache(tmp_path, FakeEncoder()).vectors(TEXTS)
    VectorCache(tmp_path, FakeEncoder()).vectors(["uno", "cuatro"])
    assert VectorCache(tmp_path, FakeEncoder()).missing(["uno", "dos", "cuatro"]) == ["dos"]


def test_each_encoder_has_its_own_file(tmp_path: Path) -> None:
    VectorCache(tmp_path, FakeEncoder("a")).vectors(TEXTS)
    assert not VectorCache(tmp_path, FakeEncoder("b")).filled


def test_vectors_of_another_size_are_not_taken(tmp_path: Path) -> None:
    VectorCache(tmp_path, FakeEncoder(size=8)).vectors(TEXTS)
    assert VectorCache(tmp_path, FakeEncoder(size=16)).vectors(TEXTS).shape == (4, 16)


@pytest.mark.parametrize("kept", [b"", b"torn", b"PK\x03\x04 half a zip file"])
def test_a_torn_file_is_written_anew(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "vectors-fake.npz").write_bytes(kept)
    cache = VectorCache(tmp_path, FakeEncoder())
    assert not cache.filled
    assert cache.vectors(TEXTS).shape == (4, 64)
    assert cache.fault is None
    assert VectorCache(tmp_path, FakeEncoder()).filled


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_anywhere_is_written_anew(tmp_path: Path, share: float) -> None:
    VectorCache(tmp_path, FakeEncoder()).vectors(TEXTS)
    file = tmp_path / "vectors-fake.npz"
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    assert VectorCache(tmp_path, FakeEncoder()).vectors(TEXTS).shape == (4, 64)


def test_a_file_that_would_run_code_is_not_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "vectors-fake.npz", keys=np.array([{}]), vectors=np.zeros((1, 64)))
    assert not VectorCache(tmp_path, FakeEncoder()).filled


def test_a_folder_that_cannot_be_made_is_a_fault_not_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = VectorCache(tmp_path / "file" / "cache", FakeEncoder())
    assert cache.vectors(TEXTS).shape == (4, 64)
    assert cache.fault == f"phrase vectors cannot be kept in {tmp_path}/file/cache: Not a directory"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to every folder")
def test_a_folder_that_may_not_be_written_is_a_fault(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    cache = VectorCache(tmp_path, FakeEncoder())
    assert cache.vectors(TEXTS).shape == (4, 64)
    assert cache.fault == f"phrase vectors cannot be kept in {tmp_path}: Permission denied"


def test_nothing_is_left_behind_beside_the_file(tmp_path: Path) -> None:
    VectorCache(tmp_path, FakeEncoder()).vectors(TEXTS)
    assert [file.name for file in tmp_path.iterdir()] == ["vectors-fake.npz"]


def test_without_a_folder_nothing_is_kept() -> None:
    encoder = FakeEncoder()
    assert VectorCache(None, encoder).vectors(TEXTS).shape == (4, 64)
    VectorCache(None, encoder).vectors(TEXTS)
    assert len(encoder.encoded) == 6


def test_no_texts_are_no_rows(tmp_path: Path) -> None:
    assert VectorCache(tmp_path, FakeEncoder()).vectors([]).shape == (0, 64)


def test_many_texts_keep_their_order(tmp_path: Path) -> None:
    texts = [f"texto {n}" for n in range(3 * BATCH + 1)]
    told: list[tuple[int, int]] = []
    vectors = VectorCache(tmp_path, FakeEncoder()).vectors(texts, progress=lambda *done: told.append(done))
    assert np.array_equal(vectors, FakeEncoder().encode(texts))
    assert told == [(n, len(texts)) for n in (BATCH, 2 * BATCH, 3 * BATCH, 3 * BATCH + 1)]


def test_an_interrupted_fill_keeps_what_it_had(tmp_path: Path) -> None:
    texts = [f"texto {n}" for n in range(KEPT_EVERY + 3 * BATCH)]

    def interrupt(done: int, total: int) -> None:
        if done > KEPT_EVERY:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        VectorCache(tmp_path, FakeEncoder()).vectors(texts, progress=interrupt)
    assert VectorCache(tmp_path, FakeEncoder()).missing(texts) == texts[KEPT_EVERY:]


def test_none_is_no_encoder() -> None:
    assert choose("none") == ()


def test_an_unknown_encoder_is_a_usage_error() -> None:
    with pytest.raises(
        UsageError, match=r"advice\.encoder is 'gpt'; it can be auto, use, minilm, e5 or none"
    ):
        choose("gpt")


def test_the_quicker_encoder_is_asked_first(installed: Sequence[Encoder]) -> None:
    names = ["use-multilingual-3", "all-minilm-l6-v2", "e5-small-q4"]
    assert [encoder.name for encoder in installed] == names
    assert [choose(name)[0].name for name in KNOWN] == [encoder.name for encoder in installed]


@pytest.mark.parametrize("which", range(len(KNOWN)))
def test_an_encoder_gives_unit_vectors(installed: Sequence[Encoder], which: int) -> None:
    encoder = installed[which]
    vectors = encoder.encode(["necesito un crédito", "a\0b", "", "😀"])
    assert vectors.shape == (4, encoder.size)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert encoder.encode([]).shape == (0, encoder.size)


@pytest.mark.parametrize("which", range(len(KNOWN)))
def test_an_encoder_knows_meanings_across_languages(installed: Sequence[Encoder], which: int) -> None:
    encoder = installed[which]
    if encoder.languages:
        pytest.skip(f"{encoder.name} reads one language")
    es, en, other = encoder.encode(["necesito un préstamo", "I need a loan", "receta de empanadas"])
    assert es @ en > es @ other


def test_the_english_encoder_knows_meanings_in_any_company(installed: Sequence[Encoder]) -> None:
    """A text has the vector it has alone, whatever longer ones are encoded beside it."""
    encoder = installed[list(KNOWN).index("minilm")]
    loan, borrow, stew = encoder.encode(
        ["I need a loan", "where can I borrow money?", "how to make a good stew"]
    )
    assert loan @ borrow > loan @ stew + 0.2
    assert np.allclose(encoder.encode(["I need a loan"])[0], loan, atol=1e-5)


ALL = (
    FakeEncoder("quick", quick=True),
    FakeEncoder("english", languages=frozenset({"en"})),
    FakeEncoder("deep"),
)


@pytest.mark.parametrize(
    ("languages", "names"),
    [
        ({"en"}, ["quick", "english"]),
        ({"es"}, ["quick", "deep"]),
        ({"es", "en", "pt"}, ["quick", "deep"]),
        (set(), ["quick", "english"]),
    ],
)
def test_an_encoder_for_the_languages_at_hand_takes_the_place_of_a_slow_one_for_all(
    languages: set[str], names: list[str]
) -> None:
    assert [encoder.name for encoder in fitting(ALL, languages)] == names


def test_alone_an_encoder_for_other_languages_does_not_read() -> None:
    assert fitting(ALL[1:2], {"es"}) == ()
    assert fitting(ALL[2:], {"en"}) == ALL[2:]
