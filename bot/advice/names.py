"""Resources, organisations and programmes called by name in a question, even misspelt."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, chain

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.advice.knowledge import Resource
from bot.advice.text import words

LONGEST_NAME = 7
SHORTEST_MISSPELT = 6
# One slip in six letters, two in twelve: "senprende" for "emprende" would need more and is no slip.
SLIPS_PER_LETTER = 1 / 6
# Of so many words one at least is spelt right, or it is no slip of a name: most windows are then like none
# at a glance. None of 1,541 questions (tests/questions/) is read otherwise.
LONG_NAME = 4
FILLERS = frozenset(
    [
        "de",
        "del",
        "la",
        "el",
        "los",
        "las",
        "y",
        "e",
        "en",
        "para",
        "a",
        "al",
        "the",
        "of",
        "for",
        "and",
        "da",
        "do",
        "das",
        "dos",
        "por",
        "con",
        "com",
        "un",
        "una",
    ]
)


@dataclass(frozen=True)
class NameHit:
    """A name found: the words as asked, the name it stands for, whose it is.

    `strength`, 0 to 1, is how near the spelling is times how few resources carry the name.
    """

    asked: str
    name: str
    resources: tuple[str, ...]
    strength: float
    words: int


class NameIndex:
    """All names of the resources. `ordinary` words are never read as a misspelt name."""

    def __init__(self, resources: Iterable[Resource], *, ordinary: Collection[str] = ()):
        owners: dict[tuple[str, ...], list[str]] = {}
        for resource in resources:
            titles = resource.title.values()
            for name in (resource.publisher, *resource.aliases, *titles, _short(resource.organisation)):
                tokens = tuple(words(name))
                if 0 < len(tokens) <= LONGEST_NAME and set(tokens) - FILLERS:
                    owners.setdefault(tokens, []).append(resource.id)
        self._owners = {tokens: tuple(sorted(set(ids))) for tokens, ids in owners.items()}
        self._ordinary = ordinary
        self.vocabulary = frozenset(token for tokens in self._owners for token in tokens)
        self._joined = {
            " ".join(tokens): tokens for tokens in self._owners if sum(map(len, tokens)) >= SHORTEST_MISSPELT
        }
        # What may be meant: of few words the names about as long, of many those with a word in its place.
        self._by_length: dict[tuple[int, int], list[str]] = {}
        self._by_word: dict[tuple[int, int, str], list[str]] = {}
        for joined, tokens in self._joined.items():
            size = len(tokens)
            if size < LONG_NAME:
                self._by_length.setdefault((size, len(joined)), []).append(joined)
            else:
                for place, token in enumerate(tokens):
                    self._by_word.setdefault((size, place, token), []).append(joined)
        self._firsts = frozenset(tokens[0] for tokens in self._owners)

    def find(self, question: str) -> list[NameHit]:
        """Return the names in `question`, the longest first, no two over the same words."""
        tokens = tuple(words(question))
        # Only a window with a word that stands nowhere else can be a misspelt name.
        strange = [token not in self._ordinary and token not in self.vocabulary for token in tokens]
        before = list(accumulate(strange, initial=0))
        taken: set[int] = set()
        hits: list[NameHit] = []
        begins = [token in self._firsts for token in tokens]
        for size in range(min(LONGEST_NAME, len(tokens)), 0, -1):
            for start in range(len(tokens) - size + 1):
                odd = before[start] < before[start + size]
                if not odd and not begins[start]:
                    continue
                window = tokens[start : start + size]
                if not odd and window not in self._owners:
                    continue
                span = range(start, start + size)
                if taken.isdisjoint(span) and (hit := self._hit(window)):
                    hits.append(hit)
                    taken.update(span)
        return sorted(hits, key=lambda hit: (-hit.strength, -hit.words))

    def _hit(self, window: tuple[str, ...]) -> NameHit | None:
        name, likeness = window, 1.0
        if window not in self._owners:
            found = self._misspelt(window)
            if found is None:
                return None
            name, likeness = found
        owners = self._owners[name]
        if len(name) == 1 and name[0] in self._ordinary and len(owners) > 1:
            return None
        share = 1.0 if len(owners) <= 2 else (2 / len(owners)) ** 0.5
        return NameHit(" ".join(window), " ".join(name), owners, likeness * share, len(name))

    def _misspelt(self, window: tuple[str, ...]) -> tuple[tuple[str, ...], float] | None:
        joined = " ".join(window)
        if len(joined) < SHORTEST_MISSPELT or window[0] in FILLERS or window[-1] in FILLERS:
            return None
        room = max(1, int(len(joined) * SLIPS_PER_LETTER))
        alike = self._alike(window, len(joined), room)
        best = process.extractOne(joined, alike, scorer=OSA.distance, score_cutoff=room)
        if best is None:
            return None
        return self._joined[best[0]], 1.0 - best[1] / len(joined)

    def _alike(self, window: tuple[str, ...], length: int, room: int) -> Iterator[str]:
        """Return the names of as many words that `window` may be a slip of."""
        size = len(window)
        if size < LONG_NAME:
            lengths = range(length - room, length + room + 1)
            return chain.from_iterable(self._by_length.get((size, letters), ()) for letters in lengths)
        return chain.from_iterable(
            self._by_word.get((size, place, word), ()) for place, word in enumerate(window)
        )


def _short(organisation: str) -> str:
    """An organisation's own name, without what follows a slash or a bracket."""
    return organisation.split("/")[0].split("(")[0].strip()
