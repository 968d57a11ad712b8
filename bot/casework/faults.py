"""What can go wrong when the staff act on a case: each a line that names the way out."""

import datetime

from bot.errors import BotError


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


class Closed(BotError):
    """The case is closed: it has to be reopened first."""

    def __init__(self, case_id: str):
        super().__init__(f"case {case_id} is closed; reopen it first")
