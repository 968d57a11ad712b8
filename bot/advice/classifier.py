"""Which topic a question is about: two linear heads, one on letters and words, one on meaning.

Both are trained when the knowledge is loaded; there is no model file. Each phrase belongs to a
label: a topic, a group of what is out of scope, a kind of small talk, a kind of sensitive message.
The heads' probabilities are multiplied (a weighted geometric mean), as measured in
docs/adr/0003-classifier.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.advice.encoders import Vectors

Matrix = NDArray[np.float64]

# Chosen on BANKING77 and CLINC150 (10 phrases a label) and on questions that are not phrases
# (about 100 a label); the tables are in docs/adr/0003-classifier.md. Where a topic has few phrases
# its meaning says more, where it has many its own words do: what changes in between goes with the
# logarithm of their number.
FEW, MANY = 10, 100
SEMANTIC_C = 300.0  # over the phrases a label: the same pull towards plain weights at any size
LEXICAL_C = 0.5
LEXICAL_TEMPERATURE = (0.3, 0.15)
LEXICAL_SHARE = (0.35, 0.5)
SMALLEST = 1e-9


def softmax(scores: Matrix) -> Matrix:
    """Return `scores` row by row as probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def phrases_a_label(labels: Sequence[str]) -> float:
    """Return the median number of phrases a label has."""
    return float(np.median(np.unique(np.asarray(labels), return_counts=True)[1]))


def between(few_many: tuple[float, float], count: float) -> float:
    """Return the value for `count` phrases a label, from those measured for few and for many."""
    few, many = few_many
    way = min(1.0, max(0.0, math.log(count / FEW) / math.log(MANY / FEW)))
    return few + (many - few) * way


class LexicalHead:
    """A linear support vector machine over words (1-2) and letters (2-5 within words)."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str]):
        self._words = TfidfVectorizer(
            ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+", strip_accents="unicode"
        )
        self._letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, strip_accents="unicode"
        )
        features = hstack([self._words.fit_transform(texts), self._letters.fit_transform(texts)]).tocsr()
        machine = LinearSVC(C=LEXICAL_C).fit(features, labels)
        self.labels: list[str] = [str(label) for label in machine.classes_]
        # Two labels make one row; a row for each keeps what follows simple.
        weights, offsets = machine.coef_, machine.intercept_
        if len(self.labels) == 2:
            weights, offsets = np.vstack([-weights, weights]), np.concatenate([-offsets, offsets])
        self._weights = np.ascontiguousarray(weights.T, dtype=np.float32)
        self._offsets = offsets
        self._temperature = between(LEXICAL_TEMPERATURE, phrases_a_label(labels))
        self.phrases = features

    def features(self, texts: Sequence[str]) -> csr_matrix:
        """Return one row of TF-IDF features a text."""
        return hstack([self._words.transform(texts), self._letters.transform(texts)]).tocsr()

    def probabilities(self, features: csr_matrix) -> Matrix:
        """Return one row a text, one column a label."""
        return softmax((features @ self._weights + self._offsets) / self._temperature)


class SemanticHead:
    """Logistic regression over sentence vectors, centred on the mean of the phrases."""

    def __init__(self, vectors: Vectors, labels: Sequence[str]):
        self._centre = vectors.mean(axis=0)
        self.phrases = self.place(vectors)
        head = LogisticRegression(C=SEMANTIC_C / phrases_a_label(labels), max_iter=300, tol=1e-3).fit(
            self.phrases, labels
        )
        self.labels: list[str] = [str(label) for label in head.classes_]
        self._head = head

    def place(self, vectors: Vectors) -> Vectors:
        """Return `vectors` as seen from the middle of the phrases, each of length one."""
        moved = vectors - self._centre
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9))

    def probabilities(self, placed: Vectors) -> Matrix:
        """Return one row a text, one column a label."""
        return np.asarray(self._head.predict_proba(placed))


@dataclass(frozen=True)
class Scores:
    """What the heads say of one question: probability per label, and the nearest phrase of each.

    `nearness` is the largest cosine to any phrase of the label (of meaning with an encoder, of
    words without); `nearest` is that phrase's place among the phrases the classifier was given.
    """

    labels: list[str]
    probability: Matrix
    nearness: Matrix
    nearest: NDArray[np.int64]
    lexical: Matrix
    semantic: Matrix | None


class Classifier:
    """Both heads over the same phrases; `vectors` are the phrases' own, None without an encoder."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str], *, vectors: Vectors | None = None):
        self._lexical = LexicalHead(texts, labels)
        self._semantic = SemanticHead(vectors, labels) if vectors is not None else None
        self._share = between(LEXICAL_SHARE, phrases_a_label(labels))
        self.labels = self._lexical.labels
        # Phrases in the order of their labels, so that the best of each label is one reduction.
        self._order = np.argsort(np.array(labels), kind="stable")
        self._starts = np.searchsorted(np.array(labels)[self._order], self.labels)
        self._phrases = self._lexical.phrases[self._order]
        self._placed = self._semantic.phrases[self._order] if self._semantic else None

    def scores(self, text: str, *, vector: Vectors | None = None) -> Scores:
        """Return what both heads say of `text`; without its `vector` the lexical head speaks alone."""
        features = self._lexical.features([text])
        lexical = self._lexical.probabilities(features)[0]
        if self._semantic is None or self._placed is None or vector is None:
            closeness = np.asarray((self._phrases @ features.T).todense()).ravel() / 2
            return self._scores(lexical, lexical, None, closeness)
        placed = self._semantic.place(vector.reshape(1, -1))
        semantic = self._semantic.probabilities(placed)[0]
        mixed = self._share * np.log(lexical + SMALLEST) + (1 - self._share) * np.log(semantic + SMALLEST)
        return self._scores(softmax(mixed[None, :])[0], lexical, semantic, self._placed @ placed[0])

    def _scores(
        self, probability: Matrix, lexical: Matrix, semantic: Matrix | None, closeness: Matrix
    ) -> Scores:
        nearness = np.maximum.reduceat(closeness, self._starts)
        nearest = np.array(
            [
                self._order[start + int(np.argmax(closeness[start:end]))]
                for start, end in zip(self._starts, [*self._starts[1:], len(closeness)], strict=True)
            ]
        )
        return Scores(self.labels, probability, nearness, nearest, lexical, semantic)
