"""Which topic a question is about: linear heads, one on letters and words, one on each encoder's meaning.

All are trained when the knowledge is loaded; there is no model file. Each phrase belongs to a
label: a topic, a group of what is out of scope, a kind of small talk, a kind of sensitive message.
The heads' probabilities are multiplied (a weighted geometric mean), as measured in
docs/adr/0003-classifier.md.
"""

import math
import zlib
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.advice.beside import HERE
from bot.advice.encoders import Meanings, Vectors
from bot.advice.features import Arrays, Features, Grams, Row, Rows, learn, learned_rows
from bot.advice.kept import NOTHING_KEPT, Kept

Matrix = NDArray[np.float64]

# Chosen on BANKING77 and CLINC150 (10 phrases a label) and on questions that are not phrases
# (about 100 a label); the tables are in docs/adr/0003-classifier.md. Where a topic has few phrases
# its meaning says more, where it has many its own words do: what changes in between goes with the
# logarithm of their number.
FEW, MANY = 10, 100
SHRINKAGE, EVENED = 0.7, 0.7
SEMANTIC_C = 110.0  # over the phrases a label: the same pull towards plain weights at any size
LEXICAL_C = 0.5
LEXICAL_TEMPERATURE = (0.3, 0.15)
# Of what was read before an encoder is asked: of words before the first, of both before the second.
SHARES = ((0.25, 0.5), (0.5, 0.7))
# Which of every five labels are told apart together, side by side where there are workers, and the same
# without. The second worker learns the languages, too, which takes as long as a fifth of the labels.
PARTS, EVERY = ((0, 2, 4), (1, 3)), 5
LEXICAL_BLOCKS = (Grams("words", 1, 2), Grams("letters", 2, 5))
SMALLEST = 1e-9
SIGN_AND_HALF, EXPONENTS_APART = np.int32(-0x70002000), np.float32(2.0**112)


def softmax(scores: NDArray[np.floating[Any]]) -> Matrix:
    """Return `scores` as probabilities."""
    powers = np.exp(np.asarray(scores, dtype=np.float64) - scores.max())
    return np.asarray(powers / powers.sum())


def singles(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """Return numbers of half precision in single precision, exactly, sooner than numpy's own conversion.

    The bits are moved to where single precision has them; what is then missing is the distance of the
    exponents' zeros. For numbers, not for infinities.
    """
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= SIGN_AND_HALF
    found = bits.view(np.float32)
    found *= EXPONENTS_APART
    return found


def phrases_a_label(labels: Sequence[str]) -> float:
    """Return the median number of phrases a label has."""
    return float(np.median(np.unique(np.asarray(labels), return_counts=True)[1]))


def between(few_many: tuple[float, float], count: float) -> float:
    """Return the value for `count` phrases a label, from those measured for few and for many."""
    few, many = few_many
    way = min(1.0, max(0.0, math.log(count / FEW) / math.log(MANY / FEW)))
    return few + (many - few) * way


def taught(texts: Sequence[str], labels: Sequence[str], *, words: int | None) -> list[int]:
    """Return which phrases hold so many `words` in all: the same share of every label, ten of it at least.

    Which ones a digest decides, so that an edit elsewhere changes none of them. None is all.
    """
    if words is None:
        return list(range(len(texts)))
    share = words / max(1, sum(len(text.split()) for text in texts))
    by_label: dict[str, list[int]] = {}
    for n, label in enumerate(labels):
        by_label.setdefault(label, []).append(n)
    found: list[int] = []
    for places in by_label.values():
        places.sort(key=lambda n: zlib.crc32(texts[n].encode()))
        found += places[: max(FEW, math.ceil(share * len(places)))]
    return sorted(found)


class LexicalHead:
    """A linear support vector machine over words (1-2) and letters (2-5 within words)."""

    def __init__(
        self,
        texts: Sequence[str],
        labels: Sequence[str],
        kept: Kept = NOTHING_KEPT,
        workers: Executor = HERE,
        *,
        name: str = "words",
    ):
        def make() -> Arrays:
            learned = learn(texts, LEXICAL_BLOCKS)
            return learned | _machine(learned_rows(LEXICAL_BLOCKS, learned), labels, workers)

        settings = repr((LEXICAL_BLOCKS, LEXICAL_C, PARTS))
        arrays = kept.arrays(name, [settings, *texts, "", *labels], make)
        self.features = Features(LEXICAL_BLOCKS, arrays)
        self.labels = sorted(set(labels))
        self._head, self._offsets = arrays["head"], arrays["offsets"]
        self._temperature = between(LEXICAL_TEMPERATURE, phrases_a_label(labels))

    def probabilities(self, row: Row) -> Matrix:
        """Return the probability of each label for one text's features."""
        weights = singles(self._head.take(row.indices, axis=0))
        scores = row.values.astype(np.float32) @ weights + self._offsets
        return softmax(scores / self._temperature)


class SemanticHead:
    """Logistic regression over sentence vectors, centred and evened.

    Evened: what phrases of one label differ in among themselves is made to count for less, so that
    what tells labels apart counts for more (half a linear discriminant).
    """

    def __init__(
        self,
        texts: Sequence[str],
        labels: Sequence[str],
        meanings: Meanings,
        kept: Kept = NOTHING_KEPT,
        workers: Executor = HERE,
    ):
        c = SEMANTIC_C / phrases_a_label(labels)

        def make() -> Arrays:
            return dict(workers.submit(_meaning, meanings.of(texts), labels, c).result())

        settings = repr((c, SHRINKAGE, EVENED))
        arrays = kept.arrays("meaning", [meanings.name, settings, *texts, "", *labels], make)
        self.labels = sorted(set(labels))
        self.phrases: Vectors = arrays["phrases"]
        self._centre: Vectors = arrays["centre"]
        self._even: Vectors = arrays["even"]
        self._head, self._offsets = arrays["head"], arrays["offsets"]

    def place(self, vector: Vectors) -> Vectors:
        """Return a vector as seen from the middle of the phrases, of length one."""
        return np.asarray(placed(vector.reshape(1, -1), self._centre, self._even)[0])

    def probabilities(self, place: Vectors) -> Matrix:
        """Return the probability of each label for one placed vector."""
        return softmax(place @ self._head + self._offsets)


def placed(vectors: Vectors, centre: Vectors, even: Vectors | None = None) -> Vectors:
    """Return `vectors` as seen from `centre`, turned by `even` where it is given, each of length one."""
    moved = vectors - centre if even is None else (vectors - centre) @ even
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9))


def _machine(rows: Rows, labels: Sequence[str], workers: Executor) -> Arrays:
    """Return what the machine learned, part by part, every label in its place."""
    names = sorted(set(labels))
    head, offsets = np.zeros((rows.width, len(names)), dtype=np.float16), np.zeros(len(names))
    found: Arrays = {"head": head, "offsets": offsets}
    if len(names) == 1:  # nothing to tell apart
        return found
    parts = [[n for n in range(len(names)) if n % EVERY in part] for part in PARTS]
    told = [workers.submit(_told, rows, labels, [names[n] for n in part]) for part in parts]
    for part, columns in zip(parts, told, strict=True):
        for name, learned in columns.result().items():
            found[name][..., part] = learned
    return found


def _told(rows: Rows, labels: Sequence[str], told: Sequence[str]) -> Arrays:
    """Learn to tell some labels from all others."""
    from bot.advice import training

    return training.machine(rows, labels, told, c=LEXICAL_C)


def _meaning(vectors: Vectors, labels: Sequence[str], c: float) -> Arrays:
    """Learn what vectors say of their labels."""
    from bot.advice import training

    centre = vectors.mean(axis=0)
    even = training.evening(vectors - centre, labels, shrinkage=SHRINKAGE, power=EVENED)
    phrases = placed(vectors, centre, even)
    found = training.odds(phrases, labels, c=c)
    return {"centre": centre, "even": even, "phrases": phrases} | found


@dataclass(frozen=True)
class Lesson:
    """What one encoder's head learns from: the phrases as it reads them, those at `chosen` places or all."""

    meanings: Meanings
    texts: Sequence[str]
    chosen: Collection[int] | None = None


@dataclass(frozen=True)
class Scores:
    """What the heads say of one question: the probability of each label, by all that read it and by each.

    `semantic` holds what each encoder's head says that was asked, `placed` the question's vector as the
    first one's sees it, None where words alone were read.
    """

    row: Row
    probability: Matrix
    lexical: Matrix
    semantic: tuple[Matrix, ...] = ()
    placed: Vectors | None = None


class Classifier:
    """The heads over the same phrases; without `lessons` the lexical one alone."""

    def __init__(
        self,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        lessons: Sequence[Lesson] = (),
        kept: Kept = NOTHING_KEPT,
        workers: Executor = HERE,
    ):
        # Phrases in the order of their labels: those of one label lie side by side.
        self._order = sorted(range(len(labels)), key=labels.__getitem__)
        labels = [labels[n] for n in self._order]
        texts = [texts[n] for n in self._order]
        # What takes longest, learning from the words, leaves the interpreter to others meanwhile.
        beside = ThreadPoolExecutor(1)
        self._words = beside.submit(LexicalHead, texts, labels, kept, workers)
        beside.shutdown(wait=False)
        self._spans = spans(labels)
        count = phrases_a_label(labels)
        self._shares = [between(share, count) for share in SHARES]
        self._semantic: list[SemanticHead] = []
        for lesson in lessons:
            met = [
                (n, label)
                for n, label in zip(self._order, labels, strict=True)
                if lesson.chosen is None or n in lesson.chosen
            ]
            names = [label for _, label in met]
            if not self._semantic:
                self._taught = [n for n, _ in met]
                self._taught_spans = spans(names)
            read = [lesson.texts[n] for n, _ in met]
            self._semantic.append(SemanticHead(read, names, lesson.meanings, kept, workers))

    @cached_property
    def _lexical(self) -> LexicalHead:
        return self._words.result()

    @property
    def labels(self) -> list[str]:
        """The labels in order. Who asks first waits until all is learned from the words."""
        return self._lexical.labels

    def by_words(self, text: str) -> Scores:
        """Return what the lexical head says of `text`."""
        row = self._lexical.features.row(text)
        lexical = self._lexical.probabilities(row)
        return Scores(row, lexical, lexical)

    def by_meaning(self, scores: Scores, vector: Vectors) -> Scores:
        """Return `scores` with what the next encoder's head says, given that encoder's `vector`."""
        asked = len(scores.semantic)
        if asked == len(self._semantic):
            return scores
        head, share = self._semantic[asked], self._shares[asked]
        place = head.place(vector)
        found = head.probabilities(place)
        mixed = share * np.log(scores.probability + SMALLEST) + (1 - share) * np.log(found + SMALLEST)
        return replace(
            scores,
            probability=softmax(mixed),
            semantic=(*scores.semantic, found),
            placed=place if scores.placed is None else scores.placed,
        )

    def nearest(self, scores: Scores, labels: Sequence[int]) -> list[tuple[int, float]]:
        """Return each label's phrase nearest to the question, by its place among all, and the cosine.

        Of meaning, as the first encoder sees it, where that was asked; of words and letters otherwise.
        """
        if scores.placed is not None:
            phrases, near = self._semantic[0].phrases, scores.placed
            found = [(span, phrases[span] @ near) for span in (self._taught_spans[n] for n in labels)]
            order: Sequence[int] = self._taught
        else:
            features = self._lexical.features
            asked = features.spread(scores.row)
            found = [(span, features.cosines(asked, span)) for span in (self._spans[n] for n in labels)]
            order = self._order
        best = [(span.start, cosines, int(np.argmax(cosines))) for span, cosines in found]
        return [(order[start + n], float(cosines[n])) for start, cosines, n in best]


def spans(labels: Iterable[str]) -> list[slice]:
    """Return where each of some sorted labels begins and ends."""
    found, start = [], 0
    for _, same in groupby(labels):
        end = start + sum(1 for _ in same)
        found.append(slice(start, end))
        start = end
    return found
