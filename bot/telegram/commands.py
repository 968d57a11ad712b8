"""What Telegram shows of the bot outside the conversation: its commands and descriptions, per language."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from telegram.error import TelegramError

from bot.telegram import faults
from bot.telegram.server import Server
from bot.telegram.texts import Texts

log = logging.getLogger(__name__)

PRIVATE = {"type": "all_private_chats"}


@dataclass(frozen=True)
class Setting:
    """One thing the server keeps: how it is read and written, in which language, and what it should be."""

    name: str
    where: Mapping[str, Any]
    wanted: Any
    field: str

    def differs(self, kept: Any) -> bool:
        """Say whether what the server keeps is not what is wanted."""
        return bool((kept.get(self.field) if isinstance(kept, dict) else kept) != self.wanted)


async def publish(server: Server, texts: Texts) -> None:
    """Bring the server up to date, writing only what differs; a failure is logged, no more."""
    for setting in settings(texts):
        try:
            if setting.differs(await server.call(f"getMy{setting.name}", setting.where)):
                await server.call(f"setMy{setting.name}", {**setting.where, setting.field: setting.wanted})
        except TelegramError as error:
            log.warning("Telegram: setMy%s: %s", setting.name, faults.told(error))


def settings(texts: Texts) -> Iterator[Setting]:
    """Give all that should be kept at the server."""
    for language, commands in texts.commands.items():
        wanted = [{"command": command, "description": told} for command, told in commands.items()]
        yield Setting("Commands", _in(language, texts) | {"scope": PRIVATE}, wanted, "commands")
    for language, text in texts.description.items():
        yield Setting("Description", _in(language, texts), text, "description")
    for language, text in texts.short_description.items():
        yield Setting("ShortDescription", _in(language, texts), text, "short_description")


def _in(language: str, texts: Texts) -> dict[str, Any]:
    """Return how `language` is named to the server: the default one goes without a name."""
    return {} if language == texts.default else {"language_code": language}
