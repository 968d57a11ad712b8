"""Messages that name a trade or the bare business and no need: "panadería", "help with my shop"."""

from collections.abc import Iterable, Sequence

from bot.advice.knowledge import Vague
from bot.advice.text import words

# More words than this tell something of the need, even where each is among those that are known.
LONGEST = 7


class VagueReader:
    """Knows the words that tell no need, and the topics to offer instead of guessing."""

    def __init__(self, entries: Iterable[Vague]):
        self._entries = [(_folded(entry.words), _folded(entry.around), entry.options) for entry in entries]

    def options(self, said: Sequence[str]) -> tuple[str, ...]:
        """Return what to offer for the folded words of a message, nothing where they may tell a need."""
        if len(said) > LONGEST:
            return ()
        for telling, around, options in self._entries:
            if not telling.isdisjoint(said) and telling.union(around).issuperset(said):
                return tuple(options)
        return ()


def _folded(texts: dict[str, list[str]]) -> frozenset[str]:
    return frozenset(word for spoken in texts.values() for text in spoken for word in words(text))
