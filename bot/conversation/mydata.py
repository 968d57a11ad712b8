"""Everything stored about a person as two files: one to read, one for another program."""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.conversation.answers import date
from bot.conversation.messages import Messages
from bot.conversation.replies import Document, Reply

# Handed-over files of an earlier day are told of, not packed into the next ones.
LONGEST_VALUE = 4_096
CUT = "…"

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
Say = Callable[..., str]


def handed_over(
    said: Reply, stored: Rows, messages: Messages, *, language: str, day: datetime.date
) -> tuple[Reply, ...]:
    """Return what was `said` with the file to read, and beside it the one for another program."""
    name, short = messages.say(language, "mydata.name"), _without_files(stored)
    told = Document(f"{name}.txt", _told(short, messages, language=language, day=day).encode())
    packed = Document(f"{name}.json", json.dumps(short, ensure_ascii=False, indent=2, default=str).encode())
    return replace(said, document=told), Reply((), document=packed)


def _told(stored: Rows, messages: Messages, *, language: str, day: datetime.date) -> str:
    def say(key: str, **values: str) -> str:
        return messages.say(language, key, **values)

    parts = [say("mydata.heading", date=date(day))]
    for table, lines_of in LINES.items():
        told = [line for row in stored.get(table, ()) for line in lines_of(row, say)]
        if told:
            parts += ["", say(f"mydata.{table}").upper(), *(f"  {line}" for line in told)]
    if len(parts) == 1:
        parts.append(say("mydata.empty"))
    return "\n".join([*parts, "", say("mydata.rest")]) + "\n"


def _person(row: Row, say: Say) -> Iterator[str]:
    told = {
        "profile.country": row.get("country") and say(f"country.{row['country']}"),
        "profile.sector": row.get("sector") and say(f"profile.sector_{row['sector']}"),
        "profile.size": row.get("size") and say(f"profile.size_{row['size']}"),
        "profile.women": row.get("women_owned") is not None
        and say("profile.women_yes" if row["women_owned"] else "profile.women_no"),
        "mydata.language": row.get("language") and say(f"tongue.{row['language']}"),
        "mydata.pseudonym": row.get("pseudonym"),
        "mydata.since": _day(row.get("first_seen")),
    }
    yield from (say(key, value=str(value)) for key, value in told.items() if value)


def _request(row: Row, say: Say) -> Iterator[str]:
    yield f"{_day(row.get('time'))} {row.get('question') or '[' + str(row.get('kind')) + ']'}"
    shown = ", ".join(row.get("resources") or ())
    if shown:
        yield f"  → {shown}"


def _case(row: Row, say: Say) -> Iterator[str]:
    reason = say(f"staff.reason.{row['reason']}")
    yield f"{_day(row.get('opened_at'))} {reason}"


def _step(row: Row, say: Say) -> Iterator[str]:
    if row.get("text"):
        yield f"{_day(row.get('time'))} {row.get('who')}: {row['text']}"


def _consent(row: Row, say: Say) -> Iterator[str]:
    purpose = say(f"mydata.for.{row['purpose']}")
    yield f"{_span(row.get('given_at'), row.get('withdrawn_at'))} {purpose}"


def _subscription(row: Row, say: Say) -> Iterator[str]:
    segment = say(f"news.{row['segment']}")
    yield f"{_span(row.get('since'), row.get('stopped_at'))} {segment}"


def _source(row: Row, say: Say) -> Iterator[str]:
    yield f"{_day(row.get('time'))} {row.get('source')}"


# What is told, table by table, in this order; the rest is in the other file.
LINES: dict[str, Callable[[Row, Say], Iterator[str]]] = {
    "people": _person,
    "requests": _request,
    "cases": _case,
    "case_steps": _step,
    "consents": _consent,
    "subscriptions": _subscription,
    "sources": _source,
}


def _day(moment: object) -> str:
    """Return the day of a stored moment, an empty text for none."""
    return date(datetime.datetime.fromisoformat(moment).date()) if isinstance(moment, str) else ""


def _span(since: object, until: object) -> str:
    return f"{_day(since)} – {_day(until)}" if until else _day(since)


def _without_files(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_files(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_files(part) for part in value]
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return value[:LONGEST_VALUE] + CUT
    return value
