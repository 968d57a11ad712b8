"""What is offered in any chat after the bot's name: resources, as articles with their link."""

from collections.abc import Sequence
from typing import Any

from telegram.constants import ParseMode

from bot.conversation.offers import Offer
from bot.telegram import render

# What an article's id and description may hold.
LONGEST_ID, LONGEST_DESCRIPTION = 64, 160


def results(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """Return the articles, in order; each says its card where it is chosen."""
    return [_article(offer) for offer in offers]


def _article(offer: Offer) -> dict[str, Any]:
    text, keyboard = render.pieces(offer.card)[0]
    content = {
        "message_text": text,
        "parse_mode": ParseMode.HTML.value,
        "link_preview_options": {"is_disabled": True},
    }
    return {
        "type": "article",
        "id": offer.id[:LONGEST_ID],
        "title": render.whole(offer.title),
        "description": render.shortened(render.whole(offer.line), LONGEST_DESCRIPTION),
        "input_message_content": content,
        **({"reply_markup": keyboard} if keyboard is not None else {}),
    }
