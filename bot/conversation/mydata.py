"""Everything stored about a person as two files: one to read, one for another program."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.conversation.answers import date
from bot.conversation.messages import Messages
from bot.conversation.replies import Document, Reply

# Handed-over files of an earlier day are told of, not packed into the next ones.
LONGEST_VALUE = 4_096
CUT = "…"

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def handed_over(
    said: Reply, stored: Rows, messages: Messages, *, language: str, day: datetime.date
) -> tuple[Reply, ...]:
    """Return what was `said` with the file to read, and beside it the one for another program."""
    name, short = messages.say(language, "mydata.name"), _without_files(stored)
    told = Document(f"{name}.txt", _told(short, messages, language=language, day=day).encode())
    packed = Document(f"{name}.json", json.dumps(short, ensure_ascii=False, indent=2, default=str).encode())
    return replace(said, document=told), Reply((), document=packed)


def _told(stored: Rows, messages: Messages, *, language: str, day: datetime.date) -> str:
    parts = [messages.say(language, "mydata.heading", date=date(day))]
    for table, rows in stored.items():
        if not rows:
            continue
        key = f"mydata.{table}"
        parts += ["", (messages.say(language, key) if messages.has(key) else table).upper()]
        parts += [_row(row) for row in rows]
    if len(parts) == 1:
        parts.append(messages.say(language, "mydata.empty"))
    return "\n".join(parts) + "\n"


def _row(row: Mapping[str, Any]) -> str:
    filled = [(name, value) for name, value in row.items() if value not in (None, "", [], {})]
    return "\n".join([*(f"  {name}: {_plain(value)}" for name, value in filled), ""])


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _without_files(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_files(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_files(part) for part in value]
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return value[:LONGEST_VALUE] + CUT
    return value
