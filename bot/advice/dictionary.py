"""The words of a language, as a dictionary has them, and which of them are common.

What is a word is no slip of another; what is none may be a slip of a common one.
"""

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from spellchecker import SpellChecker

from bot.advice.features import Arrays
from bot.advice.kept import NOTHING_KEPT, Kept
from bot.advice.text import fold

LANGUAGES = ("es", "en", "pt")
# The lists leave out many plurals, and most forms of a verb: those of regular ones, and with what hangs on
# to them ("facturarles"), are told by the verb they would be of.
PLURALS = ("s", "es")
INFINITIVES = ("ar", "er", "ir")
SHORTEST_STEM = 3
_HANGING = "me te se nos le les lo la los las"
_SPANISH = """
    o a e as es an en amos emos imos ando iendo ado ada ados adas ido ida idos idas aba abas aban abamos
    ia ias ian iamos aste iste aron ieron are ara aran aremos ere era eran eremos ire ira iran iremos ar er ir
"""
_PORTUGUESE = """
    o a e as es am em amos emos imos ando endo indo ado ada ados adas ido ida idos idas ava avam ia iam iamos
    ei ou eu iu aram eram iram aria eria iria arei ara arao erei era erao ar er ir
"""
ENDINGS = {"es": tuple(_SPANISH.split()), "pt": tuple(_PORTUGUESE.split())}
# A common word is one in a million at least (the lists count the subtitles of films): some 20,000 a language.
COMMON = 1e-6
# What a list is made into: another number where that changes.
MADE = "checksums of folded words, the common ones with their uses, 2"


class Dictionary:
    """Knows which folded words are words of a language; of a language without a list, none.

    A word is kept as its checksum: 660,000 of them take 2.6 MB instead of sixty, and one slip in ten
    thousand is taken for a word. A language's list is read when it is first asked for.
    """

    def __init__(self, kept: Kept = NOTHING_KEPT):
        self._kept = kept
        self._found: dict[str, Arrays] = {}

    def has(self, word: str, language: str) -> bool:
        """Say whether folded `word` is a word of `language`, or the plural of one."""
        if language not in LANGUAGES:
            return False
        if any(self._holds(form, language) for form in (word, *map(word.removesuffix, PLURALS))):
            return True
        return any(self._holds(verb, language) for verb in _infinitives(word, language))

    def commonest(self, words: Sequence[str], language: str) -> str | None:
        """Return the commonest of some folded words, None where none is a common word of `language`."""
        if language not in LANGUAGES or not words:
            return None
        listed = self._list(language)
        sought = np.array([_checksum(word) for word in words], dtype=np.uint32)
        places = np.minimum(listed["common"].searchsorted(sought), len(listed["common"]) - 1)
        uses = np.where(listed["common"][places] == sought, listed["uses"][places], 0.0)
        best = int(uses.argmax())
        return words[best] if uses[best] else None

    def _holds(self, word: str, language: str) -> bool:
        words = self._list(language)["words"]
        sought = np.uint32(_checksum(word))
        place = int(words.searchsorted(sought))
        return place < len(words) and bool(words[place] == sought)

    def _list(self, language: str) -> Arrays:
        if language not in self._found:
            self._found[language] = self._kept.arrays(
                f"dictionary-{language}", [MADE, language], lambda: _listed(language)
            )
        return self._found[language]


@lru_cache(len(LANGUAGES))
def _listed(language: str) -> Arrays:
    listed = SpellChecker(language=language).word_frequency.dictionary
    checksums = np.array([_checksum(fold(word)) for word in listed], dtype=np.uint32)
    words, which = np.unique(checksums, return_inverse=True)
    uses = np.bincount(which, weights=np.fromiter(listed.values(), dtype=np.float64, count=len(listed)))
    common = uses >= COMMON * uses.sum()
    return {"words": words, "common": words[common], "uses": uses[common].astype(np.float32)}


def _infinitives(word: str, language: str) -> list[str]:
    """Return the regular verbs of which folded `word` would be a form."""
    bare = [word, *(word.removesuffix(end) for end in _HANGING.split() if word.endswith(end))]
    stems = {
        form.removesuffix(ending)
        for form in bare
        for ending in ENDINGS.get(language, ())
        if form.endswith(ending)
    }
    return [stem + ending for stem in stems if len(stem) >= SHORTEST_STEM for ending in INFINITIVES]


def _checksum(word: str) -> int:
    return zlib.crc32(word.encode())
