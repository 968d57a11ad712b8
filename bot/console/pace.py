"""Pace: how often something may go wrong within a while."""

from collections import OrderedDict, deque

# Addresses remembered: more than any staff has, little enough to stay small under an attack.
REMEMBERED = 2000


class Pace:
    """Counts misses per key within a sliding window; after `times` in `seconds` no try is let through."""

    def __init__(self, *, times: int, seconds: float):
        self._times = times
        self._seconds = seconds
        self._misses: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, key: str, now: float) -> bool:
        """Say whether `key` may try at `now`, in seconds of any clock."""
        misses = self._misses.get(key, deque())
        while misses and misses[0] <= now - self._seconds:
            misses.popleft()
        return len(misses) < self._times

    def missed(self, key: str, now: float) -> None:
        """Count a try of `key` that was wrong."""
        self._misses.setdefault(key, deque()).append(now)
        self._misses.move_to_end(key)
        while len(self._misses) > REMEMBERED:
            self._misses.popitem(last=False)
