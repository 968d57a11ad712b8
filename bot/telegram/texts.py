"""The texts the Telegram edge needs beside replies, handed in by the composition."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Texts:
    """Texts by language code; `default` is the language of everyone whose own is not there.

    `apology` is said when an answer failed. `commands` are (language, (command, description)).
    `description` is seen in an empty chat, `short_description` on the bot's page.
    """

    apology: Mapping[str, str]
    commands: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    short_description: Mapping[str, str] = field(default_factory=dict)
    default: str = "es"

    def sorry(self, language: str | None) -> str:
        """Return the apology in `language`, or in the default one."""
        code = (language or "").partition("-")[0].casefold()
        return self.apology.get(code) or self.apology[self.default]
