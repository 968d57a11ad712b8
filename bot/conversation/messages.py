"""Everything the bot says, by key and language; the texts are in knowledge/messages/."""

import datetime
from collections.abc import Mapping

from bot.conversation.replies import Line, Span

FALLBACK = "es"


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
