"""Edits of a knowledge file as text: what is not edited stays as a person wrote it, comments and order too.

ruamel.yaml gives back the project's own topic and resource files byte for byte (tested). In files
written otherwise it may break long bracketed lists anew; it loses nothing.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import yaml as yaml_1_1
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from bot.advice.yaml_lines import Loader
from bot.errors import BotError

WIDTH = 100_000
# Lists of these keys are written in one line, as the project's files have them.
IN_ONE_LINE = frozenset({"topics", "countries", "audience", "languages", "aliases", "related"})


def with_phrases(text: str, phrases: Mapping[str, Sequence[str]]) -> str:
    """Return a topic's file with phrases added at the end of their languages' lists."""
    yaml, data = _read(text)
    have = data.setdefault("phrases", CommentedMap())
    for language, added in phrases.items():
        if have.get(language) is None:
            have[language] = CommentedSeq()
        have[language].extend(_scalar(phrase) for phrase in added)
    return _written(yaml, data)


def with_resource(text: str, item: Mapping[str, Any]) -> str:
    """Return a file of resources with one more at its end, or with the one of the same id changed in it."""
    there = read(text) or []
    if any(other.get("id") == item["id"] for other in there):
        yaml, data = _read(text)
        _change(next(other for other in data if other.get("id") == item["id"]), item)
        return _written(yaml, data)
    # Put behind the text as it stands, so that nothing above it can change; or woven in, where the list
    # is laid out in another way.
    head = text.rstrip() if there else text.rstrip().removesuffix("[]").rstrip()
    between = "\n\n" if there else "\n"
    appended = (head + between if head else "") + _block([_laid_out(item)])
    if there and not _is_list_of(appended, len(there) + 1):
        yaml, data = _read(text)
        data.append(_laid_out(item))
        return _written(yaml, data)
    return appended


def _is_list_of(text: str, length: int) -> bool:
    try:
        found = read(text)
    except BotError:
        return False
    return isinstance(found, list) and len(found) == length


def document(data: Mapping[str, Any], *, comment: str = "") -> str:
    """Return a new file with `data`, led by a comment."""
    head = "".join(f"# {line}\n" for line in comment.splitlines())
    return head + _block(_laid_out(data))


def read(text: str) -> Any:
    """Return what a YAML text says, as plain values; raise `BotError` for what is none."""
    try:
        return yaml_1_1.load(text, Loader=Loader)  # noqa: S506 - a safe loader, as the knowledge is read with
    except (yaml_1_1.YAMLError, ValueError, RecursionError) as error:
        raise BotError(f"not readable as YAML: {' '.join(str(error).split())[:160]}") from None


def _read(text: str) -> tuple[YAML, Any]:
    """Return the text's data with its comments, and what writes it in the same layout."""
    for sequence, offset in ((4, 2), (2, 0)):
        yaml = _yaml(sequence, offset)
        try:
            data = yaml.load(text)
        except (YAMLError, ValueError) as error:
            raise BotError(f"not readable as YAML: {' '.join(str(error).split())[:160]}") from None
        if _written(yaml, data) == text:
            break
    # A dumped tree is used up in places (anchors, comments): it is read again.
    return yaml, yaml.load(text)


def _yaml(sequence: int, offset: int) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=sequence, offset=offset)
    yaml.representer.add_representer(type(None), _null)
    return yaml


def _null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _written(yaml: YAML, data: Any) -> str:
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def _block(data: Any) -> str:
    return _written(_yaml(4, 2) if isinstance(data, dict) else _yaml(2, 0), data)


def _change(there: Any, item: Mapping[str, Any]) -> None:
    for key in [key for key in there if key not in item]:
        del there[key]
    for key, value in item.items():
        if key not in there or there[key] != value:
            there[key] = _laid_out({key: value})[key]


def _laid_out(data: Mapping[str, Any]) -> CommentedMap:
    """Return `data` as the project's files lay it out: maps and phrases as blocks, short lists in a line."""
    shaped = CommentedMap()
    for key, value in data.items():
        if isinstance(value, Mapping):
            shaped[key] = _laid_out(value)
        elif isinstance(value, list | tuple):
            shaped[key] = CommentedSeq(_scalar(item) for item in value)
            if key in IN_ONE_LINE:
                shaped[key].fa.set_flow_style()
        else:
            shaped[key] = _scalar(value)
    return shaped


def _scalar(value: Any) -> Any:
    """Return a text so that every reader of YAML takes it for that text: "no", 12:30 and lines too."""
    if not isinstance(value, str):
        return value
    lines = value.rstrip("\n").split("\n")
    if len(lines) > 1 and all(line == line.strip() and line.isprintable() for line in lines):
        return LiteralScalarString(value)
    try:
        as_read = yaml_1_1.safe_load(value)
    except yaml_1_1.YAMLError:
        as_read = None
    return value if as_read == value else DoubleQuotedScalarString(value)
