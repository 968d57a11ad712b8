"""A question put into the words the phrases use: synonyms, restored accents, mended spelling."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.advice.dictionary import Dictionary
from bot.advice.text import WORD, clean, fold, squeeze

# Below four letters a mended word is a guess; from eight on, two slips are common (measured: with
# 6 % of letters disturbed, docs/figures.md).
SHORTEST_MENDED = 4
LONG_WORD = 8
WORDS_REMEMBERED = 20_000
ENDING = re.compile(r"[aeo]?s?$")
# What is asked of anything at all, in the three languages.
GENERAL = """
    cuanto cuesta cuestan vale sale precio costo requisitos papeles documentos donde cuando como quien demora
    tarda cost costs price much long take where when how who requirements documents quanto custa preco onde
    quando quem
"""
ALWAYS_GENERAL = frozenset(GENERAL.split())


def counted(texts: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return the folded words of some texts, each with how often it is used and its commonest spelling."""
    uses = Counter(_words("\n".join(texts)))
    spellings: dict[str, dict[str, int]] = {}
    for word, times in uses.items():
        spellings.setdefault(fold(word), {})[word] = times
    return {
        folded: (sum(times.values()), max(times, key=times.__getitem__))
        for folded, times in sorted(spellings.items())
    }


class Wording:
    """Knows the words of the knowledge as `counted`: how often each is used, and how it is spelt."""

    def __init__(
        self,
        words: Mapping[str, tuple[int, str]],
        *,
        synonyms: Mapping[str, Sequence[Sequence[str]]],
        names: Collection[str] = (),
        general: Collection[str] = (),
        dictionary: Dictionary | None = None,
    ):
        self._uses = {folded: uses for folded, (uses, _) in words.items()}
        self._spelling = {folded: spelling for folded, (_, spelling) in words.items()}
        self._names = frozenset(names)
        self._general = frozenset(general)
        self._dictionary = dictionary
        self._synonyms = {
            language: {fold(word): group[0] for group in groups for word in group[1:]}
            for language, groups in synonyms.items()
        }
        self._said = frozenset().union(*self._synonyms.values())
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(self._uses):
            if len(word) >= SHORTEST_MENDED and word.isalpha():
                self._by_first.setdefault(word[0], []).append(word)
        # Words come again, in the parts of a question and in the questions of others.
        self._met: dict[tuple[str, str], str] = {}

    @property
    def known(self) -> Collection[str]:
        """The folded words of the knowledge."""
        return self._uses.keys()

    def is_general(self, word: str) -> bool:
        """Say whether a folded word tells nothing of the need: "cuánto", "cómo", "online"."""
        return word in self._general or word in ALWAYS_GENERAL or len(word) < 2

    def standard(self, text: str, language: str) -> str:
        """Return `text` in lower case and the knowledge's own words, punctuation left out."""
        return " ".join(
            [self._met.get((language, word)) or self._meet(language, word) for word in _words(text)]
        )

    def _meet(self, language: str, word: str) -> str:
        if len(self._met) > WORDS_REMEMBERED:
            self._met.clear()
        found = self._met[language, word] = self._word(word, language)
        return found

    def mended(self, text: str, language: str) -> str:
        """Return `text` as typed, but for words that are a slip of one of the knowledge's."""
        return WORD.sub(lambda found: self._as_typed(found.group(), language), text)

    def _as_typed(self, word: str, language: str) -> str:
        folded = squeeze(fold(word))
        if folded in self._uses or folded in self._names or folded in self._said:
            return word
        meant = self._mend(folded, language)
        return word if meant == folded else self._spelling[meant]

    def _word(self, word: str, language: str) -> str:
        synonyms = self._synonyms.get(language, {})
        folded = squeeze(fold(word))
        meant = synonyms.get(folded, folded)
        if meant not in self._uses and meant == folded and meant not in self._names:
            meant = self._mend(meant, language)
            meant = synonyms.get(meant, meant)
        return self._spelling.get(meant, meant)

    def _mend(self, word: str, language: str) -> str:
        """Return the word of the knowledge that `word` is a slip of, or `word` itself.

        What is a word of the language is no slip: only another form of it is taken for it.
        """
        if len(word) < SHORTEST_MENDED or not word.isalpha():
            return word
        room = 1 if len(word) < LONG_WORD else 2
        # Few slips touch the first letter, and looking at one letter's words is 20 times faster.
        near = process.extract(
            word, self._by_first.get(word[0], ()), scorer=OSA.distance, score_cutoff=room, limit=8
        )
        if near and self._dictionary is not None and self._dictionary.has(word, language):
            near = [found for found in near if _stem(found[0]) == _stem(word)]
        if not near:
            return word
        return min(near, key=lambda found: (found[1], -self._uses[found[0]]))[0]


def _stem(word: str) -> str:
    """Return a word without what tells gender and number: "marcas", "marca", "marco" are one."""
    return ENDING.sub("", word)


def _words(text: str) -> list[str]:
    """Return the words of `text` in lower case, letters that stand for two written as two."""
    return WORD.findall(unicodedata.normalize("NFKC", clean(text)).lower())
