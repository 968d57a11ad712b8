"""Counts that might tell who asked, kept out of what is passed on.

A count of one to four is hidden. So is what a total would give away by subtraction: then the next
smallest count is hidden with it, or, where there is none, the total.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

LEAST = 5
"""Counts below this are hidden; nought is shown, it is nobody."""


@dataclass(frozen=True)
class Counts:
    """Counts by name as they may be shown: None is hidden. `total` is None where it would tell too much."""

    shown: Mapping[str, int | None]
    total: int | None

    @property
    def hidden(self) -> frozenset[str]:
        """The names whose count is hidden."""
        return frozenset(name for name, count in self.shown.items() if count is None)


@dataclass(frozen=True)
class Percent:
    """A share in percent: exact, or only a bound, where the exact one would give away a small count."""

    value: int
    bound: Literal["is", "over", "under"] = "is"


def small(count: int) -> bool:
    """Say whether `count` is one that is hidden."""
    return 0 < count < LEAST


def suppress(counts: Mapping[str, int], *, hidden: Collection[str] = ()) -> Counts:
    """Return `counts`, which add up to a total that is shown, as they may be shown.

    `hidden` are names that must not be shown whatever their count.
    """
    away = {name for name, count in counts.items() if small(count) or name in hidden}
    rest = sorted((count, name) for name, count in counts.items() if name not in away and count > 0)
    while rest and _tells([counts[name] for name in away]):
        away.add(rest.pop(0)[1])
    total = sum(counts.values())
    tells = small(total) or _tells([counts[name] for name in away])
    shown = {name: None if name in away else count for name, count in counts.items()}
    return Counts(shown, None if tells else total)


def _tells(hidden: list[int]) -> bool:
    """Say whether the sum of the hidden counts, known from the total, gives one of them away."""
    if not hidden:
        return False
    # All at their least or all at their most: the sum fits nothing else.
    extreme = all(map(small, hidden)) and sum(hidden) in (len(hidden), (LEAST - 1) * len(hidden))
    return len(hidden) == 1 or sum(hidden) < LEAST or extreme


@dataclass(frozen=True)
class Part:
    """How many of `asked` were `answered`."""

    asked: int
    answered: int


def shares(parts: Mapping[str, Part]) -> tuple[dict[str, Percent | None], Percent | None]:
    """Return each share that may be shown, and that of all; None where it is not shown.

    A share beside its count is two counts: those answered and those not.
    """
    answered = {name: part.answered for name, part in parts.items()}
    rest = {name: part.asked - part.answered for name, part in parts.items()}
    vague = frozenset(name for name, part in parts.items() if small(part.asked) or part.asked == 0)
    vague |= {name for name in parts if small(answered[name]) or small(rest[name])}
    for counts in (answered, rest):
        vague |= suppress(counts, hidden=vague).hidden
    safe = all(suppress(counts, hidden=vague).total is not None for counts in (answered, rest))
    whole = Part(sum(part.asked for part in parts.values()), sum(answered.values()))
    told = {name: _vaguely(part) if name in vague else _exactly(part) for name, part in parts.items()}
    return told, _exactly(whole) if safe and whole.asked else _vaguely(whole)


def _exactly(part: Part) -> Percent:
    return Percent(round(100 * part.answered / part.asked))


def _vaguely(part: Part) -> Percent | None:
    """Return a bound that holds for any small rest, None where there is none worth saying."""
    if part.asked < 2 * LEAST:
        return None
    bound = 100 * LEAST / part.asked
    if small(part.asked - part.answered):
        return Percent(int(100 - bound), "over")
    if small(part.answered):
        return Percent(int(bound) + 1, "under")
    return None
