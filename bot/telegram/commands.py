"""What Telegram shows of the bot outside the conversation: name, commands, descriptions, per language."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from telegram.error import TelegramError

from bot.telegram import faults
from bot.telegram.server import Server
from bot.telegram.texts import Lines, Texts

log = logging.getLogger(__name__)

PRIVATE = {"type": "all_private_chats"}
GROUPS = {"type": "all_group_chats"}


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
    for scope, commands in ((PRIVATE, texts.commands), (GROUPS, texts.group_commands)):
        for where, told in _by_language(commands, texts):
            wanted = [{"command": command, "description": line} for command, line in told.items()]
            yield Setting("Commands", where | {"scope": scope}, wanted, "commands")
    pages: tuple[tuple[str, str, Lines], ...] = (
        ("Name", "name", texts.name),
        ("Description", "description", texts.description),
        ("ShortDescription", "short_description", texts.short_description),
    )
    for name, field, lines in pages:
        for where, line in _by_language(lines, texts):
            yield Setting(name, where, line, field)


def _by_language(lines: Mapping[str, Any], texts: Texts) -> Iterator[tuple[dict[str, Any], Any]]:
    """Give each with how its language is named to the server; the default one also for all the others."""
    for language, line in lines.items():
        if language == texts.default:
            yield {}, line
        yield {"language_code": language}, line
