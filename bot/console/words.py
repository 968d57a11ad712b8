"""The console's own words, from texts/<language>.yaml, and how dates and numbers are written."""

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("es", "en", "pt")
FALLBACK = "es"


class Words:
    """The texts in every language; a key nobody wrote is a fault of the program, and shown as itself."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]):
        self._texts = texts

    @classmethod
    def read(cls, folder: Path = FOLDER) -> "Words":
        """Return the texts of the folder, one file a language."""
        return cls(
            {
                tag: dict(_flat(yaml.safe_load((folder / f"{tag}.yaml").read_text(encoding="utf-8"))))
                for tag in LANGUAGES
            }
        )

    def has(self, key: str) -> bool:
        """Say whether there is a text for `key`."""
        return key in self._texts[FALLBACK]

    def say(self, language: str, key: str, /, **values: Any) -> str:
        """Return the text for `key`, its braces filled in."""
        text = self._texts.get(language, {}).get(key) or self._texts[FALLBACK].get(key)
        if text is None:
            return key
        return text.format(**values) if values else text

    def named(self, language: str, kind: str, name: str | None) -> str:
        """Return how a code is called, `state.open` say; the code itself where it has no name."""
        key = f"{kind}.{name}"
        return self.say(language, key) if name and self.has(key) else (name or "")

    def counted(self, language: str, key: str, number: int) -> str:
        """Return `key.one` or `key.other` with the number in it."""
        form = "one" if number == 1 else "other"
        return self.say(language, f"{key}.{form}", number=self.number(language, number))

    def number(self, language: str, number: float, digits: int = 0) -> str:
        """Return a number as it is written: 10,000 in English, 10.000 elsewhere."""
        written = f"{number:,.{digits}f}"
        return written if language == "en" else written.translate(str.maketrans(",.", ".,"))

    def share(self, language: str, share: float | None) -> str:
        """Return a share of one in per cent, a dash for None."""
        return "–" if share is None else f"{self.number(language, 100 * share)} %"

    def day(self, language: str, day: datetime.date) -> str:
        """Return a day: 25 nov 2026."""
        month = self.say(language, f"month.{day.month}")
        return self.say(language, "day", day=str(day.day), month=month, year=str(day.year))

    def moment(self, language: str, moment: datetime.datetime) -> str:
        """Return a moment with its minute, in its own zone."""
        return f"{self.day(language, moment.date())}, {moment:%H:%M}"

    def ago(self, language: str, moment: datetime.datetime, now: datetime.datetime) -> str:
        """Return how long ago a moment was, in the largest unit that fits."""
        seconds = max(0, int((now - moment).total_seconds()))
        for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
            if seconds >= size:
                return self.counted(language, f"ago.{unit}", seconds // size)
        return self.say(language, "ago.now")


def _flat(texts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in texts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value).strip()
