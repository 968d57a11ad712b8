"""What the terminal shows, and what a typed line means."""

import io
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from rich.console import Console

from bot.conversation.replies import Button, Document, Reply, Span
from bot.terminal.chat import Screen, converse

MENU = Reply(
    ((Span("¿Sobre qué tema?", "strong"),),),
    (
        (Button("Créditos", action="t:loans"), Button("Facturas", action="t:invoicing")),
        (Button("Volver", action="menu"),),
    ),
)
LINK = Reply(
    ((Span("Créditos"), Span(" · Uruguay")),), ((Button("🔗 Banco", url="https://example.org/a?b=1&c=2"),),)
)


class Desk:
    """Remembers what was said and pressed, and answers with what it is given."""

    def __init__(self, *replies: Reply):
        self.heard: list[str] = []
        self.replies = replies

    async def say(self, text: str) -> tuple[Reply, ...]:
        self.heard.append(f"said {text}")
        return self.replies

    async def press(self, action: str) -> tuple[Reply, ...]:
        self.heard.append(f"pressed {action}")
        return self.replies


async def typing(lines: Iterable[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line


@pytest.fixture
def page() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def screen(page: io.StringIO) -> Screen:
    """A screen that is no terminal, as where output goes to a file."""
    return Screen(Console(file=page, width=40, highlight=False))


def test_buttons_are_numbered(screen: Screen, page: io.StringIO) -> None:
    """Buttons count from one, over all rows."""
    screen.show((MENU,))
    assert page.getvalue() == "\n¿Sobre qué tema?\n  [1] Créditos   [2] Facturas   \n  [3] Volver   \n\n"


def test_links_are_written_out(screen: Screen, page: io.StringIO) -> None:
    """A link has no number; its address stands there whole, however narrow the screen."""
    screen.show((LINK,))
    assert "  🔗 Banco  https://example.org/a?b=1&c=2\n" in page.getvalue()
    assert screen.choices == []


def test_no_colours_in_a_file(screen: Screen, page: io.StringIO) -> None:
    """What is no terminal gets plain text."""
    screen.show((MENU, LINK))
    screen.note("loading")
    assert "\x1b" not in page.getvalue()


def test_styles_in_a_terminal() -> None:
    """In a terminal what is strong looks so."""
    page = io.StringIO()
    Screen(Console(file=page, force_terminal=True, color_system="standard", width=40)).show((MENU,))
    assert "\x1b[1m¿Sobre qué tema?" in page.getvalue()


def test_text_is_no_markup(screen: Screen, page: io.StringIO) -> None:
    """Brackets, colons and backslashes are shown as they are."""
    text = r"[bold]x[/bold] :smile: \[y] {z}"
    screen.show((Reply(((Span(text),),), ((Button("[red]b[/red]", action="a"),),)),))
    assert text in page.getvalue()
    assert "[1] [red]b[/red]" in page.getvalue()


def test_notice(screen: Screen, page: io.StringIO) -> None:
    """A short note is shown as a line, and the buttons before it can still be chosen."""
    screen.show((MENU,))
    screen.show((Reply((), notice="Gracias, anotado."),))
    assert "Gracias, anotado.\n" in page.getvalue()
    assert len(screen.choices) == 3


def test_later_buttons_take_the_place(screen: Screen) -> None:
    """The numbers are those of the latest replies that have buttons."""
    screen.show((MENU,))
    screen.show((Reply(((Span("x"),),), ((Button("Ver temas", action="menu"),),)), LINK))
    assert [button.text for button in screen.choices] == ["Ver temas"]
    assert screen.chosen("2") is None


@pytest.mark.parametrize("line", ["2", " 2 ", "02"])
def test_number_is_a_button(screen: Screen, line: str) -> None:
    """The number of a button chooses it."""
    screen.show((MENU,))
    button = screen.chosen(line)
    assert button is not None
    assert button.action == "t:invoicing"


@pytest.mark.parametrize(
    "line",
    ["0", "4", "-1", "1.", "²", "٢", "1 2", "2026", "", "x", "9" * 5_000, "0000012", "000001" + "0" * 20],
)
def test_other_numbers_are_texts(screen: Screen, line: str) -> None:
    """A number that no button has chooses none."""
    screen.show((MENU,))
    assert screen.chosen(line) is None


async def test_talk(screen: Screen) -> None:
    """A number presses, anything else is said as typed, blank lines are passed over."""
    desk = Desk(MENU)
    lines = ["hola", "", "   ", "2", "2026", " y en uruguay? "]
    await converse(screen, typing(lines), say=desk.say, press=desk.press)
    assert desk.heard == ["said hola", "pressed t:invoicing", "said 2026", "said  y en uruguay? "]


async def test_number_before_any_button(screen: Screen) -> None:
    """Where no button was shown a number is said."""
    desk = Desk(LINK)
    await converse(screen, typing(["1"]), say=desk.say, press=desk.press)
    assert desk.heard == ["said 1"]


async def test_end_of_input(screen: Screen, page: io.StringIO) -> None:
    """With no more input the talk is over, and nothing is said or shown."""
    desk = Desk(MENU)
    await converse(screen, typing([]), say=desk.say, press=desk.press)
    assert (desk.heard, page.getvalue()) == ([], "")


async def test_very_long_line(screen: Screen, page: io.StringIO) -> None:
    """A hundred thousand characters go through whole, and are shown whole."""
    text = "á" * 100_000
    desk = Desk(Reply(((Span(text),),)))
    await converse(screen, typing([text]), say=desk.say, press=desk.press)
    assert desk.heard == [f"said {text}"]
    assert text in page.getvalue()


def test_a_file_is_written(page: io.StringIO, tmp_path: Path) -> None:
    """A file that is handed over is written where the talk is held, whatever folder its name pretends."""
    screen = Screen(Console(file=page, width=40, highlight=False), folder=tmp_path)
    screen.show((Reply(((Span("Aquí está."),),), document=Document("../mis-datos.txt", "señal".encode())),))
    assert (tmp_path / "mis-datos.txt").read_text("utf-8") == "señal"
    assert f"→ {(tmp_path / 'mis-datos.txt').resolve()}" in page.getvalue()
