"""`chat`: reads lines, shows replies; the conversation itself is the one Telegram has."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console
from rich.text import Text

from bot.conversation.replies import Button, Document, Reply
from bot.errors import written

LONGEST_NUMBER = 3
STYLES = {"plain": "", "strong": "bold", "soft": "dim italic"}

Say = Callable[[str], Awaitable[tuple[Reply, ...]]]
Press = Callable[[str], Awaitable[tuple[Reply, ...]]]


class Screen:
    """What the person sees: replies, and the numbers of the buttons that can be chosen now.

    Files that are handed over are written to `folder`.
    """

    def __init__(self, console: Console, *, folder: Path = Path()):
        self._console = console
        self._folder = folder
        self.choices: list[Button] = []

    def show(self, replies: tuple[Reply, ...]) -> None:
        """Print the replies; the buttons of these replies take the place of earlier ones."""
        if any(button.action for reply in replies for row in reply.rows for button in row):
            self.choices = []
        for reply in replies:
            self._console.print()
            self._lines(reply)
            if reply.document is not None:
                self._write(reply.document)
            for row in reply.rows:
                self._row(row)
        self._console.print()

    def note(self, text: str) -> None:
        """Print a line of the program itself."""
        self._console.print(Text(text, style="dim"))

    def _lines(self, reply: Reply) -> None:
        if reply.notice:
            self.note(reply.notice)
        for line in reply.lines:
            text = Text()
            for span in line:
                text.append(span.text, style=STYLES[span.style])
            self._console.print(text, soft_wrap=not self._console.is_terminal)

    def _write(self, document: Document) -> None:
        path = self._folder / Path(document.name).name
        written(path, document.content)
        self._console.print(Text(f"→ {path.resolve()}"), soft_wrap=True)

    def _row(self, row: tuple[Button, ...]) -> None:
        text = Text("  ")
        for button in row:
            if button.url:
                text.append(f"{button.text}  ").append(button.url, style="underline cyan")
            else:
                self.choices.append(button)
                text.append(f"[{len(self.choices)}] ", style="bold cyan").append(f"{button.text}   ")
        self._console.print(text, soft_wrap=True)

    def chosen(self, line: str) -> Button | None:
        """Return the button whose number was typed, if it is one."""
        number = line.strip().lstrip("0")
        if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER:
            return self.choices[int(number) - 1] if int(number) <= len(self.choices) else None
        return None


async def typed(prompt: str, history: Path | None) -> AsyncIterator[str]:
    """Yield the lines a person types until Ctrl-D or Ctrl-C; plain lines where input is no terminal."""
    if not sys.stdin.isatty():
        # What comes through a pipe may be anything; a person's words are read as far as they can be.
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
        for line in sys.stdin:
            yield line.rstrip("\n")
        return
    kept = FileHistory(str(history)) if history else InMemoryHistory()
    session: PromptSession[str] = PromptSession(history=kept)
    while True:
        try:
            with patch_stdout(raw=True):
                line = await session.prompt_async(f"{prompt} > ")
        except (EOFError, KeyboardInterrupt):
            return
        yield line


async def converse(screen: Screen, lines: AsyncIterator[str], *, say: Say, press: Press) -> None:
    """Carry the conversation: a number is a button, anything else is said."""
    async for line in lines:
        if not line.strip():
            continue
        button = screen.chosen(line)
        replies = await (press(button.action or "") if button else say(line))
        screen.show(replies)
