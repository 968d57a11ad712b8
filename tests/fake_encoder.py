"""An encoder of ten lines: words thrown into buckets; it remembers what it was asked to encode."""

import zlib
from collections.abc import Sequence

import numpy as np

from bot.advice.encoders import Vectors


class FakeEncoder:
    """Texts with the same words have the same vector; `encoded` lists every text that was encoded."""

    def __init__(
        self,
        name: str = "fake",
        size: int = 64,
        *,
        quick: bool = False,
        as_typed: bool = False,
        languages: frozenset[str] | None = None,
        encoded: list[str] | None = None,
    ):
        self.name = name
        self.as_typed = as_typed
        self.asked_below = (0.97, 0.45)
        self.words_taught: int | None = None
        self.quick = quick
        self.languages = languages
        self.size = size
        self.encoded = [] if encoded is None else encoded

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), self.size), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.split() or [""]:
                row[zlib.crc32(word.encode()) % self.size] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def clone(self) -> "FakeEncoder":
        return FakeEncoder(
            self.name,
            self.size,
            quick=self.quick,
            as_typed=self.as_typed,
            languages=self.languages,
            encoded=self.encoded,
        )
