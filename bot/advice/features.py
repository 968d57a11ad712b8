"""Texts as TF-IDF features: learned from the phrases, then read one text at a time.

Both with numpy alone. What is counted is what scikit-learn's TfidfVectorizer counts (a test compares
them), but its checks and conversions take about a millisecond a call, several times what the counting
takes, and importing it takes a second and 70 MB, which the process that answers need not spend.
"""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.advice.text import without_marks

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
            return self.in_a_row(text)
        return [term for word in text.split() for term in self.runs(word)]

    def plain(self, text: str) -> str:
        """Return `text` with only the differences that tell terms apart."""
        text = text.lower()
        return text if self.accents or text.isascii() else without_marks(text)

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

    def in_a_row(self, text: str) -> list[str]:
        """Return the words of a plain text alone and in a row."""
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
        self._places = _Places(_split(arrays[f"terms{n}"]), start=start)
        self.end = start + len(self._places)
        self._grams = grams
        self._learned = _Places(_split(arrays[f"words{n}"]), start=0)
        self._runs, self._ends = arrays[f"runs{n}"] + np.int32(start), arrays[f"ends{n}"]
        self._of_word: dict[str, NDArray[np.int32]] = {}

    def found(self, text: str) -> list[NDArray[np.int32]]:
        """Return the places of the terms of `text`, some at a time, each as often as its term is there."""
        if self._grams.of == "words":
            return [self._places.of(self._grams.terms(text))]
        return [self._letters(word) for word in text.split()]

    def _letters(self, word: str) -> NDArray[np.int32]:
        places = self._of_word.get(word)
        if places is None:
            if len(self._of_word) > WORDS_REMEMBERED:
                self._of_word.clear()
            if learned := self._learned.of([self._grams.plain(word)]).tolist():
                places = self._runs[self._ends[learned[0]] : self._ends[learned[0] + 1]]
            else:
                places = self._places.of(self._grams.terms(word))
            self._of_word[word] = places
        return places


class _Places:
    """Where each term stands, by its hash: 120,000 terms take 1.5 MB, as a mapping they took twenty.

    Two of them having one hash of 64 bits is as likely as a bit of memory that turns over.
    """

    def __init__(self, terms: Sequence[str], *, start: int):
        hashes = np.fromiter(map(hash, terms), dtype=np.int64, count=len(terms))
        order = np.argsort(hashes)
        self._hashes, self._places = hashes[order], (order + start).astype(np.int32)

    def __len__(self) -> int:
        return len(self._places)

    def of(self, terms: Sequence[str]) -> NDArray[np.int32]:
        """Return the places of those of some terms that are known, in their order."""
        if not len(self):
            return _NOTHING
        sought = np.fromiter(map(hash, terms), dtype=np.int64, count=len(terms))
        found = np.minimum(self._hashes.searchsorted(sought), len(self) - 1)
        places: NDArray[np.int32] = self._places[found[self._hashes[found] == sought]]
        return places


class Features:
    """One or more blocks of TF-IDF features side by side; `learned` are the texts it was made from."""

    def __init__(self, blocks: Sequence[Grams], arrays: Mapping[str, NDArray[Any]]):
        self._blocks: list[_Block] = []
        self.width = 0
        for n, grams in enumerate(blocks):
            self._blocks.append(_Block(grams, arrays, n, start=self.width))
            self.width = self._blocks[-1].end
        self._weights = np.concatenate([arrays[f"weights{n}"] for n in range(len(blocks))])
        self.learned = learned_rows(blocks, arrays)

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


def learned_rows(blocks: Sequence[Grams], arrays: Mapping[str, NDArray[Any]]) -> Rows:
    """Return the features of the texts that were learned."""
    width = sum(len(arrays[f"weights{n}"]) for n in range(len(blocks)))
    return Rows(arrays["values"], arrays["indices"], arrays["starts"], width)


class _Met:
    """What stands in some texts: the `names` of the terms in order, and of each use the text and the term.

    Of letters each of the `words` once, with its terms one after the other (`runs`), which of them are the
    first word's, the second's (`ends`). All texts are read at once: a call of numpy for each took longer.
    """

    def __init__(self, texts: Sequence[str], grams: Grams):
        plain = grams.plain("\n".join([text.replace("\n", " ") for text in texts])).split("\n")
        said = [grams.in_a_row(text) if grams.of == "words" else text.split() for text in plain[: len(texts)]]
        numbers, used = _numbered(said)
        rows = np.repeat(np.arange(len(texts)), [len(used_here) for used_here in said])
        if grams.of == "words":
            self.names, rank = _in_order(numbers)
            self.rows, self.terms = rows, rank[used]
            self.words, self.runs, self.ends = [], rank[:0], _ends(rank[:0])
            return
        self.words = list(numbers)
        runs = [grams.runs(word) for word in self.words]
        numbers, met = _numbered(runs)
        self.names, rank = _in_order(numbers)
        self.runs, self.ends = rank[met], _ends(np.array([len(run) for run in runs], dtype=np.int64))
        sizes = np.diff(self.ends)[used]
        first = np.repeat(self.ends[used] - np.cumsum(sizes) + sizes, sizes)
        self.rows = np.repeat(rows, sizes)
        self.terms = self.runs[first + np.arange(len(first))]


class _Learning:
    """One block as it is learned: `terms` in order, and of each text, one after the other, what it holds.

    `rows` says which text, `places` which of its terms (in order), `values` how much each counts.
    """

    def __init__(self, texts: Sequence[str], grams: Grams):
        met = _Met(texts, grams)
        width = max(1, len(met.names))
        # Numbers half as long are sorted in two thirds of the time.
        short: type[Any] = np.int32 if len(texts) * width < np.iinfo(np.int32).max else np.int64
        keys: NDArray[Any] = (met.rows * width + met.terms).astype(short)
        keys, often = _counted(keys)
        rows, terms = np.divmod(keys, short(width))
        held = np.bincount(terms, minlength=len(met.names))
        left = np.flatnonzero(held >= grams.least_texts)
        if grams.most is not None and len(left) > grams.most:
            uses = np.bincount(terms, weights=often, minlength=len(met.names))[left]
            left = np.sort(left[np.argsort(-uses, kind="stable")[: grams.most]])
        self.terms = [met.names[n] for n in left]
        self._weights = np.log((1 + len(texts)) / (1 + held[left].astype(np.float64))) + 1
        place = np.full(len(met.names), -1, dtype=np.int32)
        place[left] = np.arange(len(left))
        learned = place[terms] >= 0
        self.places, self.rows = place[terms[learned]], rows[learned]
        self.values = self._weighed(often[learned], len(texts))
        self._words, self._runs, self._ends = met.words, place[met.runs], met.ends

    def arrays(self) -> Arrays:
        """Return the block's own arrays."""
        learned = self._runs >= 0
        return {
            "terms": _joined(self.terms),
            "weights": self._weights,
            "words": _joined(self._words),
            "runs": self._runs[learned],
            "ends": _ends(learned)[self._ends],
        }

    def _weighed(self, often: NDArray[np.int64], texts: int) -> NDArray[np.float64]:
        counted = (1.0 + np.log(often)) * self._weights[self.places]
        lengths = np.sqrt(np.bincount(self.rows, weights=counted**2, minlength=texts))
        return np.asarray(counted / np.maximum(lengths, SHORTEST)[self.rows])


def _numbered(said: Sequence[Sequence[str]]) -> tuple[dict[str, int], NDArray[np.int64]]:
    """Return what was said, each once with a number as it is met, and the numbers of all that was."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    used = np.array([numbers[one] for some in said for one in some], dtype=np.int64)
    return numbers, used


def _in_order(numbers: Mapping[str, int]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the names of some numbered things in order, and the place each number has there."""
    names = sorted(numbers)
    rank = np.zeros(len(names), dtype=np.int64)
    rank[[numbers[name] for name in names]] = np.arange(len(names))
    return names, rank


def _counted(found: NDArray[Number]) -> tuple[NDArray[Number], NDArray[np.int64]]:
    """Return the different numbers in `found`, in order, and how often each is there; `found` is sorted."""
    found.sort()
    changes = np.ones(len(found) + 1, dtype=np.bool_)
    np.not_equal(found[1:], found[:-1], out=changes[1:-1])
    starts = changes.nonzero()[0] if len(found) else _NOTHING.astype(np.int64)
    return found.take(starts[:-1]), starts[1:] - starts[:-1]


def _ends(sizes: NDArray[np.integer[Any]] | NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return where things of these sizes, one after the other, begin and the last ends."""
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def _joined(texts: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def _split(joined: NDArray[np.uint8]) -> list[str]:
    text = joined.tobytes().decode()
    return text.split("\n") if text else []
