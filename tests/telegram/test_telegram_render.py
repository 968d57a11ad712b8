"""From replies to HTML: whatever is said arrives as it was said."""

import pytest
from fakegram import check_markup, check_text, parse_html, u16
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.replies import Button, Line, Reply, Span
from bot.telegram import render

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
MARKUP = st.text(st.sampled_from("<>&;/b\"' a\n😀"))
SPANS = st.builds(Span, TEXTS | MARKUP, st.sampled_from(["plain", "strong", "soft"]))
LINES: st.SearchStrategy[tuple[Line, ...]] = st.lists(st.lists(SPANS, max_size=4).map(tuple), max_size=6).map(
    tuple
)
BUTTONS = (Button("Uno", action="one"),), (Button("Sitio", url="https://example.org"),)


def joined(text: str) -> str:
    """Return `text` without blanks, the only thing that cutting may cost."""
    return "".join(text.split())


@given(SPANS)
def test_any_text(span: Span) -> None:
    """Any text comes back unchanged from Telegram's reading of it."""
    assert parse_html(render.markup((span,)))[0] == span.text


@given(LINES)
def test_any_reply(lines: tuple[Line, ...]) -> None:
    """A reply that fits is one message with the same text; one without a letter is none."""
    reply = Reply(lines=lines)
    texts = [parse_html(html)[0] for html, _ in render.pieces(reply)]
    assert texts == ([reply.text] if reply.text.strip() else [])


@given(LINES, st.integers(2, 40))
def test_any_cut(lines: tuple[Line, ...], limit: int) -> None:
    """Cut anywhere, each piece is whole HTML within the limit, and together they say the same."""
    reply = Reply(lines=lines)
    texts = [parse_html(html)[0] for html, _ in render.pieces(reply, limit)]
    assert all(u16(text) <= limit for text in texts)
    assert joined("".join(texts)) == joined(reply.text)


def test_between_lines() -> None:
    """What is too long is cut between lines where it can be, else between words, else within a word."""
    reply = Reply(lines=((Span("uno dos"),), (Span("tres "), Span("cuatro", "strong")), (Span("cincoseis"),)))
    assert [html for html, _ in render.pieces(reply, 8)] == [
        "uno dos",
        "tres ",
        "<b>cuatro</b>",
        "cincosei",
        "s",
    ]


def test_keyboard() -> None:
    """Buttons are under the last piece, rows kept, and as the server wants them."""
    reply = Reply(lines=((Span("hola " * 1000),),), rows=BUTTONS)
    *first, (_, keyboard) = render.pieces(reply)
    assert [markup for _, markup in first] == [None]
    assert keyboard is not None
    assert check_markup(keyboard)
    assert [[button["text"] for button in row] for row in keyboard["inline_keyboard"]] == [["Uno"], ["Sitio"]]


@pytest.mark.parametrize(("text", "units"), [("", 0), ("año", 3), ("😀", 2)])
def test_units(text: str, units: int) -> None:
    """Length is counted as Telegram counts it."""
    assert render.units(text) == units == u16(text)


def test_longest() -> None:
    """4,096 units fit one message, one more does not."""
    for length, count in ((4096, 1), (4097, 2)):
        pieces = render.pieces(Reply(lines=((Span("x" * length),),)))
        assert len(pieces) == count
        assert all(check_text({"text": html, "parse_mode": "HTML"}) for html, _ in pieces)


def test_half_letters() -> None:
    """A lone surrogate, which no server takes, is replaced."""
    assert render.markup((Span("a\ud83d"),)) == "a\ufffd"
