"""The texts the Telegram edge needs beside replies, handed in by the composition."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Lines = Mapping[str, str]


@dataclass(frozen=True)
class Texts:
    """Texts by language code; `default` is the language of everyone whose own is not there.

    `apology` is said when an answer failed. `lines` are what else the edge itself says, by what it is about:
    "slow" and "banned" (why nobody answers), "inline" (the button above what is offered in other chats).
    `commands` are (language, (command, description)) in private chats, `group_commands` in groups.
    `name`, `description` (seen in an empty chat) and `short_description` are the bot's page.
    """

    apology: Lines
    lines: Mapping[str, Lines] = field(default_factory=dict)
    commands: Mapping[str, Lines] = field(default_factory=dict)
    group_commands: Mapping[str, Lines] = field(default_factory=dict)
    name: Lines = field(default_factory=dict)
    description: Lines = field(default_factory=dict)
    short_description: Lines = field(default_factory=dict)
    default: str = "es"

    def sorry(self, language: str | None) -> str:
        """Return the apology in `language`, or in the default one."""
        return self._said(self.apology, language)

    def line(self, about: str, language: str | None) -> str:
        """Return the line about something in `language`, or in the default one."""
        return self._said(self.lines.get(about, {}), language)

    def _said(self, lines: Lines, language: str | None) -> str:
        code = (language or "").partition("-")[0].casefold()
        return lines.get(code) or lines.get(self.default, "")
