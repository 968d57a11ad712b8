"""Which resources of a topic come first, for this question and this setting."""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.advice.classifier import placed
from bot.advice.encoders import Meanings, Vectors
from bot.advice.features import Arrays, Features, Grams, learn
from bot.advice.kept import NOTHING_KEPT, Kept
from bot.advice.knowledge import Resource
from bot.advice.setting import Setting
from bot.advice.text import fold
from bot.advice.text import words as spoken

# What an advisor weighs, in the order of the house: the name, the country, the question's own
# words, who it is made for, how sure the link is. Bounded: nothing here changes the topic.
NAMED = 2.0
OWN_COUNTRY, REGIONAL, GLOBAL, UNKNOWN = 1.0, 0.45, 0.3, 0.0
PLACE_IN_TOPICS = (0.45, 0.25, 0.15, 0.1, 0.05)
FOR_WOMEN, ONLY_WOMEN, MOSTLY_WOMEN, ONLY_ORGANISATIONS = 0.7, -0.5, -0.35, -0.6
WORDS, MEANING = 1.9, 1.3
SOURCE = {"high": 0.1, "medium": 0.05, "secondary": -0.2, "wanted": -0.05}
STALE, OWN_LANGUAGE = -0.1, 0.1
# Of one city: behind what serves the whole country, before it where the question names the city. Where it
# names none, what the capital or the largest city has for just this goes before a national page on something
# else: at -0.2 "operating permit in Honduras" finds the capital's, and what is national stays before it.
ELSEWHERE, HERE, LIKELY_HERE = -0.8, 0.3, -0.2
LARGEST = frozenset(
    [
        *("buenos aires", "cordoba", "la paz", "el alto", "santa cruz", "bogota", "medellin"),
        *("tegucigalpa", "comayaguela", "san pedro sula", "montevideo"),
    ]
)
# An address that did not open twice: behind everything else of its country, but not gone.
DEAD = -1.5

SHOWN_AT_ONCE = 3
LETTERS = (Grams("letters", 3, 5),)

ORGANISATION_GROUPS = frozenset({"organisations"})
OPEN_AUDIENCES = frozenset({"sme", "entrepreneur", "informal", "exporter", "rural", "youth"})


@dataclass(frozen=True)
class Met:
    """A question as an encoder, by its name, reads it."""

    encoder: str
    vector: Vectors


@dataclass(frozen=True)
class Ranked:
    """A resource with its score and what made it."""

    id: str
    score: float
    parts: Mapping[str, float]


def resource_text(resource: Resource) -> str:
    """Return the words a resource is compared by: titles, summaries, names."""
    parts = [*resource.title.values(), *resource.summary.values(), resource.organisation, *resource.aliases]
    return " . ".join(parts)


def resource_gist(resource: Resource) -> str:
    """Return the one line whose meaning a question is compared with: a title and a summary.

    One language is enough for a multilingual encoder, and a third of the time.
    """
    summary = resource.summary.get("es") or next(iter(resource.summary.values()), "")
    return f"{next(iter(resource.title.values()))}. {summary}"


def _gists(meanings: Meanings, gists: Sequence[str], kept: Kept) -> Arrays:
    """Return the middle of the gists' vectors and their places as seen from there."""

    def place() -> Arrays:
        vectors = meanings.of(gists)
        centre = vectors.mean(axis=0)
        return {"centre": centre, "gists": placed(vectors, centre)}

    return kept.arrays("gists", [meanings.name, *gists], place)


class Ranking:
    """Orders the resources of a topic; without `meanings` by their words alone."""

    def __init__(
        self,
        resources: Mapping[str, Resource],
        *,
        meanings: Sequence[Meanings] = (),
        kept: Kept = NOTHING_KEPT,
    ):
        self.dead: frozenset[str] = frozenset()
        """Resources whose address does not open. May be put anew at any time."""
        self._resources = resources
        self._ids = list(resources)
        self._row = {resource_id: n for n, resource_id in enumerate(self._ids)}
        self._of_topic: dict[str, list[str]] = {}
        for resource in resources.values():
            for topic in resource.topics:
                self._of_topic.setdefault(topic, []).append(resource.id)
        gists = [resource_gist(resource) for resource in resources.values()]
        self._gists = {met.name: _gists(met, gists, kept) for met in meanings if gists}
        # A folder without resources still needs a text to learn from; it is never a result.
        texts = [resource_text(item) for item in resources.values()] or ["-"]
        learned = kept.arrays("resources", [repr(LETTERS), *texts], lambda: learn(texts, LETTERS))
        self._words = Features(LETTERS, learned)
        # Where two topics are answered, both are ordered by the same question.
        features = self._words  # not by way of this: a ring of references would outlive an edit for a while
        self._asked = lru_cache(1)(lambda question: features.spread(features.row(question)))

    def order(
        self,
        topic: str,
        setting: Setting,
        *,
        question: str,
        day: datetime.date,
        named: Collection[str] = (),
        meaning: Callable[[], Met | None] = lambda: None,
        group: str = "",
    ) -> list[Ranked]:
        """Return the topic's resources that may be shown in this setting, best first.

        `meaning` gives the question as an encoder reads it; it is asked only where not all are shown at once.
        """
        eligible = [
            resource_id
            for resource_id in self._of_topic.get(topic, ())
            if self._resources[resource_id].shown_on(day)
            and self._resources[resource_id].serves(setting.country)
        ]
        if not eligible:
            return []
        rows = [self._row[resource_id] for resource_id in eligible]
        fit = self._fit(rows, question, meaning() if len(eligible) > SHOWN_AT_ONCE else None)
        ranked = []
        for resource_id, words, near in zip(eligible, *fit, strict=True):
            parts = self._parts(self._resources[resource_id], topic, setting, day=day, group=group)
            parts |= {
                "words": WORDS * words,
                "meaning": MEANING * near,
                "named": NAMED * (resource_id in named),
            }
            ranked.append(Ranked(resource_id, sum(parts.values()), parts))
        return sorted(ranked, key=lambda item: (-item.score, item.id))

    def _fit(self, rows: Sequence[int], question: str, met: Met | None) -> tuple[list[float], list[float]]:
        """Return how near each resource is to the question, by its words and by its meaning."""
        asked = self._asked(question)
        words = [self._words.learned.product(asked, row) for row in rows]
        if met is None or met.encoder not in self._gists:
            return words, [0.0] * len(rows)
        gists = self._gists[met.encoder]
        near = placed(met.vector.reshape(1, -1), gists["centre"])[0]
        return words, (gists["gists"][rows] @ near).tolist()

    def _parts(
        self, resource: Resource, topic: str, setting: Setting, *, day: datetime.date, group: str
    ) -> dict[str, float]:
        place = resource.topics.index(topic)
        return {
            "country": _country_fit(resource, setting.country),
            "topic": PLACE_IN_TOPICS[min(place, len(PLACE_IN_TOPICS) - 1)],
            "audience": _audience_fit(resource, setting.audience, group=group),
            "source": SOURCE[resource.source],
            "fresh": STALE if resource.review_by < day else 0.0,
            "place": _place_fit(resource, setting),
            "dead": DEAD if resource.id in self.dead else 0.0,
            "language": OWN_LANGUAGE if setting.language in resource.languages else 0.0,
        }


def _country_fit(resource: Resource, country: str | None) -> float:
    if country is not None and country in resource.countries:
        return OWN_COUNTRY
    if "regional" in resource.countries:
        return REGIONAL
    if "global" in resource.countries:
        return GLOBAL
    return UNKNOWN


def _place_fit(resource: Resource, setting: Setting) -> float:
    """Return what a resource of one city gains or loses by the places the question names."""
    if not resource.place:
        return 0.0
    places = {" ".join(spoken(place)) for place in resource.place}
    if any(fold(clue.text) in places for clue in setting.clues if clue.kind == "country"):
        return HERE
    elsewhere = any(clue.within and clue.value in resource.countries for clue in setting.clues)
    return ELSEWHERE if elsewhere or not places & LARGEST else LIKELY_HERE


def _audience_fit(resource: Resource, audience: str | None, *, group: str) -> float:
    made_for = set(resource.audience)
    if "women" in made_for and audience == "women":
        return FOR_WOMEN
    if made_for == {"ebmo"} and group not in ORGANISATION_GROUPS:
        return ONLY_ORGANISATIONS
    if "women" not in made_for or group == "women":
        return 0.0
    if not made_for & OPEN_AUDIENCES:
        return ONLY_WOMEN
    # Those named first are those it is made for above all.
    return MOSTLY_WOMEN if resource.audience[0] == "women" else 0.0
