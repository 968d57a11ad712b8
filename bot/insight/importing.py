"""Resources from a table (CSV), as drafts: each row read, checked, and compared with what is known.

Columns are the keys of a resource; texts take their language behind an underscore (`title_es`). Lists are
separated by semicolons or vertical bars.
"""

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import ValidationError
from rapidfuzz import fuzz

from bot.advice.knowledge import LANGUAGES, Knowledge, Resource
from bot.advice.text import fold
from bot.errors import BotError
from bot.insight.drafts import REVIEW_AFTER, slug

LISTS = ("topics", "countries", "audience", "languages", "aliases")
TEXTS = ("title", "summary")
PLAIN = ("id", "kind", "url", "organisation", "publisher", "status", "contact", "source")
DATES = ("reviewed", "review_by", "valid_until")
COLUMNS = (*PLAIN, *LISTS, *DATES, *(f"{name}_{tag}" for name in TEXTS for tag in LANGUAGES))
NEEDED = ("url", "organisation", "topics")
# From this on, title and organisation are taken for the same. Of 285 resources of this project, the nearest
# two that are not (one page each for two countries) score 87.
NEAR = 90.0
MOST_ROWS = 5_000
TRACKING = ("utm_", "fbclid", "gclid")


@dataclass(frozen=True)
class Row:
    """One row as a resource, with the line it begins on."""

    line: int
    item: dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row, or whose duplicate it is."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass
class Imported:
    """What a table holds: rows to be drafted, rows that cannot be, and rows that are known already."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    duplicates: list[Fault] = field(default_factory=list)


def decoded(content: bytes) -> str:
    """Return the text of a CSV file: UTF-8, or what spreadsheets on Windows write."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read(
    text: str, knowledge: Knowledge, *, day: datetime.date, known: Iterable[Mapping[str, Any]] = ()
) -> Imported:
    """Return what the table in `text` holds; `known` are items drafted already, beside the knowledge."""
    found, alike = Imported(), Alike(resource.model_dump() for resource in knowledge.resources.values())
    for item in known:
        alike.add(item)
    for line, cells in _rows(text):
        faults, item = _item(cells, day)
        faults += [
            f"topics: {topic} is no topic"
            for topic in item.get("topics", ())
            if topic not in knowledge.topics
        ]
        if faults:
            found.faults.append(Fault(line, "; ".join(faults)))
        elif (twin := alike.of(item)) is not None:
            found.duplicates.append(Fault(line, twin))
        else:
            alike.add(item)
            found.rows.append(Row(line, item))
    return found


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    heading = text.partition("\n")[0]
    separator = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        columns = [name.strip().casefold() for name in next(reader, [])]
        _check_columns(columns)
        line = reader.line_num + 1
        for count, row in enumerate(reader):
            if count >= MOST_ROWS:
                raise BotError(f"more than {MOST_ROWS} rows; split the file")
            if any(cell.strip() for cell in row):
                yield line, {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
            line = reader.line_num + 1
    except csv.Error as error:
        raise BotError(f"line {reader.line_num}: not readable as CSV: {error}") from None


def _check_columns(columns: Sequence[str]) -> None:
    for name in columns:
        if name not in COLUMNS:
            raise BotError(f"line 1: column {name!r} is not one of {', '.join(COLUMNS)}")
    missing = [name for name in NEEDED if name not in columns]
    if not any(f"title_{tag}" in columns for tag in LANGUAGES):
        missing.append("title_es (or another language)")
    if missing:
        raise BotError(f"line 1: no column {', '.join(missing)}")
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise BotError(f"line 1: column {', '.join(twice)} is there twice")


def _item(cells: Mapping[str, str], day: datetime.date) -> tuple[list[str], dict[str, Any]]:
    """Return what is wrong with a row, and the resource it describes."""
    item: dict[str, Any] = {"kind": "guide", "countries": ["regional"], "audience": ["sme", "entrepreneur"]}
    item |= {name: value for name in PLAIN if (value := cells.get(name))}
    for name in LISTS:
        parts = [part.strip() for part in cells.get(name, "").replace("|", ";").split(";")]
        if any(parts):
            item[name] = [part for part in parts if part]
    for name in TEXTS:
        texts = {tag: value for tag in LANGUAGES if (value := cells.get(f"{name}_{tag}"))}
        item[name] = texts
    item.setdefault("languages", list(item["title"]) or ["es"])
    item["countries"] = [code if len(code) > 2 else code.upper() for code in item["countries"]]
    faults = _dates(item, cells, day)
    item.setdefault("status", "published")
    item.setdefault("source", "medium")
    item.setdefault("id", slug(f"{item['countries'][0]} {next(iter(item['title'].values()), '')}"))
    faults += [f"{name}: none given" for name in TEXTS if not item[name]]
    try:
        Resource.model_validate(item)
    except ValidationError as error:
        faults += [f"{'.'.join(map(str, fault['loc']))}: {_plain(fault['msg'])}" for fault in error.errors()]
    return faults, item


def _dates(item: dict[str, Any], cells: Mapping[str, str], day: datetime.date) -> list[str]:
    faults = []
    item |= {"reviewed": day, "review_by": day + REVIEW_AFTER, "valid_until": None}
    for name in DATES:
        if value := cells.get(name):
            try:
                item[name] = datetime.date.fromisoformat(value)
            except ValueError:
                faults.append(f"{name}: {value} is not a day; write it as 2026-11-23")
    return faults


def _plain(message: str) -> str:
    said = message.removeprefix("Value error, ")
    return said[:1].lower() + said[1:]


# -- what is known already -------------------------------------------------------------------------


def address(url: str) -> str:
    """Return an address as it is compared: without what does not change the page it leads to."""
    parts = urlsplit(url.strip())
    host = parts.netloc.casefold().removeprefix("www.").removesuffix(":443").removesuffix(":80")
    query = sorted(
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not pair[0].startswith(TRACKING)
    )
    return f"{host}{parts.path.rstrip('/')}" + (f"?{urlencode(query)}" if query else "")


class Alike:
    """Finds the resource that another one is a duplicate of."""

    def __init__(self, items: Iterable[Mapping[str, Any]]):
        self._ids: set[str] = set()
        self._addresses: dict[str, str] = {}
        self._names: list[tuple[str, str]] = []
        for item in items:
            self.add(item)

    def add(self, item: Mapping[str, Any]) -> None:
        """Have others compared with this one, too."""
        name = str(item.get("id"))
        self._ids.add(name)
        if item.get("url"):
            self._addresses.setdefault(address(str(item["url"])), name)
        self._names += [(_name(title, item), name) for title in (item.get("title") or {}).values()]

    def of(self, item: Mapping[str, Any]) -> str | None:
        """Return whose duplicate `item` is and why, None where it is new."""
        there = self._addresses.get(address(str(item.get("url") or "")))
        if there is not None:
            return f"the address is that of {there}"
        if item.get("id") in self._ids:
            return f"id {item['id']} is there already"
        for title in (item.get("title") or {}).values():
            said = _name(title, item)
            for name, other in self._names:
                if fuzz.token_sort_ratio(said, name, score_cutoff=NEAR):
                    return f"title and organisation are nearly those of {other}"
        return None


def _name(title: str, item: Mapping[str, Any]) -> str:
    return fold(f"{title} {item.get('organisation') or ''}")
