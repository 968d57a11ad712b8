"""What a command loads before it does anything."""

import subprocess
import sys

import pytest

HEAVY = {"sklearn", "scipy", "sqlalchemy", "telegram", "prompt_toolkit", "starlette"}


def loaded(statement: str) -> set[str]:
    """Return which heavy packages are there once a fresh interpreter has run `statement`."""
    told = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return HEAVY & set(done.stdout.split())


@pytest.mark.parametrize("command", ["ask", "check", "evaluate"])
def test_the_core_alone_is_loaded_to_ask_it(command: str) -> None:
    assert loaded(f"from bot.cli import program; program({command!r})") == set()


def test_no_command_loads_what_only_training_needs() -> None:
    assert not loaded("from bot.cli import program; program()") & {"sklearn", "scipy"}
