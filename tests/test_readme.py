"""The README's commands run as written; every key and command is written down."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import typer
import yaml
from pydantic import BaseModel

from bot.cli import program
from bot.settings import PREFIX, SECRETS, Settings

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
FENCE = re.compile(r"^[ \t]*```(?:bash|sh|console)[ \t]*\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL)
# What keeps a line from being run as it stands: a place to fill in, or another program behind it.
PLACES = re.compile(r"<[^>]*>|\.\.\.|…|\b(?:ID|FILE|DIR)\b")


def lines(text: str) -> Iterator[str]:
    """Yield the commands of the fenced blocks, continuations joined, comments and prompts left out."""
    for block in FENCE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            for part in line.strip().removeprefix("$ ").split(" && "):
                command = part.strip()
                if command and not command.startswith("#"):
                    yield command


def own(command: str) -> list[str] | None:
    """Return the arguments of a line of the form `python -m bot ...`, None for any other line."""
    parts = shlex.split(command, comments=True)
    while parts and re.fullmatch(r"[A-Z_]+=.*", parts[0]):
        parts = parts[1:]
    return parts[3:] if parts[1:3] == ["-m", "bot"] and "python" in Path(parts[0]).name else None


TEXT = README.read_text(encoding="utf-8") if README.exists() else ""
COMMANDS = sorted({command for command in lines(TEXT) if own(command) is not None})


def test_the_readme_shows_commands() -> None:
    shown = {(own(command) or [""])[0] for command in COMMANDS}
    assert {"ask", "chat", "check"} <= shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("```bash\npython -m bot check\n```\n", ["python -m bot check"]),
        ("```bash\n# a word\n$ python -m bot ask \\\n  hola\n\n```", ["python -m bot ask    hola"]),
        ("1. so\n   ```sh\n   python -m bot check\n   ```\n", ["python -m bot check"]),
        (
            "```bash\npip install x && .venv/bin/python -m bot chat\n```",
            ["pip install x", ".venv/bin/python -m bot chat"],
        ),
        ("```python\nprint()\n```\n", []),
    ],
)
def test_fenced_commands_are_found(text: str, found: list[str]) -> None:
    assert list(lines(text)) == found


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_runs_as_written(command: str, tmp_path: Path) -> None:
    arguments = own(command) or []
    if PLACES.search(command):
        pytest.skip("the line has a place to fill in")
    # Whatever the line itself sets, it must not touch the real database.
    set_in_line = dict(re.findall(r"\b(BOT_\w+)=(\S+)", command.partition("python")[0]))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BOT_")},
        # Lines are run to see that they run; how well they are answered is tested elsewhere.
        "BOT_ADVICE__ENCODER": "none",
        "HOME": str(tmp_path),
        **set_in_line,
        "BOT_DATABASE__URL": f"sqlite+aiosqlite:///{tmp_path}/bot.db",
    }
    if arguments[:1] == ["run"]:
        environment.pop("BOT_TELEGRAM__TOKEN", None)
    ran = _run(command, environment)
    assert "Traceback" not in ran.stderr
    if arguments[:1] == ["run"]:
        assert ran.returncode == 2
        assert ran.stderr.startswith("error: no token: set BOT_TELEGRAM__TOKEN")
    else:
        assert ran.returncode == 0, ran.stderr


def _run(command: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the arguments of a line from the root; a file it writes goes to the home of the test."""
    parts = own(command) or []
    for sign in (">", "|", "<"):
        parts = parts[: parts.index(sign)] if sign in parts else parts
    home = Path(environment["HOME"])
    parts = [str(home / Path(part).name) if before == "--output" else part for before, part in _pairs(parts)]
    return subprocess.run(
        [sys.executable, "-m", "bot", *parts],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def _pairs(parts: list[str]) -> Iterator[tuple[str, str]]:
    yield from zip(["", *parts], parts, strict=False)


# -- configuration -------------------------------------------------------------------------------


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, item in model.model_fields.items():
        if isinstance(item.annotation, type) and issubclass(item.annotation, BaseModel):
            yield from keys(item.annotation, f"{name}.")
        else:
            yield prefix + name


def in_example() -> dict[str, object]:
    example = yaml.safe_load((ROOT / "config.example.yaml").read_text(encoding="utf-8"))
    return {f"{section}.{key}": value for section, values in example.items() for key, value in values.items()}


def test_every_key_is_in_the_example_and_the_other_way_round() -> None:
    assert set(in_example()) == set(keys(Settings)) - SECRETS


def test_the_example_shows_the_defaults() -> None:
    defaults = Settings().model_dump(mode="json")
    for key, value in in_example().items():
        section, _, name = key.partition(".")
        assert value == defaults[section][name], key


def test_every_key_is_explained() -> None:
    text = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    missing = [
        key for key in in_example() if not re.search(rf"^  {key.split('.')[1]}:.*\S", text, re.MULTILINE)
    ]
    assert missing == []


@pytest.mark.parametrize("key", sorted(SECRETS))
def test_a_secret_is_a_comment(key: str) -> None:
    text = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    variable = PREFIX + key.upper().replace(".", "__")
    assert re.search(rf"^#.*{variable}\b", text, re.MULTILINE)


def test_secrets_are_the_keys_that_are_secret() -> None:
    secret = {
        f"{section}.{name}"
        for section, model in Settings.model_fields.items()
        for name, item in model.annotation.model_fields.items()  # type: ignore[union-attr]
        if "SecretStr" in str(item.annotation)
    }
    assert secret == SECRETS


# -- commands ------------------------------------------------------------------------------------


def commands() -> list[str]:
    group = typer.main.get_group(program())
    found = []
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        found += [f"{name} {sub}" for sub in inner] if inner else [name]
    return found


@pytest.mark.parametrize("command", commands())
def test_every_command_is_named_in_the_documents(command: str) -> None:
    documents = [README, *sorted((ROOT / "docs").rglob("*.md"))]
    text = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in documents if path.exists())
    assert re.search(rf"(?:bot|sme-bot|`) ?{re.escape(command)}\b", text)


@pytest.mark.parametrize(
    "path", [README, *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md"], ids=lambda p: p.name
)
def test_every_link_within_the_project_leads_somewhere(path: Path) -> None:
    if not path.exists():
        pytest.fail(f"{path.name} is not there")
    text = path.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", text)
    assert [target for target in targets if not (path.parent / target).exists()] == []
