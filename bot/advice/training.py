"""Heads found by scikit-learn, as plain arrays: the one place that imports it, and only to train.

A process that answers from what was kept never comes here.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.advice.features import Arrays, Rows

# What each of two labels gets of the logarithm of odds that is found.
ONE_OF_TWO = 0.5
# A hundred times the usual: margins differ by a ten-thousandth (0.0013 at most), in a quarter less time.
MARGIN = 1e-2
OTHERS, NOTHING = 0, 1e-6


def machine(rows: Rows, labels: Sequence[str], told: Sequence[str], *, c: float) -> Arrays:
    """Return a linear support vector machine's weights, a row a feature, and offsets, a column a label.

    `told` are some of the labels, not all: each is told from all the others, whichever are told beside it.
    Weights in half precision: half the memory again, and no question was read otherwise (measured on
    the 870 of tests/questions/).
    """
    folded, place = _Folded(rows), {label: n for n, label in enumerate(told, OTHERS + 1)}
    # Nobody asks what tells all others from these: where they count for nothing, that is soon learned.
    learner = LinearSVC(C=c, random_state=0, tol=MARGIN, class_weight={OTHERS: NOTHING} if told[1:] else None)
    learner.fit(folded.features, [place.get(label, OTHERS) for label in labels])
    weights, offsets = learner.coef_[-len(told) :].T, learner.intercept_[-len(told) :]
    return {"head": folded.unfold(weights.astype(np.float32)).astype(np.float16), "offsets": offsets}


def odds(
    features: Rows | NDArray[np.float32], labels: Sequence[str], *, c: float, balanced: bool = False
) -> Arrays:
    """Return a logistic regression's weights, a row a feature, and offsets, by sorted label."""
    weight = "balanced" if balanced else None
    learner = LogisticRegression(C=c, max_iter=300, tol=1e-4 if balanced else 1e-3, class_weight=weight)
    if len(set(labels)) == 1:  # nothing to tell apart
        width = features.width if isinstance(features, Rows) else features.shape[1]
        return {"head": np.zeros((width, 1), dtype=np.float32), "offsets": np.zeros(1)}
    learner.fit(_sparse(features) if isinstance(features, Rows) else features, labels)
    weights, offsets = learner.coef_, learner.intercept_
    if len(weights) == 1:
        weights = np.vstack([-weights, weights]) * ONE_OF_TWO
        offsets = np.concatenate([-offsets, offsets]) * ONE_OF_TWO
    return {
        "head": np.ascontiguousarray(weights.T, dtype=np.float32),
        "offsets": offsets.astype(np.float64),
    }


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


class _Folded:
    """Texts' features, those that always stand together taken as one: a machine learns the same, sooner.

    Those that one text alone has are such, and more than half of ours are; and those that several texts have,
    which count the same in each: it learns the same of each. The commonest come first: what is used most
    stays at hand.
    """

    def __init__(self, rows: Rows):
        every = _sparse(rows).tocsc()
        held = np.diff(every.indptr)
        scale = np.where(held == 1, every.data[every.indptr[:-1]], 1.0)
        every.data /= np.repeat(scale, held)
        _, first, which = np.unique(_digests(every), return_index=True, return_inverse=True)
        length = np.sqrt(np.bincount(which, scale**2))
        order = np.argsort(-held[first], kind="stable")
        self.features = csr_matrix(every[:, first[order]].multiply(length[order]))
        self._place = np.argsort(order)[which]
        self._part = (scale / length[which]).astype(np.float32)

    def unfold(self, head: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the weights of all features, given those of these."""
        return np.asarray(head[self._place] * self._part[:, None])


def _digests(columns: csc_matrix) -> NDArray[np.uint64]:
    """Return a number a column: the same for the same, and for others once in 10^19 pairs."""
    own = np.random.default_rng(0).integers(2**64, size=columns.shape[0], dtype=np.uint64)
    counts = columns.data.astype(np.float32).view(np.uint32).astype(np.uint64)
    # Odd numbers: times an even one, some of what tells the texts apart would be lost.
    return np.add.reduceat(own[columns.indices] * (2 * counts + 1), columns.indptr[:-1])


def _sparse(rows: Rows) -> csr_matrix:
    values = rows.values.astype(np.float64)
    return csr_matrix((values, rows.indices, rows.starts), shape=(len(rows), rows.width))
