"""What reaches the conversation, whatever the channel."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """Something a person did. `id` is new for each event and names the request it may become."""

    id: str
    at: datetime.datetime


@dataclass(frozen=True)
class Said(Event):
    """The person wrote `text`; a command begins with a slash."""

    text: str


@dataclass(frozen=True)
class Pressed(Event):
    """The person pressed the button with `action`."""

    action: str


@dataclass(frozen=True)
class Sent(Event):
    """The person sent something that cannot be read: `kind` is voice, photo, document, sticker..."""

    kind: str
    caption: str = ""
