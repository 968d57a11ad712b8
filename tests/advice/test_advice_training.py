"""Heads as scikit-learn finds them, kept as plain arrays."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

from bot.advice import training
from bot.advice.features import Features, Grams, Rows, learn

TEXTS = [
    "necesito un crédito",
    "un préstamo",
    "hacer una factura",
    "factura",
    "exportar miel",
    "miel afuera",
    "",
]
LABELS = ["loans", "loans", "invoicing", "invoicing", "export", "export", "export"]
BLOCKS = (Grams("words", 1, 2), Grams("letters", 2, 4))


ROWS = Features(BLOCKS, learn(TEXTS, BLOCKS)).learned


def every(rows: Rows) -> NDArray[np.float64]:
    """Return the rows with a number for each feature."""
    whole = np.zeros((len(rows), rows.width))
    for n in range(len(rows)):
        span = slice(rows.starts[n], rows.starts[n + 1])
        whole[n, rows.indices[span]] = rows.values[span]
    return whole


@pytest.mark.parametrize("told", [["export"], ["export", "loans"]])
def test_a_machine_finds_the_same_of_each_label_whichever_it_tells_beside(told: list[str]) -> None:
    """And of features taken as one the same as of each by itself."""
    theirs = LinearSVC(C=0.5, random_state=0, tol=1e-6).fit(every(ROWS), LABELS)
    ours = training.machine(ROWS, LABELS, told, c=0.5)
    margins = every(ROWS) @ ours["head"].astype(np.float64) + ours["offsets"]
    columns = [list(theirs.classes_).index(label) for label in told]
    assert margins == pytest.approx(theirs.decision_function(every(ROWS))[:, columns], abs=0.01)


def test_features_that_always_stand_together_are_one() -> None:
    """Here the letters of each of three words."""
    blocks = (Grams("letters", 2, 4),)
    rows = Features(blocks, learn(["mar sol", "pez sol", "pez"], blocks)).learned
    folded = training._Folded(rows)
    assert folded.features.shape[1] == 3
    products = (folded.features @ folded.features.T).toarray()
    assert products == pytest.approx(every(rows) @ every(rows).T)
