"""Heads as scikit-learn finds them, kept as plain arrays."""

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from bot.advice import training
from bot.advice.features import Features, Grams, learn

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


@pytest.mark.parametrize("count", [4, 7])
def test_a_machine_weighs_what_one_text_alone_holds_as_if_it_were_learned_by_itself(count: int) -> None:
    rows = Features(BLOCKS, learn(TEXTS[:count], BLOCKS)).learned
    every = np.zeros((count, rows.width))
    for n in range(count):
        span = slice(rows.starts[n], rows.starts[n + 1])
        every[n, rows.indices[span]] = rows.values[span]
    theirs = LinearSVC(C=0.5, random_state=0, tol=1e-6).fit(every, LABELS[:count]).decision_function(every)
    ours = training.machine(rows, LABELS[:count], c=0.5)
    margins = every @ ours["head"].astype(np.float64) + ours["offsets"]
    expected = np.stack([-theirs, theirs], axis=1) if theirs.ndim == 1 else theirs
    assert margins == pytest.approx(expected, abs=0.01)


def test_with_one_label_there_is_nothing_to_tell_apart() -> None:
    rows = Features(BLOCKS, learn(TEXTS[:2], BLOCKS)).learned
    assert not training.machine(rows, LABELS[:2], c=0.5)["head"].any()
