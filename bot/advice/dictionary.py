"""The words of a language, as a dictionary has them, and which of them are common.

What is a word is no slip of another; what is none may be a slip of a common one.
"""

import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from spellchecker import SpellChecker

from bot.advice.features import Arrays
from bot.advice.kept import NOTHING_KEPT, Kept
from bot.advice.text import folded

LANGUAGES = ("es", "en", "pt")
# The lists leave out many plurals, and most forms of a verb: those of regular ones, and with what hangs on
# to them ("facturarles"), are told by the verb they would be of.
PLURALS = ("s", "es")
SHORTEST_STEM = 3
HANGING = ("me", "te", "se", "nos", "le", "les", "lo", "la", "los", "las")
_IN_AR = "o a e as es an am en em amos emos ando ado ada ados adas ei ou"
_IN_ER_OR_IR = "o e a es as en em an am emos imos amos ido ida idos idas ia ias ian iam iamos i eu iu"
_SPANISH = (
    _IN_AR + " aba abas aban abamos aste aron are ara aran aremos aria arian",
    _IN_ER_OR_IR + " iendo iste ieron ere era eran eremos eria erian ire ira iran iremos iria irian",
)
_PORTUGUESE = (
    _IN_AR + " ava avas avam avamos aste aram arei ara arao aremos aria ariam",
    _IN_ER_OR_IR + " endo indo este iste eram iram erei era erao eria eriam irei ira irao iria iriam",
)
# By language, endings and the infinitives that have them.
ENDINGS = {
    language: ((tuple(first.split()), ("ar",)), (tuple(second.split()), ("er", "ir")))
    for language, (first, second) in (("es", _SPANISH), ("pt", _PORTUGUESE))
}
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
        """Say whether folded `word` is a word of `language`, its plural or a form of a regular verb."""
        if language not in LANGUAGES:
            return False
        if any(self._holds(form, language) for form in (word, *map(word.removesuffix, PLURALS))):
            return True
        return any(self._holds(verb, language) for verb in _verbs(word, language))

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
    spelt = folded("\n".join(listed)).split("\n")  # all at once: word by word it takes a second longer
    checksums = np.array([_checksum(word) for word in spelt], dtype=np.uint32)
    words, which = np.unique(checksums, return_inverse=True)
    uses = np.bincount(which, weights=np.fromiter(listed.values(), dtype=np.float64, count=len(listed)))
    common = uses >= COMMON * uses.sum()
    return {"words": words, "common": words[common], "uses": uses[common].astype(np.float32)}


def _verbs(word: str, language: str) -> Iterator[str]:
    """Give the regular verbs of which folded `word` would be a form; itself, without what hangs on to it."""
    for bare in (word, *(word.removesuffix(end) for end in HANGING if word.endswith(end))):
        if bare.endswith(("ar", "er", "ir")):
            yield bare
        for endings, infinitives in ENDINGS.get(language, ()):
            for ending in endings:
                stem = bare.removesuffix(ending)
                if bare.endswith(ending) and len(stem) >= SHORTEST_STEM:
                    yield from (stem + infinitive for infinitive in infinitives)


def _checksum(word: str) -> int:
    return zlib.crc32(word.encode())
