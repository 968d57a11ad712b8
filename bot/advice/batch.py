"""Many questions at once: JSON lines in, JSON lines out, in order."""

import datetime
import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

from bot.advice.advice import Advice, Answer
from bot.advice.advisor import Advisor
from bot.advice.knowledge import AUDIENCES, COUNTRIES
from bot.advice.setting import Profile
from bot.errors import BotError

SHOWN_RESOURCES = 10
GOLD = ("outcome", "topics", "language", "country", "audience", "resources_any")


def questions(lines: Iterable[str], name: str) -> Iterator[dict[str, Any]]:
    """Yield the questions of a JSON-lines text; `name` is the file named where a line is wrong."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _question(line, f"{name}:{number}")


def labelled(lines: Iterable[str], name: str) -> list[dict[str, Any]]:
    """Return the questions of a JSON-lines text, each with what is right for it (`gold`)."""
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = _question(line, f"{name}:{number}")
        gold = row.get("gold")
        if not isinstance(gold, dict) or set(GOLD) - set(gold):
            raise BotError(f"{name}:{number}: a labelled question needs gold with {', '.join(GOLD)}")
        rows.append(row)
    if not rows:
        raise BotError(f"question file {name} holds no question; write one JSON object a line")
    return rows


def _question(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise BotError(f"{where}: not a JSON object; write one object a line") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
        raise BotError(f"{where}: a question needs an id and a text")
    profile = row.get("profile") or {}
    if not isinstance(profile, dict):
        raise BotError(f"{where}: a profile is an object with country and audience")
    for said in (profile.get("country"), profile.get("audience"), row.get("language")):
        if said is not None and not isinstance(said, str):
            raise BotError(f"{where}: country, audience and language are texts or null")
    return row


def profile_of(row: dict[str, Any]) -> Profile:
    """Return what a question row says of the person."""
    known = row.get("profile") or {}
    country, audience, tag = known.get("country"), known.get("audience"), row.get("language")
    return Profile(
        country if country in COUNTRIES else None,
        audience if audience in AUDIENCES else None,
        tag.partition("-")[0].casefold() if tag else None,
    )


def as_row(advice: Advice) -> dict[str, Any]:
    """Return the advice as plain data, without the question's id and the time it took."""
    answered = advice if isinstance(advice, Answer) else None
    return {
        "outcome": advice.outcome,
        "language": advice.setting.language,
        "country": advice.setting.country,
        "audience": advice.setting.audience,
        "topics": [{"id": item.topic, "confidence": round(item.confidence, 4)} for item in advice.candidates],
        "answered_topics": list(answered.topics) if answered else [],
        "resources": list(answered.resources[:SHOWN_RESOURCES]) if answered else [],
        "confidence": round(advice.confidence, 4),
    }


def run(
    advisor: Advisor, rows: Iterable[dict[str, Any]], *, day: datetime.date, repeat: int = 1
) -> Iterator[str]:
    """Yield one line of JSON a question; `ms` is the median of `repeat` runs of that one advice."""
    for row in rows:
        took = []
        for _ in range(max(1, repeat)):
            start = time.perf_counter()
            advice = advisor.advise(row["text"], day=day, profile=profile_of(row))
            took.append((time.perf_counter() - start) * 1000)
        ms = round(sorted(took)[len(took) // 2], 3)
        yield json.dumps({"id": row["id"], **as_row(advice), "ms": ms}, ensure_ascii=False)
