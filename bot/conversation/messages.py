"""Everything the bot says, by key and language; the texts are in knowledge/messages/."""

import datetime
from collections.abc import Mapping, Sequence

from bot.advice.text import fold
from bot.conversation.replies import Line, Span

FALLBACK = "es"
# In Spanish "y" becomes "e" before these; before "hie" and "ia" it stays.
I_SOUND = tuple(first + second for first in ("i", "hi") for second in "bcdfghjklmnpqrstvxyz")


class Messages:
    """The texts of one state of the knowledge."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]):
        self._texts = texts

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are texts in."""
        return tuple(self._texts)

    def has(self, key: str) -> bool:
        """Say whether there is a text for `key`."""
        return any(key in texts for texts in self._texts.values())

    def say(self, language: str, key: str, **values: str) -> str:
        """Return the text for `key`, its braces filled in; the key itself where nobody wrote one."""
        for tag in (language, FALLBACK, *self._texts):
            text = self._texts.get(tag, {}).get(key)
            if text is not None:
                return text.format(**values) if values else text
        return key

    def listed(self, language: str, items: Sequence[str]) -> str:
        """Return `items` as people list them: "inglés y español", "español e inglés"."""
        if len(items) < 2:
            return "".join(items)
        key = "list.last_i" if fold(items[-1]).startswith(I_SOUND) else "list.last"
        return self.say(language, key, rest=", ".join(items[:-1]), last=items[-1])

    def day(self, language: str, day: datetime.date) -> str:
        """Return `day` as people say it: "jueves 26 de noviembre"."""
        return self.say(
            language,
            "date.day",
            weekday=self.say(language, f"date.weekday.{day.weekday()}"),
            day=str(day.day),
            month=self.say(language, f"date.month.{day.month - 1}"),
        )


def lines(text: str) -> tuple[Line, ...]:
    """Return a text without styles as lines."""
    return tuple((Span(line),) for line in text.strip().split("\n"))
