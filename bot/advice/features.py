"""Texts as TF-IDF features: learned from the phrases, then read one text at a time.

Both with numpy alone. What is counted is what scikit-learn's TfidfVectorizer counts (a test compares
them), but its checks and conversions take about a millisecond a call, several times what the counting
takes, and importing it takes a second and 70 MB, which the process that answers need not spend.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
Number = TypeVar("Number", np.int32, np.int64)

WORD = re.compile(r"\w+")
# Of each block: a megabyte or two.
WORDS_REMEMBERED = 5_000
SHORTEST = 1e-12
_NOTHING = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True)
class Grams:
    """What is counted in a text: `words` alone or in a row, or runs of `letters` within words.

    Of terms that fewer than `least_texts` texts hold, and of those beyond the `most` frequent, nothing is
    learned. `accents` says whether they tell terms apart.
    """

    of: str
    shortest: int
    longest: int
    least_texts: int = 1
    most: int | None = None
    accents: bool = False

    def terms(self, text: str) -> list[str]:
        """Return the terms of `text`, each as often as it stands there."""
        text = self.plain(text)
        if self.of == "words":
            return self._words(text)
        return [term for word in text.split() for term in self.runs(word)]

    def plain(self, text: str) -> str:
        """Return `text` with only the differences that tell terms apart."""
        text = text.lower()
        if self.accents or text.isascii():
            return text
        apart = unicodedata.normalize("NFKD", text)
        return "".join([letter for letter in apart if not unicodedata.combining(letter)])

    def runs(self, word: str) -> list[str]:
        """Return the runs of letters of one plain word, its ends marked by a space."""
        padded = f" {word} "
        length = len(padded)
        found: list[str] = []
        for size in range(self.shortest, self.longest + 1):
            if size >= length:
                found.append(padded)  # a word shorter than the run counts once, whole
                break
            found += [padded[n : n + size] for n in range(length - size + 1)]
        return found

    def _words(self, text: str) -> list[str]:
        words = WORD.findall(text)
        found = words if self.shortest == 1 else []
        for size in range(max(2, self.shortest), self.longest + 1):
            found = found + [" ".join(words[n : n + size]) for n in range(len(words) - size + 1)]
        return found


@dataclass(frozen=True)
class Row:
    """The features of one text: which, and how much each counts (the vector has length one a block)."""

    indices: NDArray[np.int32]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """Many texts' features, row by row: those of row n stand between `starts[n]` and `starts[n + 1]`."""

    values: NDArray[np.float32]
    indices: NDArray[np.int32]
    starts: NDArray[np.int64]
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    def product(self, asked: NDArray[np.float32], row: int) -> float:
        """Return the product of `asked`, one number a feature, with one row."""
        span = slice(self.starts[row], self.starts[row + 1])
        return float(asked.take(self.indices[span], mode="clip") @ self.values[span])

    def products(self, asked: NDArray[np.float32], rows: slice) -> NDArray[np.float32]:
        """Return the product of `asked`, one number a feature, with each row of a slice of rows."""
        starts = self.starts[rows.start : rows.stop + 1]
        span = slice(starts[0], starts[-1])
        sums = np.zeros(len(starts) - 1, dtype=np.float32)
        filled = np.flatnonzero(starts[1:] > starts[:-1])
        if len(filled):
            products = asked.take(self.indices[span], mode="clip")  # every index is there; this is faster
            products *= self.values[span]
            sums[filled] = np.add.reduceat(products, starts[filled] - starts[0])
        return sums


class _Block:
    """One kind of terms, at places from `start` on; letters of a word met before are not looked up again."""

    def __init__(self, grams: Grams, arrays: Mapping[str, NDArray[Any]], n: int, *, start: int):
        terms = _split(arrays[f"terms{n}"])
        self.end = start + len(terms)
        self._grams = grams
        self._places = dict(zip(terms, range(start, self.end), strict=True))
        words = _split(arrays[f"words{n}"])
        self._learned = dict(zip(words, range(len(words)), strict=True))
        self._runs, self._ends = arrays[f"runs{n}"] + np.int32(start), arrays[f"ends{n}"].tolist()
        self._of_word: dict[str, NDArray[np.int32]] = {}

    def found(self, text: str) -> list[NDArray[np.int32]]:
        """Return the places of the terms of `text`, some at a time, each as often as its term is there."""
        if self._grams.of == "words":
            return [self._known(self._grams.terms(text))]
        return [self._letters(word) for word in text.split()]

    def _letters(self, word: str) -> NDArray[np.int32]:
        places = self._of_word.get(word)
        if places is None:
            if len(self._of_word) > WORDS_REMEMBERED:
                self._of_word.clear()
            n = self._learned.get(self._grams.plain(word))
            if n is None:
                places = self._known(self._grams.terms(word))
            else:
                places = self._runs[self._ends[n] : self._ends[n + 1]]
            self._of_word[word] = places
        return places

    def _known(self, terms: Sequence[str]) -> NDArray[np.int32]:
        return np.array([n for n in map(self._places.get, terms) if n is not None], dtype=np.int32)


class Features:
    """One or more blocks of TF-IDF features side by side; `learned` are the texts it was made from."""

    def __init__(self, blocks: Sequence[Grams], arrays: Mapping[str, NDArray[Any]]):
        self._blocks: list[_Block] = []
        self.width = 0
        for n, grams in enumerate(blocks):
            self._blocks.append(_Block(grams, arrays, n, start=self.width))
            self.width = self._blocks[-1].end
        self._weights = np.concatenate([arrays[f"weights{n}"] for n in range(len(blocks))])
        self.learned = Rows(arrays["values"], arrays["indices"], arrays["starts"], self.width)

    def row(self, text: str) -> Row:
        """Return the features of one text; what was never learned counts for nothing."""
        found = [places for block in self._blocks for places in block.found(text)]
        places, often = _counted(np.concatenate(found or [_NOTHING]))
        values = np.log(often)
        values += 1.0
        values *= self._weights.take(places)
        start = 0
        for block in self._blocks:
            end = len(places) if block is self._blocks[-1] else int(places.searchsorted(block.end))
            own = values[start:end]
            own /= max(math.sqrt(own @ own), SHORTEST)
            start = end
        return Row(places, values)

    def spread(self, row: Row) -> NDArray[np.float32]:
        """Return `row` with one number a feature, for `cosines`."""
        asked = np.zeros(self.width, dtype=np.float32)
        asked[row.indices] = row.values
        return asked

    def cosines(self, asked: NDArray[np.float32], rows: slice) -> NDArray[np.float32]:
        """Return the cosine of a `spread` text to each of some learned ones (the mean over the blocks)."""
        return self.learned.products(asked, rows) / np.float32(len(self._blocks))


def learn(texts: Sequence[str], blocks: Sequence[Grams]) -> Arrays:
    """Return what `Features` is made of: of each block the terms, their weights and the letters of its words,
    and the texts' own features.
    """
    arrays: Arrays = {}
    places, rows, values, start = [], [], [], 0
    for n, grams in enumerate(blocks):
        block = _Learning(texts, grams)
        arrays |= {f"{name}{n}": array for name, array in block.arrays().items()}
        places.append(block.places + start)
        rows.append(block.rows)
        values.append(block.values)
        start += len(block.terms)
    row = np.concatenate(rows)
    by_row = np.argsort(row, kind="stable")
    arrays["indices"] = np.concatenate(places)[by_row].astype(np.int32)
    arrays["values"] = np.concatenate(values)[by_row].astype(np.float32)
    arrays["starts"] = _ends(np.bincount(row, minlength=len(texts)))
    return arrays


class _Learning:
    """One block as it is learned: `terms` in order, and of each text, one after the other, what it holds.

    `rows` says which text, `places` which of its terms (in order), `values` how much each counts. All texts
    are counted at once: a call of numpy for each took longer than the counting.
    """

    def __init__(self, texts: Sequence[str], grams: Grams):
        met: defaultdict[str, int] = defaultdict(count().__next__)  # numbers the terms as they are met
        of_word: dict[str, NDArray[np.int64]] = {}
        found = [_numbered(grams, text, met, of_word) for text in texts]
        names = sorted(met)
        rank = np.zeros(len(names), dtype=np.int64)
        rank[[met[name] for name in names]] = np.arange(len(names))
        rows = np.repeat(np.arange(len(texts)), [len(terms) for terms in found])
        keys, often = _counted(rows * len(names) + rank[np.concatenate([rank[:0], *found])])
        rows, terms = np.divmod(keys, max(1, len(names)))
        held = np.bincount(terms, minlength=len(names))
        left = np.flatnonzero(held >= grams.least_texts)
        if grams.most is not None and len(left) > grams.most:
            uses = np.bincount(terms, weights=often, minlength=len(names))[left]
            left = np.sort(left[np.argsort(-uses, kind="stable")[: grams.most]])
        self.terms = [names[n] for n in left]
        self._weights = np.log((1 + len(texts)) / (1 + held[left].astype(np.float64))) + 1
        place = np.full(len(names), -1, dtype=np.int64)
        place[left] = np.arange(len(left))
        learned = place[terms] >= 0
        self.places, self.rows = place[terms[learned]], rows[learned]
        self.values = self._weighed(often[learned], len(texts))
        self._words = list(of_word)
        self._runs = [place[rank[numbers]] for numbers in of_word.values()]

    def arrays(self) -> Arrays:
        """Return the block's own arrays."""
        runs = [places[places >= 0].astype(np.int32) for places in self._runs]
        return {
            "terms": _joined(self.terms),
            "weights": self._weights,
            "words": _joined(self._words),
            "runs": np.concatenate(runs) if runs else np.zeros(0, dtype=np.int32),
            "ends": _ends(np.array([len(places) for places in runs], dtype=np.int64)),
        }

    def _weighed(self, often: NDArray[np.int64], texts: int) -> NDArray[np.float64]:
        counted = (1.0 + np.log(often)) * self._weights[self.places]
        lengths = np.sqrt(np.bincount(self.rows, weights=counted**2, minlength=texts))
        return np.asarray(counted / np.maximum(lengths, SHORTEST)[self.rows])


def _numbered(
    grams: Grams, text: str, met: Mapping[str, int], of_word: dict[str, NDArray[np.int64]]
) -> NDArray[np.int64]:
    """Return the numbers `met` gives the terms of `text`; `of_word` remembers those of a word's letters."""
    if grams.of == "words":
        return np.array([met[term] for term in grams.terms(text)], dtype=np.int64)
    words = grams.plain(text).split()
    for word in words:
        if word not in of_word:
            of_word[word] = np.array([met[run] for run in grams.runs(word)], dtype=np.int64)
    return np.concatenate([of_word[word] for word in words]) if words else np.zeros(0, dtype=np.int64)


def _counted(found: NDArray[Number]) -> tuple[NDArray[Number], NDArray[np.int64]]:
    """Return the different numbers in `found`, in order, and how often each is there; `found` is sorted."""
    found.sort()
    changes = np.ones(len(found) + 1, dtype=np.bool_)
    np.not_equal(found[1:], found[:-1], out=changes[1:-1])
    starts = changes.nonzero()[0] if len(found) else _NOTHING.astype(np.int64)
    return found.take(starts[:-1]), starts[1:] - starts[:-1]


def _ends(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where things of these sizes, one after the other, begin and the last ends."""
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def _joined(texts: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def _split(joined: NDArray[np.uint8]) -> list[str]:
    text = joined.tobytes().decode()
    return text.split("\n") if text else []
