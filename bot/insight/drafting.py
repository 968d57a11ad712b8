"""The drafts folder: the only place of this room that writes files of the knowledge.

Drafts lie in `drafts/` of the knowledge folder, one file each, where reviewers and git find them; what was
decided moves to `drafts/published/` or `drafts/rejected/`. The bot does not read any of them.
Publishing edits the target file and nothing else, and only if the whole folder is still good with it.
"""

import datetime
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from bot.advice import checks
from bot.advice.knowledge import Resource, load
from bot.errors import BotError, read_text, reason
from bot.insight import drafts, editing
from bot.insight.asked import said
from bot.insight.drafts import OPEN, PUBLISHED, REJECTED, RESOURCE, TOPIC, WORDING, Draft, Kind, Origin
from bot.insight.gaps import Group
from bot.insight.importing import Row
from bot.insight.packs import Difference, Pack, merged

FOLDER = "drafts"
NOWHERE = Origin()
BOM = "\ufeff"


class Conflict(BotError):
    """The knowledge is not as it was when the draft was made or read: somebody edited it in between."""


@dataclass(frozen=True)
class Published:
    """What publishing did: the draft as it is kept, and the file that was changed or made."""

    draft: Draft
    file: Path


class Drafts:
    """The drafts of one knowledge folder. `questions` holds test questions that never become phrases.

    Every method may block on the disk: from an event loop, call it in a thread.
    """

    def __init__(self, knowledge: Path, *, questions: Path | None = None):
        self.knowledge = knowledge
        self.folder = knowledge / FOLDER
        self._questions = questions if questions is not None else knowledge.parent / "tests" / "questions"

    # -- drafting --------------------------------------------------------------------------------

    def draft_wording(
        self,
        topic: str,
        language: str,
        question: str,
        *,
        by: str,
        at: datetime.datetime,
        origin: Origin = NOWHERE,
    ) -> Draft:
        """Draft a wording for a topic; drafting the same again gives the draft there is."""
        known = load(self.knowledge)
        phrase = drafts.wording(known, topic, language, question, tested=self.tested())
        target = known.at("topic", topic)[0]
        return self._add(WORDING, target, {"phrases": {language: [phrase]}}, by=by, at=at, origin=origin)

    def draft_phrases(
        self,
        topic: str,
        phrases: Mapping[str, Sequence[str]],
        *,
        by: str,
        at: datetime.datetime,
        origin: Origin = NOWHERE,
    ) -> Draft:
        """Draft several wordings for a topic at once, each by its language."""
        known, tested = load(self.knowledge), self.tested()
        content = {
            tag: [drafts.wording(known, topic, tag, text, tested=tested) for text in texts]
            for tag, texts in phrases.items()
        }
        target = known.at("topic", topic)[0]
        return self._add(WORDING, target, {"phrases": content}, by=by, at=at, origin=origin)

    def draft_resource(
        self, item: Mapping[str, Any], *, by: str, at: datetime.datetime, origin: Origin = NOWHERE
    ) -> Draft:
        """Draft a resource, new or in place of the one with its id; it may lack what only people know."""
        known = load(self.knowledge).resources.get(str(item.get("id")))
        replaces, target = None, drafts.resource_file(item)
        if known is not None:
            replaces, target = drafts.fingerprint(drafts.resource_data(known)), self._file_of(known)
        return self._add(RESOURCE, target, item, by=by, at=at, origin=origin, replaces=replaces)

    def draft_reply(
        self,
        reply: str,
        *,
        language: str,
        by: str,
        at: datetime.datetime,
        topics: Sequence[str] = (),
        country: str | None = None,
        title: str = "",
        origin: Origin = NOWHERE,
    ) -> Draft:
        """Draft a resource from what a person of the staff answered."""
        item = drafts.resource_from_reply(
            reply, language=language, day=at.date(), topics=topics, country=country, title=title
        )
        return self.draft_resource(item, by=by, at=at, origin=origin)

    def draft_topic(
        self, item: Mapping[str, Any], *, by: str, at: datetime.datetime, origin: Origin = NOWHERE
    ) -> Draft:
        """Draft a new topic; it may still lack phrases and languages."""
        if item.get("id") in load(self.knowledge).topics:
            raise BotError(f"there is a topic {item['id']} already; add wordings to it, or take another id")
        return self._add(TOPIC, f"topics/{item.get('id')}.yaml", item, by=by, at=at, origin=origin)

    def draft_group(self, group: Group, *, by: str, at: datetime.datetime) -> Draft:
        """Draft a new topic from a group of alike questions."""
        item = drafts.topic_from_group(group, load(self.knowledge), tested=self.tested())
        return self.draft_topic(item, by=by, at=at, origin=Origin(gap=group.id))

    def draft_table(self, rows: Iterable[Row], name: str, *, by: str, at: datetime.datetime) -> list[Draft]:
        """Draft the resources of a table called `name`, each with the line it came from."""
        return [
            self.draft_resource(row.item, by=by, at=at, origin=Origin(source=f"{name}:{row.line}"))
            for row in rows
        ]

    def draft_pack(self, pack: Pack, found: Difference, *, by: str, at: datetime.datetime) -> list[Draft]:
        """Draft what a pack holds that is new here, or another; topics first, since resources name them."""
        origin, known = Origin(source=pack.source), load(self.knowledge).resources
        made = [self.draft_topic(item.model_dump(), by=by, at=at, origin=origin) for item in found.topics]
        for topic, phrases in found.wordings.items():
            made.append(self.draft_phrases(topic, phrases, by=by, at=at, origin=origin))
        items = [item.model_dump() for item in found.resources]
        for edit in found.edited:
            if isinstance(edit.item, Resource):
                items.append(merged(known[edit.item.id], edit.item))
        return made + [self.draft_resource(item, by=by, at=at, origin=origin) for item in items]

    def amend(self, draft_id: str, content: Mapping[str, Any]) -> Draft:
        """Put other content into an open draft, as an editor completed it; its id stays."""
        with self._alone():
            draft = self._open(draft_id)
            amended = replace(draft, content=_plain(content))
            if draft.kind == TOPIC:
                amended = replace(amended, target=_target(f"topics/{content.get('id')}.yaml"))
            elif draft.kind == RESOURCE and draft.replaces is None:
                amended = replace(amended, target=_target(drafts.resource_file(content)))
            self._write(amended)
        return amended

    # -- deciding --------------------------------------------------------------------------------

    def listed(self, *, state: str = OPEN) -> list[Draft]:
        """Return the drafts of one state, the oldest first; a file that is none is left out."""
        found = []
        for path in sorted(self._place(state).glob("*.yaml")):
            try:
                found.append(Draft.of(read_text(path, "draft"), path.name))
            except BotError:
                continue
        return sorted(found, key=lambda draft: (draft.at, draft.id))

    def faults(self) -> list[str]:
        """Return one line for each file among the open drafts that is none."""
        said_so = []
        for path in sorted(self.folder.glob("*.yaml")):
            try:
                Draft.of(read_text(path, "draft"), path.name)
            except BotError as fault:
                said_so.append(str(fault))
        return said_so

    def draft(self, draft_id: str) -> Draft:
        """Return the open draft with this id."""
        return self._open(draft_id)

    def publish(self, draft_id: str, *, by: str, at: datetime.datetime) -> Published:
        """Put a draft into the knowledge; raise `BotError`, with nothing written, where it does not fit.

        The whole folder is checked as it would be. A running bot reads it within seconds.
        """
        with self._alone():
            draft = self._open(draft_id)
            path = self.knowledge / draft.target
            before = path.read_bytes() if path.exists() else None
            after = self._applied(draft, before)
            with self._checked(draft, after, at.date()):
                pass
            if (path.read_bytes() if path.exists() else None) != before:
                raise Conflict(
                    f"{draft.target} was edited meanwhile; look at it and publish {draft_id} again"
                )
            _replace(path, after)
            decided = draft.decided(PUBLISHED, by=by, at=at)
            self._move(decided)
        return Published(decided, path)

    @contextmanager
    def as_published(self, draft_id: str, *, day: datetime.date) -> Iterator[Path]:
        """Give a copy of the folder as it would be with the draft; raise `BotError` as publishing would."""
        draft = self._open(draft_id)
        path = self.knowledge / draft.target
        after = self._applied(draft, path.read_bytes() if path.exists() else None)
        with self._checked(draft, after, day) as folder:
            yield folder

    def reject(self, draft_id: str, *, by: str, at: datetime.datetime, note: str | None = None) -> Draft:
        """Turn a draft down; it is kept with who did and why. The caller sets its wording aside."""
        with self._alone():
            decided = self._open(draft_id).decided(REJECTED, by=by, at=at, note=note)
            self._move(decided)
        return decided

    # -- parts -----------------------------------------------------------------------------------

    def _add(
        self,
        kind: Kind,
        target: str,
        content: Mapping[str, Any],
        *,
        by: str,
        at: datetime.datetime,
        origin: Origin,
        replaces: str | None = None,
    ) -> Draft:
        content = _plain(content)
        identity = drafts.identity(kind, _target(target), content)
        with self._alone():
            if (self.folder / f"{identity}.yaml").exists():
                return self._open(identity)
            draft = Draft(
                id=identity,
                kind=kind,
                target=target,
                content=content,
                by=by,
                at=at,
                origin=origin,
                replaces=replaces,
            )
            self._write(draft)
        return draft

    def _applied(self, draft: Draft, before: bytes | None) -> bytes:
        text = (before or b"").decode("utf-8-sig")
        breaks = "\r\n" if "\r\n" in text else "\n"
        mark = BOM if before and before.startswith(BOM.encode()) else ""
        edited = self._edited(draft, text.replace("\r\n", "\n"), exists=before is not None)
        return (mark + edited.replace("\n", breaks)).encode()

    def _edited(self, draft: Draft, text: str, *, exists: bool) -> str:
        if draft.kind == WORDING:
            if not exists:
                raise Conflict(f"topic {draft.topic} is no longer there; reject draft {draft.id}")
            return editing.with_phrases(text, self._new_phrases(draft))
        if draft.kind == TOPIC:
            if exists:
                raise Conflict(
                    f"{draft.target} is there by now; reject draft {draft.id} or give it another id"
                )
            return editing.document(draft.content, comment=TOPIC_COMMENT)
        self._check_replaced(draft)
        return editing.with_resource(text, draft.content)

    def _new_phrases(self, draft: Draft) -> dict[str, list[str]]:
        """Return the draft's phrases, looked at again: an editor may have changed them, or others came."""
        known, tested = load(self.knowledge), self.tested()
        return {
            str(language): [
                drafts.wording(known, str(draft.topic), str(language), str(phrase), tested=tested)
                for phrase in phrases
            ]
            for language, phrases in draft.content["phrases"].items()
        }

    def _check_replaced(self, draft: Draft) -> None:
        known = load(self.knowledge).resources.get(str(draft.content.get("id")))
        now = None if known is None else drafts.fingerprint(drafts.resource_data(known))
        if now != draft.replaces:
            what = "is there by now" if draft.replaces is None else "was edited since the draft was made"
            raise Conflict(
                f"resource {draft.content.get('id')} {what}; reject draft {draft.id} and draft it anew"
            )

    @contextmanager
    def _checked(self, draft: Draft, after: bytes, day: datetime.date) -> Iterator[Path]:
        """Give a copy of the folder with `after` in place of the target; raise where it has an error."""
        with tempfile.TemporaryDirectory(prefix="sme-bot-") as place:
            copy = Path(place) / self.knowledge.name
            shutil.copytree(self.knowledge, copy, ignore=shutil.ignore_patterns(FOLDER, ".*", "*.tmp"))
            target = copy / draft.target
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(after)
            errors = [item for item in checks.check(copy, day=day) if item.severity == "error"]
            if errors:
                more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
                raise BotError(
                    f"draft {draft.id} cannot be published: {errors[0]}{more}; complete or reject it"
                )
            yield copy

    def _file_of(self, resource: Resource) -> str:
        return load(self.knowledge).at("resource", resource.id)[0]

    def tested(self) -> frozenset[str]:
        """Return the test questions by their words; none where the folder is not there."""
        found = set()
        for path in sorted(self._questions.glob("*.jsonl")):
            for line in read_text(path, "question file").splitlines():
                try:
                    found.add(said(str(json.loads(line)["text"])))
                except (ValueError, KeyError, TypeError):
                    continue
        return frozenset(found)

    def _open(self, draft_id: str) -> Draft:
        path = self.folder / f"{draft_id}.yaml"
        if not draft_id.isalnum() or not path.is_file():
            raise BotError(f"there is no open draft {draft_id}; `python -m bot drafts list` shows them")
        return Draft.of(read_text(path, "draft"), path.name)

    def _place(self, state: str) -> Path:
        return self.folder if state == OPEN else self.folder / state

    def _write(self, draft: Draft) -> None:
        path = self._place(draft.state) / f"{draft.id}.yaml"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BotError(
                f"folder {path.parent} cannot be made: {reason(error)}; check its permissions"
            ) from None
        _replace(path, draft.as_text().encode())

    def _move(self, decided: Draft) -> None:
        self._write(decided)
        (self.folder / f"{decided.id}.yaml").unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep everybody else, in this process or another, from deciding at the same time."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / ".lock").open("w")
        except OSError as error:
            raise BotError(
                f"drafts cannot be kept in {self.folder}: {reason(error)}; check its permissions"
            ) from None
        with lock:
            _wait_for(lock)
            yield


TOPIC_COMMENT = "A need: how people ask for it and what is said above the links. Format: docs/knowledge.md."


def _wait_for(lock: IO[str]) -> None:
    """Wait until nobody else holds the lock; where the system has none, one process is one editor."""
    try:
        import fcntl
    except ImportError:
        return
    fcntl.flock(lock, fcntl.LOCK_EX)


def _target(target: str) -> str:
    try:
        return drafts.safe_target(target)
    except ValueError:
        raise BotError(
            f"{target} is no place for a draft; ids are lower-case letters and digits joined by hyphens"
        ) from None


def _plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content of plain maps and lists; phrases without what identifies a person by its form."""

    def plain(value: Any, *, asked: bool) -> Any:
        if isinstance(value, Mapping):
            return {str(name): plain(item, asked=asked or name == "phrases") for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item, asked=asked) for item in value]
        return drafts.phrase_of(value) if asked and isinstance(value, str) else value

    return {str(key): plain(value, asked=key == "phrases") for key, value in content.items()}


def _replace(path: Path, content: bytes) -> None:
    """Put `content` in place of the file whole, or not at all; readers see the old or the new."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BotError(f"{path} cannot be written: {reason(error)}; check its permissions") from None
