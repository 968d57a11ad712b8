"""Packs: topics and resources of one organisation in one file, for another to look at and take over.

A pack says whose it is, from which day, under which licence, and carries a fingerprint of its content. What
is taken over becomes drafts: nothing of another organisation's is said before an editor here has read it.
"""

import datetime
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from bot.advice.knowledge import LANGUAGES, Knowledge, Resource, Topic
from bot.errors import BotError
from bot.insight import editing
from bot.insight.asked import said
from bot.insight.importing import Alike

FORMAT = 1
LICENCE = "CC BY 4.0"
COMMENT = """Topics and resources to be shared between organisations: `python -m bot pack import FILE`.
Format: docs/learning.md."""


@dataclass(frozen=True)
class Pack:
    """What one organisation shares. `fingerprint` is that of the content, in whatever order it is written."""

    organisation: str
    day: datetime.date
    topics: tuple[Topic, ...]
    resources: tuple[Resource, ...]
    licence: str = LICENCE

    @property
    def fingerprint(self) -> str:
        """What changes when a topic or a resource does."""
        items = sorted(
            json.dumps(item.model_dump(mode="json"), sort_keys=True)
            for item in (*self.topics, *self.resources)
        )
        return hashlib.sha256("\n".join(items).encode()).hexdigest()[:32]

    @property
    def source(self) -> str:
        """How a draft says where it came from."""
        return f"{self.organisation}, {self.day}, {self.licence}, {self.fingerprint[:12]}"

    def as_text(self) -> str:
        """Return the pack as its file holds it."""
        head = {
            "pack": FORMAT,
            "organisation": self.organisation,
            "date": self.day,
            "licence": self.licence,
            "fingerprint": self.fingerprint,
        }
        topics = [_slim(item.model_dump()) for item in self.topics]
        resources = [_slim(item.model_dump()) for item in self.resources]
        return editing.document({**head, "topics": topics, "resources": resources}, comment=COMMENT)


def export(
    knowledge: Knowledge, *, organisation: str, day: datetime.date, topics: Collection[str] | None = None
) -> Pack:
    """Return a pack of some topics or all, with the published resources that serve them.

    `contact` is a note between editors and stays here. What a shared item names of topics that are not
    shared is left out of it.
    """
    unknown = sorted(set(topics or ()) - set(knowledge.topics))
    if unknown:
        raise BotError(f"there is no topic {', '.join(unknown)}")
    chosen = [topic for topic in knowledge.topics.values() if topics is None or topic.id in topics]
    shared = {topic.id for topic in chosen}
    resources = [
        item.model_copy(update={"contact": None, "topics": [name for name in item.topics if name in shared]})
        for item in knowledge.resources.values()
        if item.shown_on(day) and shared.intersection(item.topics)
    ]
    chosen = [
        topic.model_copy(update={"related": [name for name in topic.related if name in shared]})
        for topic in chosen
    ]
    return Pack(organisation, day, tuple(chosen), tuple(resources))


def read(text: str) -> Pack:
    """Return the pack in `text`; raise `BotError` for what is none, or is not as it was exported."""
    data = editing.read(text)
    if not isinstance(data, dict) or data.get("pack") != FORMAT:
        raise BotError(f"this is no pack of format {FORMAT}; `python -m bot pack export` writes one")
    try:
        pack = Pack(
            organisation=str(data["organisation"]),
            day=datetime.date.fromisoformat(str(data["date"])),
            topics=tuple(Topic.model_validate(item) for item in data.get("topics") or ()),
            resources=tuple(Resource.model_validate(item) for item in data.get("resources") or ()),
            licence=str(data.get("licence", LICENCE)),
        )
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        raise BotError(
            f"the pack holds an item that is not as knowledge is: {place}: {fault['msg']}"
        ) from None
    except (KeyError, ValueError, TypeError):
        raise BotError("the pack does not say whose it is and of which day") from None
    if data.get("fingerprint") != pack.fingerprint:
        raise BotError(
            f"the pack of {pack.organisation} is not as it was exported: another fingerprint; ask again"
        )
    return pack


@dataclass(frozen=True)
class Edit:
    """An item that is here, too, and what of it is another there, by key: (here, there)."""

    item: Resource | Topic
    changes: Mapping[str, tuple[Any, Any]]


@dataclass
class Difference:
    """What a pack holds beside the own knowledge. `wordings` are phrases by topic and language."""

    topics: list[Topic] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    wordings: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    edited: list[Edit] = field(default_factory=list)
    duplicates: list[tuple[Resource, str]] = field(default_factory=list)
    same: int = 0


def difference(pack: Pack, knowledge: Knowledge, *, tested: Collection[str] = ()) -> Difference:
    """Return what of the pack is new here, what is another, and what is known under another id."""
    found = Difference()
    owned = _phrases(knowledge)
    for topic in pack.topics:
        own = knowledge.topics.get(topic.id)
        if own is None:
            found.topics.append(topic)
            continue
        news = _news(topic, owned, tested)
        changes = _changes(own, topic, ("title", "advice", "notice"))
        if news:
            found.wordings[topic.id] = news
        if changes:
            found.edited.append(Edit(topic, changes))
        found.same += not news and not changes
    alike = Alike(item.model_dump() for item in knowledge.resources.values())
    for item in pack.resources:
        _place(item, knowledge, alike, found)
    return found


def _place(item: Resource, knowledge: Knowledge, alike: Alike, found: Difference) -> None:
    own = knowledge.resources.get(item.id)
    if own is None:
        twin = alike.of(item.model_dump())
        if twin is None:
            found.resources.append(item)
        else:
            found.duplicates.append((item, twin))
        return
    kept = [name for name in Resource.model_fields if name not in ("contact", "topics")]
    changes = _changes(own, item, kept)
    if changes:
        found.edited.append(Edit(item, changes))
    else:
        found.same += 1


def _changes(
    own: Topic | Resource, other: Topic | Resource, names: Iterable[str]
) -> dict[str, tuple[Any, Any]]:
    pairs = {name: (getattr(own, name), getattr(other, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _phrases(knowledge: Knowledge) -> set[tuple[str, str]]:
    sections: Sequence[Mapping[str, Any]] = (
        knowledge.topics, knowledge.out_of_scope, knowledge.smalltalk, knowledge.sensitive,
    )  # fmt: skip
    return {
        (tag, said(text))
        for section in sections
        for entry in section.values()
        for tag, texts in entry.phrases.items()
        for text in texts
    }


def _news(topic: Topic, owned: set[tuple[str, str]], tested: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag, texts in topic.phrases.items():
        if tag not in LANGUAGES:
            continue
        for text in texts:
            key = said(text)
            if key and (tag, key) not in owned and key not in tested:
                owned.add((tag, key))
                found.setdefault(tag, []).append(text)
    return found


def merged(own: Resource, other: Resource) -> dict[str, Any]:
    """Return the other's version of a resource as it would stand here: topics and contact stay our own."""
    return other.model_dump() | {"topics": own.topics, "contact": own.contact}


def _slim(item: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty: it is filled in when the pack is read."""
    return {name: value for name, value in item.items() if value not in (None, [], {}, "")}
