"""Texts as TF-IDF features: learned from the phrases, then read one text at a time.

Both with numpy alone. What is counted is what scikit-learn's TfidfVectorizer counts (a test compares
them), but its checks and conversions take about a millisecond a call, several times what the counting
takes, and importing it takes a second and 70 MB, which the process that answers need not spend.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

WORD = re.compile(r"\w+")
# Of each block: a megabyte or two.
WORDS_REMEMBERED = 5_000


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
        return "".join(letter for letter in apart if not unicodedata.combining(letter))

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

    indices: NDArray[np.int64]
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

    def some(self, rows: Sequence[int]) -> "Rows":
        """Return these rows alone."""
        spans = [(self.starts[row], self.starts[row + 1]) for row in rows]
        values = [self.values[start:end] for start, end in spans]
        starts = np.cumsum([0, *(end - start for start, end in spans)])
        indices = [self.indices[start:end] for start, end in spans]
        return Rows(np.concatenate(values), np.concatenate(indices), starts, self.width)

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
    """One kind of terms and their places; what a word's letters are is remembered, since words come again."""

    def __init__(self, grams: Grams, terms: Sequence[str], weights: NDArray[np.float64], *, start: int):
        self._grams = grams
        self._places = dict(zip(terms, range(len(terms)), strict=True))
        self._weights = weights
        self._start = start
        self._of_word: dict[str, list[int]] = {}

    def row(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the places of the terms of `text`, in order, and how much each counts."""
        if self._grams.of == "words":
            found = self._known(self._grams.terms(text))
        else:
            found = [place for word in self._grams.plain(text).split() for place in self._letters(word)]
        places, often = np.unique(np.array(found, dtype=np.int64), return_counts=True)
        return places + self._start, _weighed(often, self._weights[places])

    def _letters(self, word: str) -> list[int]:
        places = self._of_word.get(word)
        if places is None:
            if len(self._of_word) > WORDS_REMEMBERED:
                self._of_word.clear()
            places = self._of_word[word] = self._known(self._grams.runs(word))
        return places

    def _known(self, terms: Sequence[str]) -> list[int]:
        return [place for place in map(self._places.get, terms) if place is not None]


class Features:
    """One or more blocks of TF-IDF features side by side; `learned` are the texts it was made from."""

    def __init__(self, blocks: Sequence[Grams], arrays: Mapping[str, NDArray[Any]]):
        self._blocks: list[_Block] = []
        self.width = 0
        for n, grams in enumerate(blocks):
            terms = _split(arrays[f"terms{n}"])
            self._blocks.append(_Block(grams, terms, arrays[f"weights{n}"], start=self.width))
            self.width += len(terms)
        self.learned = Rows(arrays["values"], arrays["indices"], arrays["starts"], self.width)

    def row(self, text: str) -> Row:
        """Return the features of one text; what was never learned counts for nothing."""
        parts = [block.row(text) for block in self._blocks]
        return Row(
            np.concatenate([places for places, _ in parts]), np.concatenate([values for _, values in parts])
        )

    def spread(self, row: Row) -> NDArray[np.float32]:
        """Return `row` with one number a feature, for `cosines`."""
        asked = np.zeros(self.width, dtype=np.float32)
        asked[row.indices] = row.values
        return asked

    def cosines(self, asked: NDArray[np.float32], rows: slice) -> NDArray[np.float32]:
        """Return the cosine of a `spread` text to each of some learned ones (the mean over the blocks)."""
        return self.learned.products(asked, rows) / np.float32(len(self._blocks))


def learn(texts: Sequence[str], blocks: Sequence[Grams]) -> Arrays:
    """Return what `Features` is made of: the terms of each block, their weights, the texts' own features."""
    arrays: Arrays = {}
    rows: list[list[tuple[NDArray[np.int64], NDArray[np.float64]]]] = [[] for _ in texts]
    start = 0
    for n, grams in enumerate(blocks):
        terms, weights, counted = _block(texts, grams)
        arrays[f"terms{n}"] = np.frombuffer("\n".join(terms).encode(), dtype=np.uint8)
        arrays[f"weights{n}"] = weights
        for row, (places, values) in zip(rows, counted, strict=True):
            row.append((places + start, values))
        start += len(terms)
    ends = np.cumsum([0, *(sum(len(places) for places, _ in row) for row in rows)])
    joined = [part for row in rows for part in row]
    arrays["indices"] = np.concatenate([places for places, _ in joined]).astype(np.int32)
    arrays["values"] = np.concatenate([values for _, values in joined]).astype(np.float32)
    arrays["starts"] = ends.astype(np.int64)
    return arrays


def _block(
    texts: Sequence[str], grams: Grams
) -> tuple[list[str], NDArray[np.float64], list[tuple[NDArray[np.int64], NDArray[np.float64]]]]:
    """Return a block's terms in order, their inverse document frequency, and each text's features."""
    met: dict[str, int] = {}
    counts = [np.unique(found, return_counts=True) for found in _found(texts, grams, met)]
    names = list(met)
    held, uses = np.zeros(len(names), dtype=np.int64), np.zeros(len(names), dtype=np.int64)
    for found, often in counts:
        held[found] += 1
        uses[found] += often
    left = sorted((n for n in range(len(names)) if held[n] >= grams.least_texts), key=names.__getitem__)
    if grams.most is not None and len(left) > grams.most:
        left = sorted(sorted(left, key=lambda n: -uses[n])[: grams.most], key=names.__getitem__)
    place = np.full(len(names), -1, dtype=np.int64)
    place[left] = np.arange(len(left))
    weights = np.log((1 + len(texts)) / (1 + held[left].astype(np.float64))) + 1
    rows = []
    for found, often in counts:
        places = place[found]
        order = np.argsort(places)[np.count_nonzero(places < 0) :]  # what is not learned comes first
        rows.append((places[order], _weighed(often[order], weights[places[order]])))
    return [names[n] for n in left], weights, rows


def _found(texts: Sequence[str], grams: Grams, met: dict[str, int]) -> Iterator[NDArray[np.int64]]:
    """Yield the numbers of each text's terms; `met` numbers the terms as they are met."""
    of_word: dict[str, list[int]] = {}
    for text in texts:
        if grams.of == "words":
            found = [met.setdefault(term, len(met)) for term in grams.terms(text)]
        else:
            found = []
            for word in grams.plain(text).split():
                if word not in of_word:
                    of_word[word] = [met.setdefault(term, len(met)) for term in grams.runs(word)]
                found += of_word[word]
        yield np.array(found, dtype=np.int64)


def _weighed(often: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return terms' weights for how often each is there, sublinear, of length one."""
    counted = (1.0 + np.log(often)) * weights
    return np.asarray(counted / max(float(np.linalg.norm(counted)), 1e-12))


def _split(joined: NDArray[np.uint8]) -> list[str]:
    text = joined.tobytes().decode()
    return text.split("\n") if text else []
