"""Looking resources up by words: titles, names, summaries; half-written and misspelt words count, too."""

from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.advice.knowledge import Resource
from bot.advice.names import FILLERS
from bot.advice.text import words

# How much a word counts by where it stands, and what it adds to be the whole of a name.
NAMED, TOLD, WHOLE = 1.0, 0.5, 2.0
# A word's beginning is most of it, a slip leaves most of it; below this length neither says anything.
BEGUN, SLIPPED, SHORTEST_BEGUN, SHORTEST_SLIPPED = 0.9, 0.8, 3, 5
# Half of what was looked for must be found.
ENOUGH = 0.5
LONGEST_SEARCH = 12


class Finder:
    """The words of all resources. What is found may be of any status; who shows it looks at that."""

    def __init__(self, resources: Iterable[Resource]):
        self._where: dict[str, dict[str, float]] = {}
        self._called: dict[tuple[str, ...], set[str]] = {}
        for resource in resources:
            for name in (resource.publisher, *resource.aliases, *resource.title.values()):
                self._called.setdefault(tuple(words(name)), set()).add(resource.id)
            self._learn(resource.id, NAMED, [resource.publisher, resource.organisation, *resource.aliases])
            self._learn(resource.id, NAMED, resource.title.values())
            self._learn(resource.id, TOLD, resource.summary.values())
        self._vocabulary = list(self._where)

    def _learn(self, resource_id: str, weight: float, texts: Iterable[str]) -> None:
        for text in texts:
            for word in words(text):
                known = self._where.setdefault(word, {})
                known[resource_id] = max(weight, known.get(resource_id, 0.0))

    def find(self, text: str, *, among: Callable[[str], bool] = lambda _: True) -> list[str]:
        """Return the ids of resources that hold at least half of the words of `text`, the best first."""
        asked = [word for word in dict.fromkeys(words(text)) if word not in FILLERS][:LONGEST_SEARCH]
        found: dict[str, float] = {}
        for word in asked:
            for resource_id, weight in self._holding(word).items():
                if among(resource_id):
                    found[resource_id] = found.get(resource_id, 0.0) + weight
        for resource_id in self._called.get(tuple(words(text)), ()):
            if among(resource_id):
                found[resource_id] = found.get(resource_id, 0.0) + WHOLE
        least = ENOUGH * TOLD * len(asked)
        enough = [(score, resource_id) for resource_id, score in found.items() if score >= least]
        return [resource_id for _, resource_id in sorted(enough, key=lambda item: (-item[0], item[1]))]

    def _holding(self, word: str) -> dict[str, float]:
        """Return the resources that hold `word` or one like it, with how much that counts."""
        found: dict[str, float] = {}
        for known, likeness in self._alike(word):
            for resource_id, weight in self._where[known].items():
                found[resource_id] = max(found.get(resource_id, 0.0), weight * likeness)
        return found

    def _alike(self, word: str) -> Iterable[tuple[str, float]]:
        if word in self._where:
            yield word, 1.0
        if len(word) >= SHORTEST_BEGUN:
            yield from ((known, BEGUN) for known in self._vocabulary if known.startswith(word))
        if len(word) >= SHORTEST_SLIPPED and word not in self._where:
            near = process.extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=1, limit=5)
            yield from ((known, SLIPPED) for known, *_ in near if known[0] == word[0])
