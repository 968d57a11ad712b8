"""What the commands share: settings, progress, the day."""

import datetime
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import settings
from bot.advice import encoders
from bot.advice.advisor import Advisor
from bot.advisors import Advisors
from bot.errors import BotError, UsageError, reason
from bot.observing import logs


def configured() -> settings.Settings:
    """Return the settings of this run; logs go to standard error."""
    logs.configure(sys.stderr)
    found = settings.load(os.environ)
    logs.configure(sys.stderr, format=found.monitoring.logs)
    return found


def all_configured() -> dict[str, settings.Settings]:
    """Return the settings of each organisation of this run, by name; where there is one, it has no name."""
    logs.configure(sys.stderr)
    found = settings.load_all(os.environ)
    logs.configure(sys.stderr, format=next(iter(found.values())).monitoring.logs)
    return found


def utc_now() -> datetime.datetime:
    """Return the present moment, in UTC as everything stored."""
    return datetime.datetime.now(datetime.UTC)


def today() -> datetime.date:
    """Return today's date, in UTC as everything stored."""
    return utc_now().date()


@contextmanager
def shown_progress(what: str) -> Iterator[encoders.Progress]:
    """Give a progress callback that draws a bar on standard error while there is something to wait for."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, visible=False)
        said = False

        def report(done: int, total: int) -> None:
            nonlocal said
            if not console.is_terminal and not said:
                print(f"{what}: {total} texts, once for this knowledge", file=sys.stderr)
            said = True
            bar.update(task, completed=done, total=total, visible=True)

        yield report


def advisor_for(folder: Path | None) -> Advisor:
    """Return the advisor of this run, showing the progress of a first fill."""
    advisors = Advisors(configured())
    with shown_progress("reading the knowledge for the first time") as progress:
        return advisors.build(folder, progress=progress)


def existing(path: Path | None, default: Path) -> Path:
    """Return the path given, or the configured one."""
    return path if path is not None else default


def put(content: str | bytes, output: Path | None) -> None:
    """Write to the file a person named, or to standard output; a workbook needs a file or a pipe."""
    if output is None:
        if isinstance(content, str):
            sys.stdout.write(content)
        elif sys.stdout.isatty():
            raise UsageError("a workbook is no text to look at; name a file with --output")
        else:
            sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise BotError(
            f"{output} cannot be written: {reason(error)}; name another file with --output"
        ) from None


def moment(text: str | None, option: str) -> datetime.datetime | None:
    """Return the beginning of the day that `text` names (2026-11-23), in UTC."""
    if text is None:
        return None
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text} is not a day; write it as 2026-11-23") from None
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)
