"""Parity: which text is there in which language, which is missing, and which is older than its source.

When a text was changed is what git says of its lines, where the folder is in git; otherwise a small file
keeps the day on which each text was first seen as it is.
"""

import datetime
import hashlib
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.advice import yaml_lines
from bot.advice.knowledge import LANGUAGES, Knowledge, Resource, Topic
from bot.errors import BotError, read_text, written

THERE, MISSING, OLDER = "there", "missing", "older"
State = Literal["there", "missing", "older"]
TOPIC_TEXTS = ("title", "advice")
PATIENCE = 20
"""Seconds that git is waited for, a file."""


@dataclass(frozen=True)
class Line:
    """One topic or resource: the state of its texts by language, and which texts are not there or older."""

    kind: Literal["topic", "resource"]
    id: str
    states: Mapping[str, State]
    lacking: Mapping[str, Sequence[str]]

    def as_data(self) -> dict[str, Any]:
        """Return the line as JSON has it."""
        return {"kind": self.kind, "id": self.id, "states": dict(self.states), "lacking": dict(self.lacking)}


Changed = Callable[[str, tuple[str, ...], str], datetime.datetime | None]
"""From a file, the path of keys to a text in an item, and the item's id: when the text was last changed."""


def table(knowledge: Knowledge, changed: Changed) -> list[Line]:
    """Return a line for each topic and each published resource, in the order of the folder."""
    lines = [_topic(topic, knowledge, changed) for topic in knowledge.topics.values()]
    published = (item for item in knowledge.resources.values() if item.status == "published")
    return [*lines, *(_resource(item, knowledge, changed) for item in published)]


def _topic(topic: Topic, knowledge: Knowledge, changed: Changed) -> Line:
    file = knowledge.at("topic", topic.id)[0]
    texts = {name: getattr(topic, name) for name in TOPIC_TEXTS}
    lacking = _lacking(texts, lambda name, tag: changed(file, (name, tag), topic.id))
    for tag in LANGUAGES:
        if not topic.phrases.get(tag):
            lacking.setdefault(tag, []).append(f"{MISSING} phrases")
    return _line("topic", topic.id, lacking)


def _resource(item: Resource, knowledge: Knowledge, changed: Changed) -> Line:
    # The title is the publisher's own, in the language of the page.
    file = knowledge.at("resource", item.id)[0]
    lacking = _lacking({"summary": item.summary}, lambda name, tag: changed(file, (name, tag), item.id))
    return _line("resource", item.id, lacking)


def _line(kind: Literal["topic", "resource"], id: str, lacking: Mapping[str, list[str]]) -> Line:
    states: dict[str, State] = {}
    for tag in LANGUAGES:
        said = lacking.get(tag, [])
        gone = any(text.startswith(MISSING) for text in said)
        states[tag] = MISSING if gone else OLDER if said else THERE  # type: ignore[assignment]
    return Line(kind, id, states, lacking)


def _lacking(
    texts: Mapping[str, Mapping[str, str]], when: Callable[[str, str], datetime.datetime | None]
) -> dict[str, list[str]]:
    """Return what each language lacks: "missing title", "older advice"."""
    found: dict[str, list[str]] = {}
    for name, by_language in texts.items():
        source = next((tag for tag in LANGUAGES if tag in by_language), None)
        for tag in LANGUAGES:
            if tag not in by_language:
                found.setdefault(tag, []).append(f"{MISSING} {name}")
            elif source is not None and tag != source and _older(when(name, tag), when(name, source)):
                found.setdefault(tag, []).append(f"{OLDER} {name}")
    return found


def _older(text: datetime.datetime | None, source: datetime.datetime | None) -> bool:
    return text is not None and source is not None and text < source


# -- when a text was changed -----------------------------------------------------------------------


def changes(knowledge: Knowledge, *, state: Path, now: datetime.datetime) -> Changed:
    """Return what knows when each text was changed: git, or the file `state`, which is brought up to date."""
    if _in_git(knowledge.folder):
        return _Blamed(knowledge.folder, now).changed
    return _seen(knowledge, state, now)


def _in_git(folder: Path) -> bool:
    """Say whether git keeps the history of the folder's topics."""
    return bool(_git(folder, "ls-files", "--", "topics"))


def _git(folder: Path, *arguments: str) -> str:
    try:
        ran = subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *arguments],  # noqa: S607
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.decode("utf-8", "replace") if ran.returncode == 0 else ""


class _Blamed:
    """Asks git, once a file, when each of its lines was last changed."""

    def __init__(self, folder: Path, now: datetime.datetime):
        self._folder = folder
        self._now = now
        self._files: dict[str, tuple[yaml_lines.Document, list[datetime.datetime]]] = {}

    def changed(self, file: str, path: tuple[str, ...], id: str) -> datetime.datetime | None:
        if file not in self._files:
            document = yaml_lines.parse(read_text(self._folder / file, "knowledge file"))
            self._files[file] = (document, self._times(file))
        document, times = self._files[file]
        whole: yaml_lines.Path = (*_place_of(document.data, id), *path)
        first, last = _lines(document, whole)
        return max(times[first - 1 : last], default=None)

    def _times(self, file: str) -> list[datetime.datetime]:
        times, now = [], self._now
        at: dict[str, datetime.datetime] = {}
        commit = ""
        for line in _git(self._folder, "blame", "--porcelain", "--", file).splitlines():
            if line.startswith("\t"):
                times.append(at.get(commit, now))
            elif line.startswith("committer-time ") and commit.strip("0"):
                at[commit] = datetime.datetime.fromtimestamp(int(line.split()[1]), datetime.UTC)
            elif len(line.split(" ")[0]) == 40:
                commit = line.split(" ")[0]
                if not commit.strip("0"):
                    at[commit] = now  # not committed yet
        return times


def _place_of(data: Any, id: str) -> tuple[int, ...]:
    """Return where the item is in a list of resources; nowhere in particular in a topic's file."""
    if isinstance(data, list):
        return tuple(n for n, item in enumerate(data) if isinstance(item, dict) and item.get("id") == id)[:1]
    return ()


def _lines(document: yaml_lines.Document, path: yaml_lines.Path) -> tuple[int, int]:
    """Return the first and last line of the value at `path`, the last that before whatever comes next."""
    first = document.line(path)
    after = [line for line in document.lines.values() if line > first]
    return first, (min(after) - 1 if after else 10**9)


def _seen(knowledge: Knowledge, state: Path, now: datetime.datetime) -> Changed:
    known: dict[str, list[str]] = _read_state(state)
    current: dict[str, list[str]] = {}
    for key, text in _texts(knowledge):
        digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        before = known.get(key)
        current[key] = (
            before if before and before[0] == digest else [digest, now.isoformat(timespec="seconds")]
        )
    if current != known:
        state.parent.mkdir(parents=True, exist_ok=True)
        written(state, json.dumps(current, indent=0, sort_keys=True))

    def changed(file: str, path: tuple[str, ...], id: str) -> datetime.datetime | None:
        found = current.get("/".join((file.partition("/")[0], id, *path)))
        return datetime.datetime.fromisoformat(found[1]) if found else None

    return changed


def _texts(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for topic in knowledge.topics.values():
        for name in TOPIC_TEXTS:
            for tag, text in getattr(topic, name).items():
                yield f"topics/{topic.id}/{name}/{tag}", text
    for item in knowledge.resources.values():
        for tag, text in item.summary.items():
            yield f"resources/{item.id}/summary/{tag}", text


def _read_state(state: Path) -> dict[str, list[str]]:
    if not state.exists():
        return {}
    try:
        found = json.loads(read_text(state, "state file"))
    except (BotError, ValueError):
        return {}  # as good as none: it is written anew
    return found if isinstance(found, dict) else {}
