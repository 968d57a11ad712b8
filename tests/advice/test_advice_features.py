"""Features read one text at a time, as scikit-learn would read them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.advice.features import Features, Grams, learn

TEXTS = [
    "Necesito un crédito", "necesito  una FACTURA", "exportar miel a Chile", "crédito para exportar ñandú",
    "a b", "q es, el i.v.a?", "necesito un crédito",
]  # fmt: skip
WORDS = Grams("words", 1, 2)
LETTERS = Grams("letters", 2, 4)
THEIRS: list[tuple[Grams, dict[str, Any]]] = [
    (WORDS, {"ngram_range": (1, 2), "token_pattern": r"\w+", "strip_accents": "unicode"}),
    (LETTERS, {"analyzer": "char_wb", "ngram_range": (2, 4), "strip_accents": "unicode"}),
    (Grams("letters", 1, 4, least_texts=2, accents=True),
     {"analyzer": "char_wb", "ngram_range": (1, 4), "min_df": 2}),
]  # fmt: skip
features = Features((WORDS, LETTERS), learn(TEXTS, (WORDS, LETTERS)))


def spread(found: Features, text: str) -> list[float]:
    return [float(value) for value in found.spread(found.row(text))]


@pytest.mark.parametrize(("grams", "options"), THEIRS)
@given(st.lists(st.sampled_from([*" ".join(TEXTS).split(), "nunca", "İ", "ß", "日本", "a\tb"])).map(" ".join))
def test_a_row_is_what_scikit_learn_computes(grams: Grams, options: dict[str, Any], text: str) -> None:
    theirs = TfidfVectorizer(sublinear_tf=True, **options).fit(TEXTS)
    ours = Features((grams,), learn(TEXTS, (grams,)))
    assert np.allclose(spread(ours, text), theirs.transform([text]).toarray()[0], atol=1e-6)


@pytest.mark.parametrize(("grams", "options"), THEIRS)
def test_learned_rows_are_what_scikit_learn_computes(grams: Grams, options: dict[str, Any]) -> None:
    theirs = TfidfVectorizer(sublinear_tf=True, **options).fit_transform(TEXTS).toarray()
    learned = Features((grams,), learn(TEXTS, (grams,))).learned
    every = np.zeros((len(learned), learned.width))
    for n in range(len(learned)):
        span = slice(learned.starts[n], learned.starts[n + 1])
        every[n, learned.indices[span]] = learned.values[span]
    assert np.allclose(every, theirs, atol=1e-6)


def test_only_the_most_frequent_terms_are_learned() -> None:
    few = Features((Grams("words", 1, 1, most=2),), learn(TEXTS, (Grams("words", 1, 1, most=2),)))
    assert few.width == 2
    assert len(few.row("a un credito, necesito exportar").indices) == 2


def test_a_row_of_what_was_never_learned_is_empty() -> None:
    row = features.row("日本")
    assert len(row.indices) == len(row.values) == 0
    assert features.cosines(features.spread(row), slice(0, len(TEXTS))).tolist() == [0] * len(TEXTS)


@pytest.mark.parametrize("n", range(len(TEXTS)))
def test_a_learned_text_is_nearest_to_itself(n: int) -> None:
    near = features.cosines(features.spread(features.row(TEXTS[n])), slice(0, len(TEXTS)))
    assert near.max() == pytest.approx(near[n])
    assert near[n] == pytest.approx(1.0)


@pytest.mark.parametrize("n", range(len(TEXTS)))
def test_the_product_with_one_row_is_that_of_all(n: int) -> None:
    asked = features.spread(features.row("necesito exportar miel"))
    every = features.learned.products(asked, slice(0, len(TEXTS)))
    assert features.learned.product(asked, n) == pytest.approx(every[n])


def test_texts_without_any_term_are_empty_rows() -> None:
    learned = Features((LETTERS,), learn(["", "miel", " "], (LETTERS,)))
    near = learned.cosines(learned.spread(learned.row("miel")), slice(0, 3))
    assert near.tolist() == pytest.approx([0, 1, 0])


@pytest.mark.parametrize("grams", [LETTERS, Grams("letters", 1, 4, least_texts=2)])
def test_words_of_the_learned_texts_are_read_like_any_other(grams: Grams) -> None:
    arrays = learn(TEXTS, (grams,))
    nothing = {"words0": arrays["words0"][:0], "runs0": arrays["runs0"][:0], "ends0": arrays["ends0"][:1]}
    known, anew = Features((grams,), arrays), Features((grams,), arrays | nothing)
    for text in TEXTS:
        assert known.row(text).indices.tolist() == anew.row(text).indices.tolist()
