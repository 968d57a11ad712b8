"""Pace: how often something may be tried within a while."""

from collections import OrderedDict, deque

# Addresses remembered: more than any staff has, little enough to stay small under an attack.
REMEMBERED = 2000


class Pace:
    """Counts tries per key within a sliding window; `times` tries are let through in `seconds`."""

    def __init__(self, *, times: int, seconds: float):
        self._times = times
        self._seconds = seconds
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, key: str, now: float) -> bool:
        """Count a try of `key` at `now` (seconds of any clock); say whether it is let through."""
        tries = self._tries.setdefault(key, deque())
        self._tries.move_to_end(key)
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)
        while tries and tries[0] <= now - self._seconds:
            tries.popleft()
        if len(tries) >= self._times:
            return False
        tries.append(now)
        return True
