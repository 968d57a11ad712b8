"""A question put into the words the phrases use: synonyms, restored accents, mended spelling."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA, Prefix

from bot.advice import slips
from bot.advice.dictionary import Dictionary
from bot.advice.text import WORD, clean, fold, squeeze

# Below three letters a mended word is a guess; from six on, two slips are common. With 6 % of the letters
# disturbed three words in five are read as they were meant so; with four and eight, and any slip as likely
# as another, two in five were (docs/adr/0015-dictionary.md).
SHORTEST_MENDED = 3
LONG_WORD = 6
WORDS_REMEMBERED = 20_000
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
        """Return `text` as typed, but for words that are a slip of another."""
        return WORD.sub(lambda found: self._as_typed(found.group(), language), text)

    def _as_typed(self, word: str, language: str) -> str:
        folded = squeeze(fold(word))
        if folded in self._uses or folded in self._names or folded in self._said:
            return word
        meant = self._mend(folded, language)
        return word if meant == folded else self._spelling.get(meant, meant)

    def _word(self, word: str, language: str) -> str:
        synonyms = self._synonyms.get(language, {})
        folded = squeeze(fold(word))
        meant = synonyms.get(folded, folded)
        if meant not in self._uses and meant == folded and meant not in self._names:
            meant = self._mend(meant, language)
            meant = synonyms.get(meant, meant)
        return self._spelling.get(meant, meant)

    def _mend(self, word: str, language: str) -> str:
        """Return the word that `word` is a slip of, one of the knowledge's or a common one, or `word` itself.

        What is a word of the language is no slip: only another form of it is taken for it.
        """
        if len(word) < SHORTEST_MENDED or not word.isalpha():
            return word
        dictionary = self._dictionary
        if dictionary is not None and dictionary.has(word, language):
            if len(word) == SHORTEST_MENDED:
                return word  # "sal" is no "sales"
            return self._likeliest(slips.number(word)) or self._likeliest(slips.gender(word)) or word
        likely = slips.likely(word)
        for meant in (slips.heard(word, language), likely, slips.others(word)):
            found = self._likeliest(self._known(meant, language, surely=len(word) == SHORTEST_MENDED))
            if found is not None:
                return found
        if dictionary is not None and len(word) > SHORTEST_MENDED:
            found = dictionary.commonest(likely, language)
        return found or self._two_slips(word) or word

    def _known(self, meant: Iterable[str], language: str, *, surely: bool) -> list[str]:
        """Return the words the knowledge uses: those of the language if there are any, `surely` no others."""
        known = [word for word in meant if word in self._uses]
        if self._dictionary is None or not known:
            return known
        own = [word for word in known if self._dictionary.has(word, language)]
        return own if own or surely else known

    def _likeliest(self, meant: Iterable[str]) -> str | None:
        """Return the one of some words that the knowledge uses most, None where it uses none."""
        return max((word for word in meant if word in self._uses), key=self._uses.__getitem__, default=None)

    def _two_slips(self, word: str) -> str | None:
        """Return the word nearest to a long one: of those as near the one that begins alike for longest."""
        if len(word) < LONG_WORD:
            return None

        def farness(found: tuple[str, float, int]) -> tuple[float, int, int]:
            return found[1], -Prefix.similarity(found[0], word), -self._uses[found[0]]

        # Few slips touch the first letter, and looking at one letter's words is 20 times faster.
        among = self._by_first.get(word[0], ())
        near = process.extract(word, among, scorer=OSA.distance, score_cutoff=2, limit=8)
        return min(near, key=farness)[0] if near else None


def _words(text: str) -> list[str]:
    """Return the words of `text` in lower case, letters that stand for two written as two."""
    return WORD.findall(unicodedata.normalize("NFKC", clean(text)).lower())
