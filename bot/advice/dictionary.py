"""The words of a language, as a dictionary has them: what is a word is no slip of another."""

import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from spellchecker import SpellChecker

from bot.advice.features import Arrays
from bot.advice.kept import NOTHING_KEPT, Kept
from bot.advice.text import fold

LANGUAGES = ("es", "en", "pt")
# The lists leave out many plurals.
PLURALS = ("s", "es")
# What a list is made into: another number where that changes.
MADE = "checksums of folded words, 1"


class Dictionary:
    """Knows which folded words are words of a language; of a language without a list, none.

    A word is kept as its checksum: 660,000 of them take 2.6 MB instead of sixty, and one slip in ten
    thousand is taken for a word. A language's list is read when it is first asked for.
    """

    def __init__(self, kept: Kept = NOTHING_KEPT):
        self._kept = kept
        self._found: dict[str, NDArray[np.uint32]] = {}

    def has(self, word: str, language: str) -> bool:
        """Say whether folded `word` is a word of `language`, or the plural of one."""
        if language not in LANGUAGES:
            return False
        bare = [word.removesuffix(end) for end in PLURALS]
        return any(self._holds(form, language) for form in (word, *bare))

    def _holds(self, word: str, language: str) -> bool:
        if language not in self._found:
            made = self._kept.arrays(f"dictionary-{language}", [MADE, language], lambda: _listed(language))
            self._found[language] = made["words"]
        words = self._found[language]
        sought = np.uint32(_checksum(word))
        place = int(words.searchsorted(sought))
        return place < len(words) and bool(words[place] == sought)


@lru_cache(len(LANGUAGES))
def _listed(language: str) -> Arrays:
    listed = SpellChecker(language=language).word_frequency.words()
    return {"words": np.unique(np.array([_checksum(fold(word)) for word in listed], dtype=np.uint32))}


def _checksum(word: str) -> int:
    return zlib.crc32(word.encode())
