"""What reaches the conversation, whatever the channel."""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Event:
    """Something a person did. `id` is new for each event and names the request it may become.

    `in_group`: others read along, so answers are brief and nothing personal is asked.
    """

    id: str
    at: datetime.datetime
    in_group: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Said(Event):
    """The person wrote `text`; a command begins with a slash. Lines joined by line breaks are one question.

    `revises` is the id of the earlier event whose words these replace: its request is rewritten, and the
    first reply takes the place of its answer. `answers` is the channel's number of the message they answer,
    where they answer one.
    """

    text: str
    revises: str | None = field(default=None, kw_only=True)
    answers: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Pressed(Event):
    """The person pressed the button with `action`."""

    action: str


@dataclass(frozen=True)
class Sent(Event):
    """The person sent something that cannot be read: `kind` is voice, photo, document, sticker..."""

    kind: str
    caption: str = ""
    revises: str | None = field(default=None, kw_only=True)
