"""Heads found by scikit-learn, as plain arrays: the one place that imports it, and only to train.

A process that answers from what was kept never comes here.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.advice.features import Arrays, Rows

ONE_OF_TWO = 0.5
# Ten times the usual: margins differ by less than a thousandth, in a sixth less time.
MARGIN = 1e-3


def machine(rows: Rows, labels: Sequence[str], *, c: float) -> Arrays:
    """Return a linear support vector machine's weights, a row a feature, and offsets, by sorted label.

    Weights in half precision: half the memory again, and no question was read otherwise (measured on
    the 870 of tests/questions/).
    """
    folded = _Folded(rows)
    found = _trained(LinearSVC(C=c, random_state=0, tol=MARGIN), folded.features, labels, share=1.0)
    return found | {"head": folded.unfold(found["head"].astype(np.float32)).astype(np.float16)}


def odds(
    features: Rows | NDArray[np.float32], labels: Sequence[str], *, c: float, balanced: bool = False
) -> Arrays:
    """Return a logistic regression's weights, a row a feature, and offsets, by sorted label."""
    weight = "balanced" if balanced else None
    learner = LogisticRegression(C=c, max_iter=300, tol=1e-4 if balanced else 1e-3, class_weight=weight)
    found = _trained(
        learner, _sparse(features) if isinstance(features, Rows) else features, labels, share=ONE_OF_TWO
    )
    return found | {"head": found["head"].astype(np.float32)}


def evening(
    vectors: NDArray[np.float32], labels: Sequence[str], *, shrinkage: float, power: float
) -> NDArray[np.float32]:
    """Return the turn after which vectors of one label differ among themselves alike in every direction.

    `shrinkage` is the share of the mean variance each direction is given (Ledoit and Wolf 2004), `power`
    how much of the difference is evened: 1 all, 0 none.
    """
    names, which = np.unique(np.asarray(labels), return_inverse=True)
    sums = np.zeros((len(names), vectors.shape[1]))
    np.add.at(sums, which, vectors)
    within = vectors - (sums / np.bincount(which)[:, None])[which]
    variances, directions = np.linalg.eigh(within.T @ within / len(within))
    shrunk = (1 - shrinkage) * variances + shrinkage * variances.mean()
    # Where every label has one phrase nothing differs within, and nothing is evened.
    strength = np.maximum(shrunk, 1e-6) ** (-power / 2)
    return np.asarray(directions * strength, dtype=np.float32)


def _trained(learner: Any, features: Any, labels: Sequence[str], *, share: float) -> Arrays:
    """Fit and return one column a label; `share` is what each of two labels gets of the one that is found.

    All of a margin, half of a logarithm of odds. Where there is one label there is nothing to tell apart.
    """
    if len(set(labels)) == 1:
        return {"head": np.zeros((features.shape[1], 1)), "offsets": np.zeros(1)}
    learner.fit(features, labels)
    weights, offsets = learner.coef_, learner.intercept_
    if len(weights) == 1:
        weights = np.vstack([-weights, weights]) * share
        offsets = np.concatenate([-offsets, offsets]) * share
    return {"head": np.ascontiguousarray(weights.T), "offsets": offsets.astype(np.float64)}


class _Folded:
    """Texts' features, those that one text alone has taken as one: a machine learns the same, sooner.

    What it learns of such features is in proportion to how much they count in their text. More than half of
    ours are such, and without them what it keeps at hand while it learns is half as large.
    """

    def __init__(self, rows: Rows):
        count = len(rows)
        text = np.repeat(np.arange(count), np.diff(rows.starts))
        self._alone = np.bincount(rows.indices, minlength=rows.width) == 1
        own = self._alone[rows.indices]
        self._indices, self._of = rows.indices[own], text[own]
        values = rows.values.astype(np.float64)
        length = np.sqrt(np.bincount(self._of, values[own] ** 2, minlength=count))
        self._part = (values[own] / length[self._of]).astype(np.float32)
        self._shared = rows.width - len(self._of)
        places = (np.cumsum(~self._alone) - 1)[rows.indices[~own]]
        folded = np.flatnonzero(length)
        entries = np.concatenate([values[~own], length[folded]])
        at = np.concatenate([text[~own], folded]), np.concatenate([places, self._shared + folded])
        self.features = csr_matrix((entries, at), shape=(count, self._shared + count))

    def unfold(self, head: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the weights of all features, given those of these."""
        found = np.empty((len(self._alone), head.shape[1]), dtype=np.float32)
        found[~self._alone] = head[: self._shared]
        found[self._indices] = head[self._shared + self._of] * self._part[:, None]
        return found


def _sparse(rows: Rows) -> csr_matrix:
    values = rows.values.astype(np.float64)
    return csr_matrix((values, rows.indices, rows.starts), shape=(len(rows), rows.width))
