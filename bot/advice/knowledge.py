"""The knowledge folder in memory: topics, resources, places and what is said around them.

`load` is the one place of this room that reads files. It either gives the whole folder or raises
`KnowledgeError` with every problem as `file:line: message`.
"""

import datetime
import hashlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.advice import yaml_lines
from bot.advice.kept import Kept, written
from bot.advice.text import fold
from bot.errors import BotError, reason

LANGUAGES = ("es", "en", "pt")
COUNTRIES = ("AR", "BO", "CO", "HN", "UY")
AUDIENCES = ("sme", "entrepreneur", "women", "informal", "exporter", "rural", "youth", "ebmo")
KINDS = ("guide", "course", "tool", "service", "programme", "network", "report", "procedure", "organisation")

# 64 bytes hold the longest callback data Telegram takes; an id needs room for what stands around it.
LONGEST_ID = 48
# In the order in which they are read.
PATTERNS = (
    "topics/*.yaml",
    "resources/*.yaml",
    "places.yaml",
    "synonyms.yaml",
    "smalltalk.yaml",
    "out_of_scope.yaml",
    "sensitive.yaml",
    "canned.yaml",
    "vague.yaml",
    "messages/*.yaml",
)
LONGEST_TOPIC_ID = 50


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError("an id is lower-case letters and digits joined by hyphens")
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"]+", value):
        raise ValueError("an address begins with http:// or https:// and has no spaces")
    return value


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("the text is empty")
    return value.strip()


def _one_of(*allowed: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"{value!r} is not one of {', '.join(allowed)}")
        return value

    return check


def _plain_scalar(value: object) -> object:
    """A phrase such as `2026` or `no` is a text, whatever YAML thinks of it."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_plain_scalar), AfterValidator(_said)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Localised = dict[str, Text]
Phrases = dict[str, list[Text]]
Scope = Annotated[str, AfterValidator(_one_of(*COUNTRIES, "regional", "global"))]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)


class Topic(_Entry):
    """A need with the ways to ask for it. `advice` is said above the links, per language."""

    id: Identifier
    group: str
    title: Localised
    advice: Localised = {}
    phrases: Phrases
    related: list[str] = []
    notice: Literal["none", "tax", "legal"] = "none"


class Resource(_Entry):
    """A guide, service, course or network with its link. `publisher` is what its button says.

    `place` names the city or region it is for, as places.yaml does, where that is not the whole country.
    """

    id: Identifier
    kind: Annotated[str, AfterValidator(_one_of(*KINDS))]
    title: Localised
    url: Annotated[str, AfterValidator(_address)]
    organisation: Text
    publisher: Annotated[str, Field(max_length=24)] = ""
    topics: Annotated[list[str], Field(min_length=1)]
    countries: Annotated[list[Scope], Field(min_length=1)]
    place: list[Text] = []
    audience: list[Annotated[str, AfterValidator(_one_of(*AUDIENCES))]] = []
    languages: Annotated[list[str], Field(min_length=1)]
    summary: Localised
    aliases: list[Text] = []
    status: Literal["draft", "published", "archived"] = "published"
    reviewed: datetime.date
    review_by: datetime.date
    valid_until: datetime.date | None = None
    contact: str | None = None
    source: Literal["high", "medium", "secondary", "wanted"]

    def shown_on(self, day: datetime.date) -> bool:
        """Say whether this may be shown on `day`: published, and not past its last day."""
        return self.status == "published" and (self.valid_until is None or day <= self.valid_until)

    @property
    def wide(self) -> bool:
        """Whether this is of use in every country."""
        return "regional" in self.countries or "global" in self.countries

    def serves(self, country: str | None) -> bool:
        """Say whether this is of use in `country`: its own, or regional, or global."""
        return self.wide or country is None or country in self.countries


class Country(_Entry):
    """What gives a country away. `weak` counts only after "en", "de" or "in"; capitals for `weak_caps`."""

    names: list[Text]
    demonyms: list[Text] = []
    places: list[Text] = []
    institutions: list[Text] = []
    words: list[Text] = []
    weak: list[Text] = []
    weak_caps: list[Text] = []


class Wording(_Entry):
    """Phrases of one kind of small talk."""

    phrases: Phrases


class Refusal(_Entry):
    """A group of questions that are not ours, and the honest line to say."""

    line: Localised
    phrases: Phrases


class Vague(_Entry):
    """What names no need: one of `words`, beside it some of `around`; `options` are offered then."""

    options: Annotated[list[str], Field(min_length=2, max_length=4)]
    words: Phrases
    around: Phrases = {}


class Canned(_Entry):
    """A text the staff send as it stands: its title for them, and the text in each language."""

    title: Localised
    text: Localised


class Care(_Entry):
    """A kind of message that needs care: the fixed line, whom to tell, helplines by country.

    `ordinary` are phrases that sound like it and need none, `cries` those that only these are held against.
    """

    notify: str
    line: Localised
    phrases: Phrases
    cries: Phrases = {}
    ordinary: Phrases = {}
    helplines: dict[str, list[str]] = {}


@dataclass(frozen=True)
class Problem:
    """Something wrong in the knowledge folder: `file:line: message`."""

    file: str
    line: int
    message: str
    severity: Literal["error", "warning", "wanted"] = "error"

    def __str__(self) -> str:
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.file}:{self.line}: {mark}{self.message}"


class KnowledgeError(BotError):
    """The folder cannot be loaded. `problems` holds all of them, never only the first."""

    def __init__(self, folder: Path, problems: list[Problem]):
        self.problems = problems
        more = (
            f" (and {len(problems) - 1} more: run `python -m bot check {folder}`)"
            if len(problems) > 1
            else ""
        )
        super().__init__(f"knowledge folder {folder}: {problems[0]}{more}")


@dataclass(frozen=True)
class Knowledge:
    """One consistent state of the folder. `lines` tells where each item stands: (file, line) by its id."""

    folder: Path
    topics: Mapping[str, Topic]
    resources: Mapping[str, Resource] = field(default_factory=dict)
    places: Mapping[str, Country] = field(default_factory=dict)
    elsewhere: Mapping[str, list[str]] = field(default_factory=dict)
    synonyms: Mapping[str, list[list[str]]] = field(default_factory=dict)
    smalltalk: Mapping[str, Wording] = field(default_factory=dict)
    out_of_scope: Mapping[str, Refusal] = field(default_factory=dict)
    sensitive: Mapping[str, Care] = field(default_factory=dict)
    canned: Mapping[str, Canned] = field(default_factory=dict)
    vague: Mapping[str, Vague] = field(default_factory=dict)
    messages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fingerprint: str = ""
    where: Mapping[tuple[str, ...], tuple[str, int]] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages some topic has phrases in, ours first."""
        found = {language for topic in self.topics.values() for language in topic.phrases}
        return (*(tag for tag in LANGUAGES if tag in found), *sorted(found - set(LANGUAGES)))

    def at(self, *path: str) -> tuple[str, int]:
        """Return the file and line of an item: `at("topic", "loans")`."""
        return self.where.get(path, (str(self.folder), 1))


Model = TypeVar("Model", bound=_Entry)


class _Reader:
    """Collects what is read and everything that is wrong with it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.problems: list[Problem] = []
        self.where: dict[tuple[str, ...], tuple[str, int]] = {}
        self.digest = hashlib.sha256()

    def documents(self, pattern: str) -> Iterator[tuple[str, yaml_lines.Document]]:
        for path in sorted(self.folder.glob(pattern)):
            name = path.relative_to(self.folder).as_posix()
            document = self.document(path, name)
            if document is not None:
                yield name, document

    def document(self, path: Path, name: str) -> yaml_lines.Document | None:
        try:
            content = path.read_bytes()
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            self.problem(name, line, "not text in UTF-8; save it as UTF-8")
            return None
        except OSError as error:
            self.problem(name, 1, f"cannot be read: {reason(error)}; check its permissions")
            return None
        _digest(self.digest, name, content)
        document = yaml_lines.parse(text)
        for line, message in document.faults:
            self.problem(name, line, message)
        return None if document.faults else document

    def problem(self, file: str, line: int, message: str) -> None:
        self.problems.append(Problem(file, line, message))

    def entry(
        self, model: type[Model], data: object, place: tuple[str, yaml_lines.Document, yaml_lines.Path]
    ) -> Model | None:
        name, document, path = place
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_context=False, include_input=False):
                location = tuple(part for part in fault["loc"])
                said = fault["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
                if fault["type"] == "extra_forbidden":
                    said = "is not a known key"
                self.problem(name, document.line((*path, *location)), f"{_dotted(location)}: {_lower(said)}")
            return None

    def section(self, name: str, model: type[Model]) -> dict[str, Model]:
        """Read a file that maps ids to entries of one kind."""
        found: dict[str, Model] = {}
        for file, document in self.documents(f"{name}.yaml"):
            if not isinstance(document.data, dict):
                self.problem(file, 1, "expected a map from ids to entries")
                continue
            for key, data in document.data.items():
                entry = self.entry(model, data, (file, document, (key,)))
                if entry is not None:
                    found[key] = entry
                    self.where[name, key] = (file, document.line((key,)))
        return found


def _dotted(location: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in location) or "item"


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def load(folder: Path | str, *, cache: Path | None = None) -> Knowledge:
    """Return the knowledge in `folder`; raise `KnowledgeError` naming every problem.

    Faultless knowledge is kept in `cache` under a digest of its files, so that YAML is read once: that
    takes ten times as long, and holds up other threads meanwhile.
    """
    folder = Path(folder)
    _require_folder(folder)
    found = fingerprint(folder) if cache is not None else None
    if found is None:
        return _parsed(folder)
    made_from = [written(sys.modules[__name__], yaml_lines), found]
    try:
        return _from_data(folder, Kept(cache).data("knowledge", made_from, lambda: _as_data(_parsed(folder))))
    except ValidationError:  # a file of another state of the house
        return _parsed(folder)


def fingerprint(folder: Path) -> str | None:
    """Return the digest of all files of `folder`; None where one cannot be read."""
    digest = hashlib.sha256()
    try:
        for path in _files(folder):
            _digest(digest, path.relative_to(folder).as_posix(), path.read_bytes())
    except OSError:
        return None
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for pattern in PATTERNS:
        yield from sorted(folder.glob(pattern))


def _digest(digest: Any, name: str, content: bytes) -> None:
    digest.update(name.encode() + b"\0" + content + b"\0")


SECTIONS: dict[str, type[_Entry]] = {
    "topics": Topic,
    "resources": Resource,
    "places": Country,
    "smalltalk": Wording,
    "out_of_scope": Refusal,
    "sensitive": Care,
    "canned": Canned,
    "vague": Vague,
}
PLAIN = ("elsewhere", "synonyms", "messages", "fingerprint")


def _as_data(knowledge: Knowledge) -> dict[str, Any]:
    """Return the knowledge as plain data, for `_from_data`."""
    data: dict[str, Any] = {name: getattr(knowledge, name) for name in PLAIN}
    for name in SECTIONS:
        data[name] = {key: entry.model_dump(mode="json") for key, entry in getattr(knowledge, name).items()}
    return data | {"where": [[*path, *place] for path, place in knowledge.where.items()]}


def _from_data(folder: Path, data: Mapping[str, Any]) -> Knowledge:
    entries: dict[str, Any] = {
        name: {key: model.model_validate(entry) for key, entry in data[name].items()}
        for name, model in SECTIONS.items()
    }
    where = {tuple(path): (file, line) for *path, file, line in data["where"]}
    plain: dict[str, Any] = {name: data[name] for name in PLAIN}
    return Knowledge(folder=folder, **plain, **entries, where=where)


def _parsed(folder: Path) -> Knowledge:
    reader = _Reader(folder)
    topics = _topics(reader)
    resources = _resources(reader)
    places, elsewhere = _places(reader)
    knowledge = Knowledge(
        folder=folder,
        topics=topics,
        resources=resources,
        places=places,
        elsewhere=elsewhere,
        synonyms=_synonyms(reader),
        smalltalk=reader.section("smalltalk", Wording),
        out_of_scope=reader.section("out_of_scope", Refusal),
        sensitive=reader.section("sensitive", Care),
        canned=reader.section("canned", Canned),
        vague=reader.section("vague", Vague),
        messages=_messages(reader),
        fingerprint=reader.digest.hexdigest(),
        where=reader.where,
    )
    if not topics and not reader.problems:
        reader.problem("topics", 1, "no topic here; a knowledge folder needs topics/<id>.yaml")
    problems = [*reader.problems, *_broken_references(knowledge)]
    if problems:
        raise KnowledgeError(folder, sorted(problems, key=lambda problem: (problem.file, problem.line)))
    return knowledge


def _require_folder(folder: Path) -> None:
    try:
        is_folder = folder.is_dir()
        if is_folder:
            next(iter(folder.iterdir()), None)
    except OSError as error:
        raise BotError(
            f"knowledge folder {folder} cannot be read: {reason(error)}; check its permissions"
        ) from None
    if not is_folder:
        raise BotError(f"knowledge folder {folder} is not there; name it with --knowledge or knowledge.path")


def _topics(reader: _Reader) -> dict[str, Topic]:
    topics: dict[str, Topic] = {}
    for file, document in reader.documents("topics/*.yaml"):
        topic = reader.entry(Topic, document.data, (file, document, ()))
        if topic is None:
            continue
        line = document.line(("id",))
        if topic.id in topics:
            reader.problem(file, line, f"topic {topic.id} is already in {reader.where['topic', topic.id][0]}")
        elif len(topic.id) > LONGEST_TOPIC_ID:
            reader.problem(file, line, f"topic id {topic.id} is longer than {LONGEST_TOPIC_ID} letters")
        elif len(topic.group) > LONGEST_TOPIC_ID:
            reader.problem(file, line, f"group {topic.group} is longer than {LONGEST_TOPIC_ID} letters")
        elif Path(file).stem != topic.id:
            reader.problem(file, line, f"topic {topic.id} belongs in topics/{topic.id}.yaml")
        else:
            topics[topic.id] = topic
            reader.where["topic", topic.id] = (file, line)
            for language, phrases in topic.phrases.items():
                for n, phrase in enumerate(phrases):
                    reader.where.setdefault(
                        ("phrase", phrase), (file, document.line(("phrases", language, n)))
                    )
    return topics


def _resources(reader: _Reader) -> dict[str, Resource]:
    resources: dict[str, Resource] = {}
    for file, document in reader.documents("resources/*.yaml"):
        if not isinstance(document.data, list):
            reader.problem(file, 1, "expected a list of resources, each beginning with `- id:`")
            continue
        for n, data in enumerate(document.data):
            resource = reader.entry(Resource, data, (file, document, (n,)))
            if resource is None:
                continue
            line = document.line((n, "id"))
            if resource.id in resources:
                there = ":".join(map(str, reader.where["resource", resource.id]))
                reader.problem(file, line, f"resource {resource.id} is already at {there}")
            elif len(resource.id) > LONGEST_ID:
                reader.problem(file, line, f"resource id {resource.id} is longer than {LONGEST_ID} letters")
            else:
                resources[resource.id] = resource
                reader.where["resource", resource.id] = (file, line)
    return resources


def _places(reader: _Reader) -> tuple[dict[str, Country], dict[str, list[str]]]:
    places: dict[str, Country] = {}
    elsewhere: dict[str, list[str]] = {}
    for file, document in reader.documents("places.yaml"):
        if not isinstance(document.data, dict):
            reader.problem(file, 1, "expected a map from country codes to names")
            continue
        for code, data in document.data.items():
            if code == "elsewhere":
                elsewhere = _elsewhere(reader, data, (file, document.line((code,))))
            elif code not in COUNTRIES:
                reader.problem(file, document.line((code,)), f"{code} is not one of {', '.join(COUNTRIES)}")
            elif (country := reader.entry(Country, data, (file, document, (code,)))) is not None:
                places[code] = country
    return places, elsewhere


def _elsewhere(reader: _Reader, data: object, place: tuple[str, int]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, names in (data if isinstance(data, dict) else {}).items():
        if isinstance(names, list):
            found[code] = [str(name) for name in names]
    if data is not None and (not isinstance(data, dict) or len(found) < len(data)):
        reader.problem(*place, "elsewhere: expected a map from codes to lists of names")
    return found


def _synonyms(reader: _Reader) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for file, document in reader.documents("synonyms.yaml"):
        if not isinstance(document.data, dict):
            reader.problem(file, 1, "expected a map from languages to groups of words")
            continue
        for language, groups in document.data.items():
            if not isinstance(groups, list):
                reader.problem(
                    file, document.line((language,)), f"{language}: expected a list of groups of words"
                )
                continue
            for n, group in enumerate(groups):
                if not isinstance(group, list) or len(group) < 2:
                    reader.problem(
                        file, document.line((language, n)), "a group is a list of two words or more"
                    )
                else:
                    found.setdefault(language, []).append([str(word) for word in group])
    return found


def _messages(reader: _Reader) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for file, document in reader.documents("messages/*.yaml"):
        if not isinstance(document.data, dict):
            reader.problem(file, 1, "expected a map from keys to texts")
            continue
        found[Path(file).stem] = dict(_flat(document.data))
        for path, line in document.lines.items():
            reader.where["message", Path(file).stem, ".".join(map(str, path))] = (file, line)
    return found


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            yield from _flat({str(n): item for n, item in enumerate(value)}, f"{prefix}{key}.")
        elif value is not None:
            yield f"{prefix}{key}", str(value).strip()


def _named(country: Country | None) -> set[str]:
    return {fold(name) for name in (*country.places, *country.weak)} if country else set()


def _broken_references(knowledge: Knowledge) -> Iterator[Problem]:
    for topic in knowledge.topics.values():
        for other in topic.related:
            if other not in knowledge.topics:
                yield Problem(
                    *knowledge.at("topic", topic.id),
                    f"topic {topic.id} is related to {other}, which is no topic",
                )
    for resource in knowledge.resources.values():
        for topic_id in resource.topics:
            if topic_id not in knowledge.topics:
                yield Problem(
                    *knowledge.at("resource", resource.id),
                    f"resource {resource.id} names topic {topic_id}, which is no topic",
                )
        for place in resource.place:
            if not any(fold(place) in _named(knowledge.places.get(code)) for code in resource.countries):
                yield Problem(
                    *knowledge.at("resource", resource.id),
                    f"resource {resource.id} names place {place}, which places.yaml has not in its country",
                )
    for name, vague in knowledge.vague.items():
        for topic_id in vague.options:
            if topic_id not in knowledge.topics:
                yield Problem(*knowledge.at("vague", name), f"option {topic_id} is no topic")
    for kind, care in knowledge.sensitive.items():
        for lines in care.helplines.values():
            for resource_id in lines:
                if resource_id not in knowledge.resources:
                    yield Problem(*knowledge.at("sensitive", kind), f"helpline {resource_id} is no resource")
