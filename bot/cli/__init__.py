"""The command line: `python -m bot`, also installed as `sme-bot`.

A fault is one line on standard error and exit code 1, a wrong option or configuration 2; a person
never sees a traceback.
"""

import os
import sys
from collections.abc import Callable, Sequence

import typer
from typer.exceptions import TyperException

from bot.errors import BotError

# These ask the advice core alone: loading what serves Telegram and the store would double their start.
CORE = ("ask", "check", "evaluate")
# Of these alone, their commands are listed.
GROUPS = ("requests", "cases", "drafts", "pack", "staff", "news")
GROUPS = ("requests", "cases", "drafts", "pack", "staff", "news")


def program(command: str | None = None) -> typer.Typer:
    """Return the command line with all its commands, or with the core's where `command` is one of them."""
    found = typer.Typer(
        name="sme-bot",
        help="Matches a small-business owner's question with curated guides and services.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    from bot.cli import asking

    if command in CORE:
        return _with(found, asking.COMMANDS)
    from bot.cli import (
        care,
        cases,
        console,
        drafting,
        exchange,
        keeping,
        learning,
        log,
        news,
        reporting,
        serving,
        staff,
    )

    for module in (asking, learning, reporting, serving, care, console, keeping, exchange):
        _with(found, module.COMMANDS)
    groups = {
        "requests": log.requests,
        "cases": cases.cases,
        "drafts": drafting.drafts,
        "pack": exchange.pack,
        "staff": staff.staff,
        "news": news.news,
    }
    for name, group in groups.items():
        found.add_typer(group, name=name)
    return found


def _with(found: typer.Typer, commands: Sequence[Callable[..., object]]) -> typer.Typer:
    for command in commands:
        found.command()(command)
    return found


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    asked = sys.argv[1:] if arguments is None else arguments
    if not asked or (len(asked) == 1 and asked[0] in GROUPS):
        asked = [*asked, "--help"]
    try:
        result = program(asked[0])(args=asked, standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except BotError as error:
        return _fault(str(error), error.exit_code)
    except typer.Exit as leave:
        return leave.exit_code
    except TyperException as error:
        return _fault(f"{_said(error)} (`python -m bot --help` shows what there is)", 2)
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has left ("| head"), which typer says by leaving: no complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _fault(f"{error.filename or 'system'}: {error.strerror or type(error).__name__}", 1)


def _said(error: TyperException) -> str:
    said = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
    return said.rstrip(".")


def _fault(message: str, code: int) -> int:
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
    return code
