"""The direction of the house: `advice` and `store` know nobody, only `app` and `cli` see everyone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BOT = ROOT / "bot"

# What each room may use, beside itself and what is outside the house.
ALLOWED = {
    "errors": set(),
    "observing": {"errors"},
    "listening": {"errors"},
    "advice": {"errors"},
    "store": {"errors"},
    "settings": {"errors", "advice.yaml_lines"},
    "advisors": {"advice", "settings"},
    "conversation": {"advice", "errors"},
    "insight": {"advice", "conversation.privacy", "errors"},
    "tending": {"advice", "casework", "conversation", "insight", "store", "errors"},
    "casework": {
        "advice.knowledge",
        "advice.text",
        "advice.yaml_lines",
        "conversation",
        "store",
        "errors",
        "settings",
    },
    "telegram": {"casework", "conversation", "store", "errors", "settings", "observing", "listening"},
    "schedule": {"errors"},
    "terminal": {"conversation", "store", "errors", "settings"},
    "console": {
        "advice.knowledge",
        "casework",
        "conversation",
        "store",
        "insight",
        "errors",
        "settings",
        "listening",
    },
    "app": {
        "advice",
        "advisors",
        "casework",
        "conversation",
        "store",
        "insight",
        "errors",
        "settings",
        "observing",
        "listening",
    },
    "cli": {
        "advice",
        "advisors",
        "casework",
        "conversation",
        "store",
        "tending",
        "schedule",
        "insight",
        "telegram",
        "terminal",
        "console",
        "app",
        "errors",
        "settings",
        "observing",
        "listening",
    },
    "__main__": {"cli"},
    "__init__": set(),
}
# What some rooms never use, though it is installed.
OUTSIDE = {
    "advice": {
        "sqlalchemy",
        "aiosqlite",
        "telegram",
        "typer",
        "rich",
        "asyncio",
        "sqlite3",
        "prompt_toolkit",
    },
    "conversation": {"sqlalchemy", "aiosqlite", "telegram", "typer", "rich", "asyncio", "sqlite3", "numpy"},
    "casework": {"telegram", "sqlalchemy", "typer", "rich", "numpy"},
    "store": {"telegram", "typer", "rich", "numpy", "pydantic"},
    "telegram": {"numpy", "sklearn", "typer", "rich", "sqlalchemy"},
    "console": {"numpy", "sklearn", "typer", "telegram", "sqlalchemy"},
    "terminal": {"numpy", "sklearn", "typer", "telegram", "sqlalchemy"},
    "insight": {"telegram", "typer", "rich", "sqlalchemy"},
    "settings": {"os", "telegram", "sqlalchemy", "typer"},
    "errors": {"pydantic", "telegram", "sqlalchemy", "typer"},
}


def module(path: Path) -> str:
    """Return a file's name as it is imported: `advice.text`."""
    parts = path.relative_to(BOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


FILES = {module(path): path for path in sorted(BOT.rglob("*.py")) if "migrations" not in path.parts}


def imported(path: Path, *, at_once: bool = False) -> Iterator[str]:
    """Yield the full name of everything a file imports; `at_once` leaves out what functions import later."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if not at_once else (node for top in tree.body for node in _outside_functions(top))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import hides its direction"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _outside_functions(child)


def own(names: Iterator[str]) -> set[str]:
    """Return the modules of this house among the names, each by its longest name that is a file."""
    found = set()
    for name in names:
        parts = name.split(".")
        if parts[0] == "bot":
            longest = (".".join(parts[1:end]) for end in range(len(parts), 0, -1))
            found.add(next(name for name in longest if name in FILES or not name) or "__init__")
    return found


@pytest.mark.parametrize("name", FILES)
def test_imports_point_down(name: str) -> None:
    room = name.partition(".")[0]
    others = {other for other in own(imported(FILES[name])) if other.partition(".")[0] != room}
    assert {other for other in others if not {other, other.partition(".")[0]} & ALLOWED[room]} == set()


@pytest.mark.parametrize("name", FILES)
def test_a_room_keeps_to_its_tools(name: str) -> None:
    tools = {other.partition(".")[0] for other in imported(FILES[name])}
    assert tools & OUTSIDE.get(name.partition(".")[0], set()) == set()


def test_there_are_no_cycles() -> None:
    uses = {name: own(imported(path, at_once=True)) - {name} for name, path in FILES.items()}
    done: set[str] = set()
    while ready := {name for name, others in uses.items() if name not in done and others <= done}:
        done |= ready
    assert set(uses) - done == set()


def test_every_room_has_its_rule() -> None:
    assert {name.partition(".")[0] for name in FILES} == set(ALLOWED)


def test_only_the_clock_of_the_edges_is_read() -> None:
    """Advice and conversation are told what time it is."""
    asking = [
        f"{name}: {node.attr}"
        for name, path in FILES.items()
        if name.startswith(("advice.", "conversation."))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow")
    ]
    assert asking == []


def test_every_module_says_what_it_is() -> None:
    assert [name for name, path in FILES.items() if not ast.get_docstring(ast.parse(path.read_text()))] == []
