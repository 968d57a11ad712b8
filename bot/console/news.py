"""News: written once, counted first, and sent to who asked for it, behind everything else."""

from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from bot.advice.knowledge import COUNTRIES, LANGUAGES
from bot.casework import news
from bot.casework.news import LONGEST_NEWS, Link, News, Sent
from bot.console.visit import Visit
from bot.conversation.women import SEGMENTS

FIELDS = ("segment", "country", "url", "label", *(f"text-{tag}" for tag in LANGUAGES))


async def composed(visit: Visit) -> Response:
    """Show an empty form."""
    return _page(visit)


async def send(visit: Visit) -> Response:
    """Count who would get what is written, or send it: the second needs the first to have been seen."""
    try:
        written = _news(visit)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return _page(visit, status=400, wrong=str(fault["loc"][0]) if fault["loc"] else "text")
    sending = visit.sent("act") == "send"
    casework = visit.house.casework
    async with visit.house.store.transaction() as t:
        sent = await news.send(
            written, casework.couriers, casework.voice, at=visit.now, transaction=t, dry=not sending
        )
        if sending:
            await t.add_audit(visit.now, visit.staff.id, "news.sent", subject=written.id)
    if sending:
        return visit.go("/news", said="news")
    shown = {tag: news.said(written, tag, casework.voice) for tag in LANGUAGES if tag in written.text}
    return _page(visit, counted=sent, shown=shown)


def _news(visit: Visit) -> News:
    url, label = visit.sent("url").strip(), visit.sent("label").strip()
    texts = {tag: visit.sent(f"text-{tag}").strip() for tag in LANGUAGES}
    segment = visit.sent("segment")
    return News(
        # The same words on the same day are the same news, so that a form sent twice is sent once.
        id=f"{visit.today}-{visit.house.tokens.kept(repr((segment, visit.sent('country'), texts)))[:8]}",
        segment=segment if segment in SEGMENTS else SEGMENTS[0],
        country=visit.sent("country") if visit.sent("country") in COUNTRIES else None,
        text={"es": texts["es"]} | {tag: text for tag, text in texts.items() if text},
        link=Link(url=url, label={"es": label or url[:40]}) if url else None,
    )


def _page(
    visit: Visit,
    *,
    status: int = 200,
    wrong: str = "",
    counted: Sent | None = None,
    shown: dict[str, Any] | None = None,
) -> Response:
    return visit.page(
        "news.html",
        status=status,
        fields={name: visit.sent(name) for name in FIELDS},
        wrong=wrong,
        sent=counted,
        shown=shown or {},
        segments=SEGMENTS,
        countries=COUNTRIES,
        languages=LANGUAGES,
        longest=LONGEST_NEWS,
    )
