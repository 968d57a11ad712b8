"""Which topic a question is about: two linear heads, one on letters and words, one on meaning.

Both are trained when the knowledge is loaded; there is no model file. Each phrase belongs to a
label: a topic, a group of what is out of scope, a kind of small talk, a kind of sensitive message.
The heads' probabilities are multiplied (a weighted geometric mean), as measured in
docs/adr/0003-classifier.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, issparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.advice.encoders import Vectors
from bot.advice.features import Features, Row
from bot.advice.kept import Head, KeptHeads

Matrix = NDArray[np.float64]
NOTHING_KEPT = KeptHeads(None)

# Chosen on BANKING77 and CLINC150 (10 phrases a label) and on questions that are not phrases
# (about 100 a label); the tables are in docs/adr/0003-classifier.md. Where a topic has few phrases
# its meaning says more, where it has many its own words do: what changes in between goes with the
# logarithm of their number.
FEW, MANY = 10, 100
SEMANTIC_C = 300.0  # over the phrases a label: the same pull towards plain weights at any size
LEXICAL_C = 0.5
LEXICAL_TEMPERATURE = (0.3, 0.15)
LEXICAL_SHARE = (0.35, 0.5)
WORD = r"\w+"
SMALLEST = 1e-9


def softmax(scores: Matrix) -> Matrix:
    """Return `scores` as probabilities."""
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def phrases_a_label(labels: Sequence[str]) -> float:
    """Return the median number of phrases a label has."""
    return float(np.median(np.unique(np.asarray(labels), return_counts=True)[1]))


def between(few_many: tuple[float, float], count: float) -> float:
    """Return the value for `count` phrases a label, from those measured for few and for many."""
    few, many = few_many
    way = min(1.0, max(0.0, math.log(count / FEW) / math.log(MANY / FEW)))
    return few + (many - few) * way


def linear(weights: Matrix, offsets: Matrix, *, share: float = 1.0) -> tuple[Matrix, Matrix]:
    """Return scikit-learn's weights with one column a label, also where two labels share one.

    `share` is what each of two labels gets of it: all of a margin, half of a logarithm of odds.
    """
    if len(weights) == 1:
        weights = np.vstack([-weights, weights]) * share
        offsets = np.concatenate([-offsets, offsets]) * share
    return np.ascontiguousarray(weights.T), offsets


def trained(
    name: str,
    learner: LinearSVC | LogisticRegression,
    features: csr_matrix | Vectors,
    labels: Sequence[str],
    kept: KeptHeads = NOTHING_KEPT,
) -> Head:
    """Return the labels with the weights and offsets a learner finds, those of an earlier run if kept.

    Where there is only one label there is nothing to tell apart.
    """
    names = sorted(set(labels))
    if len(names) == 1:
        return names, np.zeros((features.shape[1], 1)), np.zeros(1)

    def train() -> Head:
        learner.fit(features, labels)
        share = 0.5 if isinstance(learner, LogisticRegression) else 1.0
        weights, offsets = linear(learner.coef_, learner.intercept_, share=share)
        return [str(label) for label in learner.classes_], weights, offsets

    sparse: Any = features
    arrays = [sparse.data, sparse.indices, sparse.indptr] if issparse(features) else [np.asarray(features)]
    return kept.head(name, [repr(learner), "\n".join(labels), *arrays], train)


class LexicalHead:
    """A linear support vector machine over words (1-2) and letters (2-5 within words)."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str], kept: KeptHeads = NOTHING_KEPT):
        self.features = Features(
            texts,
            TfidfVectorizer(
                ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORD, strip_accents="unicode"
            ),
            TfidfVectorizer(
                analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, strip_accents="unicode"
            ),
        )
        machine = LinearSVC(C=LEXICAL_C, random_state=0)
        self.labels, weights, self._offsets = trained("words", machine, self.features.learned, labels, kept)
        # Half the memory; one row of it is read at a time, so nothing is lost.
        self._weights = weights.astype(np.float32)
        self._temperature = between(LEXICAL_TEMPERATURE, phrases_a_label(labels))

    def probabilities(self, row: Row) -> Matrix:
        """Return the probability of each label for one text's features."""
        scores = row.values @ self._weights[row.indices] + self._offsets
        return softmax(scores / self._temperature)


class SemanticHead:
    """Logistic regression over sentence vectors, centred on the mean of the phrases."""

    def __init__(self, vectors: Vectors, labels: Sequence[str], kept: KeptHeads = NOTHING_KEPT):
        self._centre = vectors.mean(axis=0)
        self.phrases = self.place(vectors)
        head = LogisticRegression(C=SEMANTIC_C / phrases_a_label(labels), max_iter=300, tol=1e-3)
        self.labels, self._weights, self._offsets = trained("meaning", head, self.phrases, labels, kept)

    def place(self, vectors: Vectors) -> Vectors:
        """Return `vectors` as seen from the middle of the phrases, each of length one."""
        moved = vectors - self._centre
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9))

    def probabilities(self, placed: Vectors) -> Matrix:
        """Return the probability of each label for one placed vector."""
        return softmax(placed @ self._weights + self._offsets)


@dataclass(frozen=True)
class Scores:
    """What the heads say of one question: the probability of each label, by both and by each.

    `placed` is the question's vector as the semantic head sees it, None where words alone were read.
    """

    row: Row
    probability: Matrix
    lexical: Matrix
    semantic: Matrix | None = None
    placed: Vectors | None = None


class Classifier:
    """Both heads over the same phrases; `vectors` are the phrases' own, None without an encoder."""

    def __init__(
        self,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        vectors: Vectors | None = None,
        kept: KeptHeads = NOTHING_KEPT,
    ):
        self._lexical = LexicalHead(texts, labels, kept)
        self._semantic = SemanticHead(vectors, labels, kept) if vectors is not None else None
        self._share = between(LEXICAL_SHARE, phrases_a_label(labels))
        self.labels = self._lexical.labels
        # Phrases in the order of their labels: those of one label lie side by side.
        self._order = np.argsort(np.array(labels), kind="stable")
        starts = np.searchsorted(np.array(labels)[self._order], self.labels).tolist()
        self._spans = [slice(*ends) for ends in zip(starts, [*starts[1:], len(labels)], strict=True)]
        self._learned = self._lexical.features.learned[self._order]
        self._placed = self._semantic.phrases[self._order] if self._semantic else None

    def by_words(self, text: str) -> Scores:
        """Return what the lexical head says of `text`."""
        row = self._lexical.features.row(text)
        lexical = self._lexical.probabilities(row)
        return Scores(row, lexical, lexical)

    def by_meaning(self, words: Scores, vector: Vectors) -> Scores:
        """Return what both heads say of a text read by its words already, given its `vector`."""
        if self._semantic is None:
            return words
        placed = self._semantic.place(vector.reshape(1, -1))[0]
        semantic = self._semantic.probabilities(placed)
        mixed = self._share * np.log(words.lexical + SMALLEST) + (1 - self._share) * np.log(
            semantic + SMALLEST
        )
        return Scores(words.row, softmax(mixed), words.lexical, semantic, placed)

    def nearest(self, scores: Scores, label: int) -> tuple[int, float]:
        """Return the label's phrase nearest to the question, by its place among all, and the cosine.

        Of meaning where the question's vector is known, of words and letters where it is not.
        """
        span = self._spans[label]
        if scores.placed is not None and self._placed is not None:
            cosines = self._placed[span] @ scores.placed
        else:
            cosines = self._lexical.features.cosines(scores.row, self._learned[span])
        best = int(np.argmax(cosines))
        return int(self._order[span.start + best]), float(cosines[best])
