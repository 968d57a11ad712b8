"""YAML read with the line of every value, so that a problem can be named as file:line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]
TAB = re.compile(r"\\t|\btab\b")
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Document:
    """Plain data and where each value stood: `lines` maps a path of keys to a line, from 1."""

    data: Any
    lines: dict[Path, int]
    faults: list[tuple[int, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """Return the line of the value at `path`, or of the nearest value around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(text: str) -> Document:
    """Return the document in `text`; what cannot be read as YAML is in `faults`, never raised."""
    document = Document(None, {})
    try:
        loader = Loader(text)
        try:
            node = loader.get_single_node()
            if node is not None:
                document.data = _value(loader, node, (), document)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.faults.append((mark.line + 1 if mark else 1, _plain(error, text)))
    except yaml.YAMLError as error:
        document.faults.append((1, f"not readable as YAML: {str(error).splitlines()[0]}"))
    except RecursionError:
        document.faults.append((1, "nested too deeply"))
    return document


def _plain(error: yaml.MarkedYAMLError, text: str) -> str:
    if TAB.search(f"{error.problem} {error.context}") or _begins_with_tab(error, text):
        return "a tab stands where YAML allows only spaces; indent with spaces"
    if "nesting depth" in str(error.problem):  # newer libyaml gives up before Python does
        return "nested too deeply"
    return f"not readable as YAML: {error.problem or error.context}"


def _begins_with_tab(error: yaml.MarkedYAMLError, text: str) -> bool:
    """Say whether the line the parser stumbled over, or the one before it, is indented with a tab."""
    if error.problem_mark is None:
        return False
    lines = text.splitlines()[max(0, error.problem_mark.line - 1) : error.problem_mark.line + 1]
    return any("\t" in line[: len(line) - len(line.lstrip())] for line in lines)


def _value(loader: Any, node: yaml.Node, path: Path, document: Document) -> Any:
    document.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(loader, node, path, document))
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*path, n), document) for n, item in enumerate(node.value)]
    try:
        return loader.construct_object(node)
    except ValueError as error:  # a date that no calendar has
        document.faults.append((node.start_mark.line + 1, f"not readable as YAML: {error}"))
        return None


def _pairs(loader: Any, node: yaml.MappingNode, path: Path, document: Document) -> Iterator[tuple[Any, Any]]:
    seen = set()
    for key_node, value_node in node.value:
        # Keys are names: "no" is Norwegian, not False.
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        line = key_node.start_mark.line + 1
        if key is None:
            document.faults.append((line, "a key must be a word"))
            continue
        if key in seen:
            document.faults.append((line, f"the key {key} is there twice"))
            continue
        seen.add(key)
        yield key, _value(loader, value_node, (*path, key), document)
        document.lines[(*path, key)] = line
