"""What can go wrong when the staff act on a case: each a line that names the way out."""

import datetime

from bot.errors import BotError, UsageError


class NotAllowed(BotError):
    """Who acts may not do this."""


class NoCase(BotError):
    """There is no such case."""

    def __init__(self, case_id: str):
        super().__init__(f"there is no case {case_id}; `cases list` shows them")


class Conflict(BotError):
    """Somebody else of the staff was first: `first` is their name, `at` when, `what` the step they took."""

    def __init__(self, case_id: str, *, first: str, at: datetime.datetime, what: str):
        super().__init__(
            f"{first} was first with case {case_id} ({what}, {at:%H:%M} UTC); "
            "look at it again before you go on"
        )
        self.case = case_id
        self.first = first
        self.at = at
        self.what = what


class Empty(UsageError):
    """There is no text."""

    def __init__(self) -> None:
        super().__init__("the answer is empty")


class TooLong(UsageError):
    """The text does not fit into one message of `longest` letters."""

    def __init__(self, length: int, longest: int):
        super().__init__(f"the text has {length} letters; {longest} fit into one message")
        self.longest = longest


class Settled(BotError):
    """A reply cannot be changed any more."""

    def __init__(self) -> None:
        super().__init__("that reply cannot be changed any more; write another one")


class Closed(BotError):
    """The case is closed: it has to be reopened first."""

    def __init__(self, case_id: str):
        super().__init__(f"case {case_id} is closed; reopen it first")
