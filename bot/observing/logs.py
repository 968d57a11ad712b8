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


def configure(stream: TextIO, *, format: Format = "plain", level: int = logging.WARNING) -> None:
    """Send all logs to `stream`, in place of where they went before."""
    handler = logging.StreamHandler(stream)
    handler.addFilter(Traced())
    handler.setFormatter(formatter(format))
    logging.basicConfig(level=level, handlers=[handler], force=True)


def formatter(format: Format) -> logging.Formatter:
    """Return what makes a line of a record."""
    if format == "json":
        return JsonFormatter(list(FIELDS), timestamp=True, rename_fields=RENAMED, json_ensure_ascii=False)
    return logging.Formatter(PLAIN)
