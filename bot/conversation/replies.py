"""What the bot says, on any channel: lines of styled text with rows of buttons under them."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

# Telegram's limit for callback data, in bytes.
LONGEST_ACTION = 64


@dataclass(frozen=True)
class Span:
    """A piece of plain text, said plainly, strongly or softly; never holds markup."""

    text: str
    style: Literal["plain", "strong", "soft"] = "plain"


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Button:
    """A link button (`url`) or one that sends `action` back (ids, never positions)."""

    text: str
    action: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if (self.action is None) == (self.url is None):
            raise ValueError(f"button {self.text!r} needs either an action or a url")
        if self.action is not None and len(self.action.encode()) > LONGEST_ACTION:
            raise ValueError(f"action {self.action!r} is longer than {LONGEST_ACTION} bytes")


@dataclass(frozen=True)
class Document:
    """A file to hand over: its name, and what is in it."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Attachment:
    """A photo or a file that is with the channel already, and the id it is known by there."""

    kind: Literal["photo", "document"]
    id: str


@dataclass(frozen=True)
class Reply:
    """One message. `edits`: it replaces the message whose button was pressed (menus, options)."""

    lines: tuple[Line, ...]
    rows: tuple[tuple[Button, ...], ...] = field(default=())
    edits: bool = False
    notice: str = ""
    """A short note shown at the pressed button instead of a message, when `lines` is empty."""
    revises: str | None = None
    """The id of the event whose answer this replaces; where that cannot be edited any more, it is sent."""
    document: Document | None = None
    """A file that goes with the lines, which are then what stands under it."""
    attachment: Attachment | None = None
    """The same for what the channel has already."""

    @cached_property
    def text(self) -> str:
        """Return the text without styles."""
        return "\n".join("".join(span.text for span in line) for line in self.lines)


MARK = re.compile(r"\[(?P<kind>\w+)\](?: |$)")


def marked(kind: str, caption: str) -> str:
    """Return how a file is written down where only words are kept: "[photo] the receipt"."""
    return f"[{kind}] {caption}".strip()


def unmarked(words: str) -> str:
    """Return what is written under a file, or the words themselves where they are of none."""
    return MARK.sub("", words, count=1) if MARK.match(words) else words
