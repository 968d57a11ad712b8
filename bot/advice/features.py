"""Texts as TF-IDF features: learned with scikit-learn, read one text at a time without its ceremony.

scikit-learn checks and converts its input for about a millisecond a call, several times what the
counting takes; a question is read up to ten times (its parts, its language, the resources).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer


@dataclass(frozen=True)
class Row:
    """The features of one text: which, and how much each counts (the vector has length one a block)."""

    indices: NDArray[np.int64]
    values: NDArray[np.float64]


class Features:
    """One or more blocks of TF-IDF features side by side; `learned` are the texts it was made from."""

    def __init__(self, texts: Sequence[str], *blocks: TfidfVectorizer):
        self.learned: csr_matrix = hstack([block.fit_transform(texts) for block in blocks]).tocsr()
        self._blocks = [
            (block.build_analyzer(), block.vocabulary_, block.idf_, start)
            for block, start in zip(blocks, _starts(blocks), strict=True)
        ]

    def row(self, text: str) -> Row:
        """Return the features of one text; what was never learned counts for nothing."""
        indices: list[NDArray[np.int64]] = []
        values: list[NDArray[np.float64]] = []
        for analyse, vocabulary, weights, start in self._blocks:
            counts = Counter(place for term in analyse(text) if (place := vocabulary.get(term)) is not None)
            if not counts:
                continue
            places = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
            often = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
            # Sublinear term frequency, as the blocks are learned with.
            counted = (1.0 + np.log(often)) * weights[places]
            indices.append(places + start)
            values.append(counted / np.linalg.norm(counted))
        if not indices:
            return Row(np.zeros(0, dtype=np.int64), np.zeros(0))
        return Row(np.concatenate(indices), np.concatenate(values))

    def cosines(self, row: Row, learned: csr_matrix) -> NDArray[np.float64]:
        """Return the cosine of `row` to each of some learned texts (the mean over the blocks)."""
        asked = np.zeros(learned.shape[1])
        asked[row.indices] = row.values
        return np.asarray(learned @ asked) / len(self._blocks)


def _starts(blocks: Sequence[TfidfVectorizer]) -> list[int]:
    sizes = [len(block.vocabulary_) for block in blocks]
    return [sum(sizes[:n]) for n in range(len(sizes))]
