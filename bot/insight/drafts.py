"""Drafts of knowledge: a wording for a topic, a resource, or a topic, with where it came from.

A draft holds no personal data that can be found by its form: phones, e-mail addresses and numbers are
taken out. A name cannot be recognised, so whoever publishes reads the draft first.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Final, Literal

from bot.advice.knowledge import LANGUAGES, Knowledge, Resource
from bot.advice.text import clean, fold
from bot.errors import BotError
from bot.insight import editing
from bot.insight.asked import said, unmasked
from bot.insight.gaps import Group

WORDING: Final = "wording"
RESOURCE: Final = "resource"
TOPIC: Final = "topic"
OPEN, PUBLISHED, REJECTED = "open", "published", "rejected"
Kind = Literal["wording", "resource", "topic"]

COMMENT = "A draft: it becomes knowledge when an editor publishes it. Format: docs/knowledge.md."
TARGET = re.compile(r"(topics|resources)/[a-z0-9]+(-[a-z0-9]+)*\.yaml")
ADDRESS = re.compile(r"https?://[^\s<>\"()]+[^\s<>\"().,;:!?]")
LONGEST_PHRASE = 200
LONGEST_SUMMARY = 160
REVIEW_AFTER = datetime.timedelta(days=182)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a draft came from: any of a case, a gap, a request, a file or another organisation's pack."""

    case: str | None = None
    gap: str | None = None
    request: str | None = None
    source: str | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One proposed change of one knowledge file.

    `target` is the file it changes or makes, below the knowledge folder. `content` is {"phrases": {language:
    [...]}} for a wording, otherwise the whole item as the file would hold it. `replaces` is the
    fingerprint of the item that is to be changed, None where it is new.
    """

    id: str
    kind: Kind
    target: str
    content: Mapping[str, Any]
    by: str
    at: datetime.datetime
    origin: Origin = field(default_factory=Origin)
    replaces: str | None = None
    state: str = OPEN
    decided_by: str | None = None
    decided_at: datetime.datetime | None = None
    note: str | None = None

    def decided(self, state: str, *, by: str, at: datetime.datetime, note: str | None = None) -> "Draft":
        """Return the draft as published or rejected."""
        return replace(self, state=state, decided_by=by, decided_at=at, note=note or self.note)

    @property
    def topic(self) -> str | None:
        """The topic a wording is for or a new topic's id, None for a resource."""
        return None if self.kind == RESOURCE else PurePosixPath(self.target).stem

    @property
    def wordings(self) -> list[tuple[str, str]]:
        """The phrases it holds, each with its language."""
        phrases = self.content.get("phrases") or {}
        return [(str(tag), str(text)) for tag, texts in phrases.items() for text in texts or ()]

    def as_text(self) -> str:
        """Return the draft as its file holds it."""
        data: dict[str, Any] = {"id": self.id, "kind": self.kind, "target": self.target, "state": self.state}
        data["from"] = {name: value for name, value in vars(self.origin).items() if value is not None}
        data |= {"by": self.by, "at": self.at.isoformat(timespec="seconds"), "replaces": self.replaces}
        if self.decided_at is not None:
            data |= {
                "decided_by": self.decided_by,
                "decided_at": self.decided_at.isoformat(timespec="seconds"),
            }
        if self.note:
            data["note"] = self.note
        return editing.document(data | {"content": dict(self.content)}, comment=COMMENT)

    @classmethod
    def of(cls, text: str, name: str) -> "Draft":
        """Return the draft in `text`; `name` names its file in the error's one line."""
        data = editing.read(text)
        try:
            return cls._of(data)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise BotError(
                f"draft {name} is not one (docs/knowledge.md has the format); mend or remove it"
            ) from None

    @classmethod
    def _of(cls, data: Any) -> "Draft":
        if data["kind"] not in (WORDING, RESOURCE, TOPIC) or not isinstance(data["content"], dict):
            raise ValueError(data["kind"])
        decided = data.get("decided_at")
        return cls(
            id=str(data["id"]),
            kind=data["kind"],
            target=safe_target(str(data["target"])),
            content=data["content"],
            by=str(data["by"]),
            at=_moment(data["at"]),
            origin=Origin(**(data.get("from") or {})),
            replaces=data.get("replaces"),
            state=str(data.get("state", OPEN)),
            decided_by=data.get("decided_by"),
            decided_at=None if decided is None else _moment(decided),
            note=data.get("note"),
        )


def _moment(value: Any) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
    return datetime.datetime.fromisoformat(str(value))


def safe_target(target: str) -> str:
    """Return `target` if it names a topic's or a resources' file; raise `ValueError` for any other place."""
    if not TARGET.fullmatch(target):
        raise ValueError(target)
    return target


def identity(kind: str, target: str, content: Mapping[str, Any]) -> str:
    """Return the id of a draft: the same for the same change, so that it is not drafted twice."""
    said_so = json.dumps([kind, target, content], ensure_ascii=False, sort_keys=True, default=str)
    return "d" + hashlib.blake2b(said_so.encode(), digest_size=6).hexdigest()


def fingerprint(item: Mapping[str, Any]) -> str:
    """Return what changes when an item of the knowledge does."""
    plain = json.dumps(item, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.blake2b(plain.encode(), digest_size=16).hexdigest()


# -- a wording -----------------------------------------------------------------------------------


def phrase_of(question: str) -> str:
    """Return a question as a phrase: on one line, without what identifies a person by its form."""
    return unmasked(clean(question)).strip(" ,;:-")


def wording(
    knowledge: Knowledge, topic: str, language: str, question: str, *, tested: Collection[str] = ()
) -> str:
    """Return the phrase to add to a topic; raise `BotError` where it must not become one.

    `tested` are the test questions, by their words: a question learnt by heart measures nothing.
    """
    if topic not in knowledge.topics:
        raise BotError(f"there is no topic {topic}; `python -m bot check` names the file of each")
    if language not in LANGUAGES:
        raise BotError(f"language {language} is not one of {', '.join(LANGUAGES)}")
    phrase = phrase_of(question)
    if not said(phrase):
        raise BotError("nothing is left of the wording once personal data is taken out")
    if len(phrase) > LONGEST_PHRASE:
        raise BotError(
            f"the wording has {len(phrase)} characters; write the need in {LONGEST_PHRASE} at most"
        )
    if said(phrase) in tested:
        raise BotError(
            "the wording is one of the test questions (tests/questions), which never become phrases"
        )
    owner = _owner(knowledge, language, phrase)
    if owner:
        raise BotError(f"the wording is already a phrase of {owner}")
    return phrase


def _owner(knowledge: Knowledge, language: str, phrase: str) -> str | None:
    key = said(phrase)
    sections: tuple[Mapping[str, Any], ...] = (
        knowledge.topics, knowledge.out_of_scope, knowledge.smalltalk, knowledge.sensitive,
    )  # fmt: skip
    for section in sections:
        for name, entry in section.items():
            if any(said(text) == key for text in entry.phrases.get(language, ())):
                return str(name)
    return None


# -- a resource ----------------------------------------------------------------------------------


def resource_from_reply(
    reply: str,
    *,
    language: str,
    day: datetime.date,
    topics: Sequence[str] = (),
    country: str | None = None,
    title: str = "",
) -> dict[str, Any]:
    """Return a resource drafted from what a person of the staff answered; what is not known is left out.

    The address is the first in the reply, its words without addresses the summary. It cannot be
    published before an editor has filled in the rest.
    """
    found = ADDRESS.search(reply)
    words = phrase_of(ADDRESS.sub(" ", reply))
    item: dict[str, Any] = {
        "id": slug(f"{country or 'regional'} {title or words}"),
        "kind": "guide",
        "title": {language: title or _shortened(words, 60)},
        "topics": list(topics),
        "countries": [country or "regional"],
        "audience": ["sme", "entrepreneur"],
        "languages": [language],
        "summary": {language: _shortened(words, LONGEST_SUMMARY)},
        "aliases": [],
        "status": "published",
        "reviewed": day,
        "review_by": day + REVIEW_AFTER,
        "valid_until": None,
        "contact": None,
        "source": "medium",
    }
    return item | ({"url": found.group()} if found else {})


def resource_file(item: Mapping[str, Any]) -> str:
    """Return the file a resource belongs in: its country's, or regional or global."""
    countries = [str(code).casefold() for code in item.get("countries") or ["regional"]]
    return f"resources/{countries[0] if len(countries) == 1 else 'regional'}.yaml"


def resource_data(resource: Resource) -> dict[str, Any]:
    """Return a resource as a file holds it."""
    return resource.model_dump(mode="python")


def slug(text: str) -> str:
    """Return an id made of the first words of `text`."""
    joined = re.sub(r"[^a-z0-9]+", "-", fold(phrase_of(text))).strip("-")
    return joined[:40].strip("-") or "new"


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "…"


# -- a topic -------------------------------------------------------------------------------------


def topic_from_group(group: Group, knowledge: Knowledge, *, tested: Collection[str] = ()) -> dict[str, Any]:
    """Return a topic drafted from a group of alike questions: its wordings are its first phrases."""
    language = group.language if group.language in LANGUAGES else LANGUAGES[0]
    phrases = []
    for text in group.wordings:
        phrase = phrase_of(text)
        if said(phrase) and said(phrase) not in tested and not _owner(knowledge, str(language), phrase):
            phrases.append(phrase)
    near = knowledge.topics.get(group.topic or "")
    title = _shortened(phrase_of(group.name), 60)
    return {
        "id": slug(title),
        "group": near.group if near else next(iter(knowledge.topics.values())).group,
        "title": {language: title[:1].upper() + title[1:]},
        "phrases": {language: list(dict.fromkeys(phrases))},
        "related": [near.id] if near else [],
        "notice": near.notice if near else "none",
    }
