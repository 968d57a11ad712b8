"""What is written to many: news people asked for.

They are written once to each person, in their language, behind everything else that is sent, with a way to
stop it. Whom it was written to is kept (`mailings`), so that sending again goes on where it was left.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.advice import yaml_lines
from bot.casework.courier import Courier
from bot.casework.voice import Voice
from bot.conversation.messages import FALLBACK, lines
from bot.conversation.replies import Button, Reply
from bot.conversation.women import SEGMENTS
from bot.errors import BotError, UsageError, read_text
from bot.store import BROADCAST, PersonRow, Transaction

# A phone shows this much of a message without a tap.
LONGEST_NEWS = 900
STOP_NEWS = "news_stop"
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_NEWS)]


class Link(BaseModel):
    """The link under news; `label` is what its button says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, Field(pattern=r"^https?://\S+\.\S+$")]
    label: dict[str, Annotated[str, Field(min_length=1, max_length=40)]]


class News(BaseModel):
    """One piece of news: `id` is new for each; for a segment, and for a country or for all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{2,40}$")]
    segment: str
    country: str | None = None
    text: dict[str, Text]
    link: Link | None = None


@dataclass(frozen=True)
class Sent:
    """How many people news was written to now, and how many had it before or cannot be reached from here."""

    written: int
    before: int
    unreachable: int


def read(path: Path) -> News:
    """Return the news in a YAML file; raise `BotError` that names the first thing that is wrong."""
    document = yaml_lines.parse(read_text(path, "news"))
    if document.faults:
        line, message = document.faults[0]
        raise BotError(f"{path}:{line}: {message}")
    try:
        news = News.model_validate(document.data)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = tuple(part for part in fault["loc"])
        said = ".".join(str(part) for part in place) or "the file"
        raise BotError(f"{path}:{document.line(place)}: {said}: {fault['msg'].lower()}") from None
    if news.segment not in SEGMENTS:
        raise BotError(f"{path}: segment {news.segment} is not one of {', '.join(SEGMENTS)}")
    if FALLBACK not in news.text:
        raise BotError(f"{path}: text.{FALLBACK} is missing; it is read by who has no other language")
    return news


async def send(
    news: News,
    couriers: Mapping[str, Courier],
    voice: Voice,
    *,
    at: datetime.datetime,
    transaction: Transaction,
    dry: bool = False,
) -> Sent:
    """Write the news to who asked for them and did not have them yet; `dry` only counts."""
    wanted = await transaction.subscribers(news.segment, country=news.country)
    had = await transaction.mailed(_key(news.id))
    written = unreachable = 0
    for each in wanted:
        person = await transaction.person_by_id(each.person)
        if each.person in had or person is None:
            continue
        if each.channel not in couriers or person.banned_at is not None:
            unreachable += 1
            continue
        written += 1
        if not dry:
            reply = said(news, person.language, voice)
            await _mail(_key(news.id), reply, person, couriers, at=at, transaction=transaction)
    return Sent(written, sum(each.person in had for each in wanted), unreachable)


async def counts(news_id: str, transaction: Transaction) -> dict[str, int]:
    """Return how many messages of the news are waiting, sent, failed or dropped."""
    found = await transaction.mailing_counts(_key(news_id))
    if not found:
        raise UsageError(f"no news {news_id} were sent; the id is the one in the file")
    return found


def said(news: News, language: str | None, voice: Voice) -> Reply:
    """Return the news as a person reads them."""
    tongue = language if language in news.text else FALLBACK
    rows: list[tuple[Button, ...]] = []
    if news.link is not None:
        label = news.link.label.get(tongue) or next(iter(news.link.label.values()))
        rows.append((Button(f"🔗 {label}", url=news.link.url),))
    rows.append(_stop(tongue, voice))
    return Reply(lines(news.text[tongue]), tuple(rows))


async def _mail(
    key: str,
    reply: Reply,
    person: PersonRow,
    couriers: Mapping[str, Courier],
    *,
    at: datetime.datetime,
    transaction: Transaction,
) -> bool:
    if person.id in await transaction.mailed(key):
        return False
    outbox = await couriers[person.channel].post(
        reply, person, at=at, key=None, priority=BROADCAST, transaction=transaction
    )
    return await transaction.mail(key, person.id, at, outbox)


def _stop(language: str, voice: Voice) -> tuple[Button, ...]:
    return (Button(voice.messages.say(language, "news.stop"), STOP_NEWS),)


def _key(news_id: str) -> str:
    return f"news:{news_id}"
