"""Features read one text at a time, as scikit-learn would read them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.advice.features import Features

TEXTS = ["necesito un crédito", "necesito una factura", "exportar miel a chile", "crédito para exportar"]
BLOCKS = (
    {"ngram_range": (1, 2), "sublinear_tf": True},
    {"analyzer": "char_wb", "ngram_range": (2, 4), "sublinear_tf": True},
)
learned = Features(TEXTS, *(TfidfVectorizer(**block) for block in BLOCKS))
theirs = [TfidfVectorizer(**block).fit(TEXTS) for block in BLOCKS]


@given(
    st.lists(
        st.sampled_from(["necesito", "un", "una", "crédito", "factura", "exportar", "miel", "chile", "nunca"])
    ).map(" ".join)
)
def test_a_row_is_what_scikit_learn_computes(text: str) -> None:
    expected = np.hstack([block.transform([text]).toarray()[0] for block in theirs])
    found = np.zeros(len(expected))
    row = learned.row(text)
    found[row.indices] = row.values
    assert np.allclose(found, expected)


def test_a_row_of_what_was_never_learned_is_empty() -> None:
    row = learned.row("日本")
    assert len(row.indices) == len(row.values) == 0
    assert learned.cosines(row, learned.learned).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("n", range(len(TEXTS)))
def test_a_learned_text_is_nearest_to_itself(n: int) -> None:
    near = learned.cosines(learned.row(TEXTS[n]), learned.learned)
    assert near.argmax() == n
    assert near[n] == pytest.approx(1.0)
