"""Greetings and thanks around a question: taken off before it is read, so that they change nothing (A6)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from bot.advice.knowledge import Wording
from bot.advice.text import WORD, squeeze, words

# The kinds of small talk that are said before or after something else.
KINDS = ("greeting", "thanks", "goodbye")
LONGEST, MOST = 4, 3
# "Buenas" greets at the beginning of a question, but not in "buenas prácticas": a single word is taken for
# a courtesy where it stands at an end in so many of the phrases it stands in, or where few use it at all.
MOSTLY_AT_AN_END, FEW = 0.8, 5

Said = tuple[str, ...]


class Courtesies:
    """Knows the courtesies of small talk; `phrases` of needs tell what else their words can mean."""

    def __init__(self, smalltalk: Mapping[str, Wording], phrases: Iterable[str]):
        said = {
            tuple(words(text))
            for kind in KINDS
            if kind in smalltalk
            for texts in smalltalk[kind].phrases.values()
            for text in texts
        }
        singles = {one[0] for one in said if len(one) == 1}
        content = _content(singles, phrases)
        self._said = {one for one in said if 0 < len(one) <= LONGEST and not content.issuperset(one)}

    def bare(self, text: str) -> str:
        """Return `text` without courtesies at its ends; whole where it is nothing but courtesies."""
        found = list(WORD.finditer(text))
        spoken = [_spoken(match.group()) for match in found]
        first, last = 0, len(found)
        for _ in range(MOST):
            first += self._courtesy(spoken[first:last], at_end=False)
            last -= self._courtesy(spoken[first:last], at_end=True)
        if first >= last or (first, last) == (0, len(found)):
            return text
        start = found[first].start() if first else 0
        end = found[last].start() if last < len(found) else len(text)
        return text[start:end].strip(" ,;.-")

    def _courtesy(self, spoken: Sequence[str], *, at_end: bool) -> int:
        """Return how many words at one end are a courtesy, the longest that is known."""
        for size in range(LONGEST, 0, -1):
            if size <= len(spoken) and tuple(spoken[-size:] if at_end else spoken[:size]) in self._said:
                return size
        return 0


@lru_cache(8_192)
def _spoken(word: str) -> str:
    return squeeze("".join(words(word)))


def _content(singles: set[str], phrases: Iterable[str]) -> set[str]:
    """Return which single courtesies are mostly something else in the phrases of needs."""
    at_an_end: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    for phrase in phrases:
        said = words(phrase)
        if not singles.isdisjoint(said):
            uses.update(word for word in said if word in singles)
            at_an_end.update({said[0], said[-1]} & singles)
    return {word for word in uses if uses[word] >= FEW and at_an_end[word] < MOSTLY_AT_AN_END * uses[word]}
