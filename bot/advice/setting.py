"""Who asks, from where, in which language: read from the message first, then from the profile."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.advice.knowledge import COUNTRIES, Country
from bot.advice.text import words


@dataclass(frozen=True)
class Profile:
    """What is already known of a person; every field may be None."""

    country: str | None = None
    audience: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Clue:
    """What gave something away: `text` as found in the question, `value` what it says.

    `within` says that it names a part of the country, a city or a region.
    """

    kind: str
    text: str
    value: str
    weight: float
    within: bool = False


@dataclass(frozen=True)
class Setting:
    """The setting that governs an answer, and the clues it was read from."""

    language: str
    country: str | None = None
    audience: str | None = None
    clues: tuple[Clue, ...] = ()
    places: tuple[str, ...] = field(default=())
    """Words of the question that name a place, folded: not to be taken for words of a need."""


ORIGIN = frozenset(
    [
        "en",
        "de",
        "desde",
        "aqui",
        "aca",
        "in",
        "from",
        "at",
        "em",
        "do",
        "da",
        "no",
        "na",
        "of",
        "soy",
        "somos",
        "vivo",
        "estoy",
        "estamos",
        "am",
        "are",
        "moro",
        "sou",
    ]
)
# "export to", "vender a": what follows is where the goods go, not where the business is.
TOWARDS = frozenset(
    ["a", "al", "para", "pa", "hacia", "hasta", "to", "into", "towards", "para", "pra", "ao", "aos"]
)
SENDING = tuple(["export", "vend", "envi", "mand", "lleg", "llev", "ship", "sell", "send", "sold", "reach"])
REACH = 8
SKIPPED = frozenset(
    [
        "la",
        "el",
        "los",
        "las",
        "the",
        "o",
        "os",
        "as",
        "ciudad",
        "departamento",
        "provincia",
        "zona",
        "area",
        "city",
    ]
)

WEIGHTS = {
    "names": 3.0,
    "demonyms": 1.5,
    "places": 2.5,
    "institutions": 3.0,
    "words": 2.0,
    "weak": 1.6,
    "weak_caps": 2.2,
}
WITHIN = frozenset(["places", "weak"])
AFTER_ORIGIN = 1.5
AFTER_TOWARDS = 0.3

# A misspelt place is looked for only where the word is long enough to be no other word.
SHORTEST_MISSPELT = 6
WORDS_REMEMBERED = 8_192


@dataclass(frozen=True)
class _Name:
    tokens: tuple[str, ...]
    country: str
    kind: str
    caps: str = ""


class PlaceReader:
    """Finds what gives a country away. `known` are ordinary words, never read as a misspelt place."""

    def __init__(self, places: Mapping[str, Country], *, known: Collection[str] = ()):
        self._by_first: dict[str, list[_Name]] = {}
        for name in _names(places):
            self._by_first.setdefault(name.tokens[0], []).append(name)
        for names in self._by_first.values():
            names.sort(key=lambda name: -len(name.tokens))
        self.vocabulary = frozenset(
            token for names in self._by_first.values() for name in names for token in name.tokens
        )
        # By their first letter, which few slips touch.
        self._misspellable: dict[str, list[str]] = {}
        for token, names in sorted(self._by_first.items()):
            alone = any(len(name.tokens) == 1 and not name.caps for name in names)
            if alone and len(token) >= SHORTEST_MISSPELT:
                self._misspellable.setdefault(token[0], []).append(token)
        meant = partial(_mended, known=known, misspellable=self._misspellable)
        self._meant = lru_cache(WORDS_REMEMBERED)(meant)

    def clues(self, question: str) -> list[Clue]:
        """Return every clue to a country in `question`, in order, the longest name at each place."""
        tokens = words(question)
        found: list[Clue] = []
        n = 0
        while n < len(tokens):
            names = self._at(tokens, n, question)
            for name in names:
                weight = self._weight(name, tokens, n)
                if weight:
                    text = " ".join(tokens[n : n + len(name.tokens)])
                    found.append(Clue("country", text, name.country, weight, name.kind in WITHIN))
            n += len(names[0].tokens) if names else 1
        return found

    def _at(self, tokens: list[str], n: int, question: str) -> list[_Name]:
        candidates = self._by_first.get(tokens[n]) or self._by_first.get(self._meant(tokens[n]), [])
        fits = [name for name in candidates if self._fits(name, tokens, n, question)]
        return [name for name in fits if len(name.tokens) == len(fits[0].tokens)]

    def _fits(self, name: _Name, tokens: list[str], n: int, question: str) -> bool:
        if name.caps:
            return (
                tokens[n] == name.tokens[0]
                and re.search(rf"\b{re.escape(name.caps)}\b", question) is not None
            )
        return tuple(tokens[n + 1 : n + len(name.tokens)]) == name.tokens[1:]

    def _weight(self, name: _Name, tokens: list[str], n: int) -> float:
        before = next((token for token in reversed(tokens[max(0, n - 3) : n]) if token not in SKIPPED), "")
        weight = WEIGHTS[name.kind]
        if before in ORIGIN:
            return weight * AFTER_ORIGIN
        if name.kind == "weak":
            return 0.0
        goes = before in TOWARDS and any(token.startswith(SENDING) for token in tokens[max(0, n - REACH) : n])
        return weight * AFTER_TOWARDS if goes and name.kind in ("names", "places") else weight


def _mended(token: str, *, known: Collection[str], misspellable: Mapping[str, Sequence[str]]) -> str:
    """Return the place `token` is a slip of, or an empty text; places stand under their first letters."""
    if len(token) < SHORTEST_MISSPELT or token in known:
        return ""
    room = 1 if len(token) < 10 else 2
    alike = misspellable.get(token[0], ())
    best = process.extractOne(token, alike, scorer=OSA.distance, score_cutoff=room)
    return best[0] if best else ""


def _names(places: Mapping[str, Country]) -> Iterator[_Name]:
    for code, country in places.items():
        for kind in WEIGHTS:
            for text in getattr(country, kind):
                tokens = tuple(words(text))
                if tokens:
                    yield _Name(tokens, code, kind, text if kind == "weak_caps" else "")


def country_of(clues: Collection[Clue], profile: str | None) -> str | None:
    """Return the country that governs: the clues' heaviest, the profile's where they tie or say nothing."""
    weights: dict[str, float] = {}
    for clue in clues:
        weights[clue.value] = weights.get(clue.value, 0.0) + clue.weight
    best = max(weights.values(), default=0.0)
    leaders = [code for code in COUNTRIES if weights.get(code) == best and best]
    # Where the goods go ("exportar a Chile") does not say where the business is.
    if len(leaders) == 1 and best >= 1.0:
        return leaders[0]
    return profile
