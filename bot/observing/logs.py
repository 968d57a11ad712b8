"""Logs on standard error: a line for a person, or a line of JSON for a machine.

What is logged holds no question, no name and no token; the correlation id leads to the rest in the database.
"""

import logging
from typing import Literal, TextIO

from pythonjsonlogger.json import JsonFormatter

from bot.observing.trace import Traced

Format = Literal["plain", "json"]
PLAIN = "%(levelname)s %(name)s [%(trace)s]: %(message)s"
FIELDS = ("levelname", "name", "trace", "message")
RENAMED = {"levelname": "level", "name": "logger"}


class Lines(logging.StreamHandler[TextIO]):
    """Writes each record as a line with its correlation id."""

    def __init__(self, stream: TextIO, format: Format):
        super().__init__(stream)
        self.addFilter(Traced())
        self.setFormatter(formatter(format))


def configure(stream: TextIO, *, format: Format = "plain", level: int = logging.WARNING) -> None:
    """Send all logs to `stream`, in place of where this function sent them before."""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, Lines):
            root.removeHandler(handler)
    root.addHandler(Lines(stream, format))
    root.setLevel(level)


def formatter(format: Format) -> logging.Formatter:
    """Return what makes a line of a record."""
    if format == "json":
        return JsonFormatter(list(FIELDS), timestamp=True, rename_fields=RENAMED, json_ensure_ascii=False)
    return logging.Formatter(PLAIN)
