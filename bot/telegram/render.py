"""From a `Reply` to Telegram's HTML and inline keyboards, in pieces where one message is too short."""

import html
import re
from collections.abc import Iterator
from typing import Any

from bot.conversation.replies import Button, Line, Reply, Span

# What one message may hold, in UTF-16 units, counted without the tags.
LONGEST = 4096
TAGS = {"strong": "b", "soft": "i"}
_WORD = re.compile(r"\S+\s*|\s+")
_TAG = re.compile(r"</?[bi]>")
_HALF_LETTER = re.compile("[\ud800-\udfff]")

# As Telegram takes it: the library's own classes keep a dozen attributes for each button, in every answer.
Keyboard = dict[str, list[list[dict[str, Any]]]]
Piece = tuple[str, Keyboard | None]


def pieces(reply: Reply, limit: int = LONGEST) -> list[Piece]:
    """Return `reply` as messages of at most `limit` units, cut between lines, then between words.

    The keyboard is under the last one. A reply without a visible letter gives none.
    """
    texts = ["\n".join(markup(line) for line in page) for page in _pages(reply, limit) if _visible(page)]
    return [*((text, None) for text in texts[:-1]), *((text, keyboard(reply)) for text in texts[-1:])]


def markup(line: Line) -> str:
    """Return `line` as HTML: everything escaped, each span within its own tag."""
    return "".join(_marked(span) for span in line)


def keyboard(reply: Reply) -> Keyboard | None:
    """Return the rows of buttons, None where there are none."""
    rows = [[_button(button) for button in row] for row in reply.rows if row]
    return {"inline_keyboard": rows} if rows else None


def whole(text: str) -> str:
    """Return `text` with half letters (lone surrogates), which nothing can send or store, replaced."""
    return _HALF_LETTER.sub("\ufffd", text)


def plain(markup: str) -> str:
    """Return what `markup` of ours looks like: without tags, nothing escaped."""
    return html.unescape(_TAG.sub("", markup))


def units(text: str) -> int:
    """Return how long `text` is for Telegram: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, limit: int) -> str:
    """Return `text` in at most `limit` units, cut between letters."""
    return next(_cut(text, limit), "")


def _marked(span: Span) -> str:
    text = html.escape(whole(span.text), quote=False)
    tag = TAGS.get(span.style)
    return f"<{tag}>{text}</{tag}>" if tag and text else text


def _button(button: Button) -> dict[str, Any]:
    does = {"callback_data": button.action, "url": button.url}
    return {"text": whole(button.text)} | {name: value for name, value in does.items() if value is not None}


def _pages(reply: Reply, limit: int) -> Iterator[list[Line]]:
    if units(reply.text) <= limit:  # nearly every reply: nothing has to be cut
        yield [single for line in reply.lines for single in _single_lines(line)]
        return
    page: list[Line] = []
    size = 0
    for line in _fitted(reply, limit):
        length = _length(line)
        if page and size + 1 + length > limit:
            yield page
            page, size = [], 0
        size += length + (1 if page else 0)
        page.append(line)
    yield page


def _fitted(reply: Reply, limit: int) -> Iterator[Line]:
    for line in reply.lines:
        for single in _single_lines(line):
            yield from _short_lines(single, limit) if _length(single) > limit else [single]


def _single_lines(line: Line) -> Iterator[Line]:
    """Give `line` as lines whose spans hold no line break."""
    if not any("\n" in span.text for span in line):
        yield line
        return
    spans: list[Span] = []
    for span in line:
        first, *rest = span.text.split("\n")
        spans.append(Span(first, span.style))
        for text in rest:
            yield tuple(spans)
            spans = [Span(text, span.style)]
    yield tuple(spans)


def _short_lines(line: Line, limit: int) -> Iterator[Line]:
    """Give a long `line` as lines within `limit`, cut between words, and within a word that is longer."""
    spans: list[Span] = []
    for span in line:
        for word in _WORD.findall(span.text):
            for part in _cut(word, limit):
                if _length(tuple(spans)) + units(part) > limit:
                    yield tuple(spans)
                    spans = []
                spans = _appended(spans, Span(part, span.style))
    yield tuple(spans)


def _appended(spans: list[Span], span: Span) -> list[Span]:
    if spans and spans[-1].style == span.style:
        return [*spans[:-1], Span(spans[-1].text + span.text, span.style)]
    return [*spans, span]


def _cut(word: str, limit: int) -> Iterator[str]:
    start = size = 0
    for place, letter in enumerate(word):
        if size + units(letter) > limit:
            yield word[start:place]
            start, size = place, 0
        size += units(letter)
    if word[start:]:
        yield word[start:]


def _length(line: Line) -> int:
    return sum(units(span.text) for span in line)


def _visible(page: list[Line]) -> bool:
    return any(span.text.strip() for line in page for span in line)
