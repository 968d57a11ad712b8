"""Short messages of one person within a few seconds, gathered into one question.

Who writes "necesito plata", "para mi negocio", "en la ceiba" asks once. A message that looks like the
beginning of more is held back for a moment; a whole question never is. What is held back still waits in
the inbox, so a process killed meanwhile answers it at the next start. Under load nobody is held back.
"""

import asyncio
import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.store import InboxRow, Store

# How many messages are read as one question; a longer row of them is a flood.
AT_MOST = 5
# Seconds between two messages that may belong together. Telegram counts whole seconds.
APART = 3
# As many chats may be held back at once: holding back keeps one of the worker's hands busy.
HELD_AT_MOST = 8
# So short may a message be and still be only a part, in words.
SHORT, SHORT_OF_MANY = 3, 8
# Chats whose pauses led to nothing are remembered, so many of them.
REMEMBERED = 2_000

_WORD = re.compile(r"\w+")
_ENDED = re.compile(r"[.?!…。)]\W*$")
_TRAILING = re.compile(r"(,|:|\.\.\.|…|-)\s*$")
# Words no sentence ends with, in the three languages.
_LEADING_ON = frozenset({
    "a", "al", "ante", "con", "como", "cuando", "de", "del", "desde", "donde", "e", "el", "en", "entre",
    "es", "esta", "hasta", "la", "las", "lo", "los", "mas", "me", "mi", "mis", "ni", "no", "o", "para",
    "pero", "por", "porque", "que", "se", "ser", "si", "sin", "sobre", "su", "sus", "tengo", "soy",
    "un", "una", "unas", "unos", "y", "yo",
    "about", "and", "as", "at", "but", "by", "can", "for", "from", "have", "how", "i", "if", "in", "is",
    "my", "need", "of", "on", "or", "our", "that", "the", "to", "want", "with",
    "ao", "aos", "ate", "com", "da", "das", "do", "dos", "ela", "ele", "em", "eu", "meu", "minha", "na",
    "nas", "nos", "os", "ou", "pela", "pelo", "pra", "quero", "sao", "sem", "seu", "sou", "sua",
    "tenho", "um", "uma",
})  # fmt: skip


@dataclass(frozen=True)
class Pauses:
    """How long a message is waited for, in seconds: after a `short` one, and after an `unfinished` one."""

    short: float = 1.2
    unfinished: float = 2.5

    def after(self, text: str) -> float:
        """Return how long to wait for what may follow `text`; 0 where it stands by itself."""
        words = [word.casefold() for word in _WORD.findall(text)]
        if _TRAILING.search(text) or (words and words[-1] in _LEADING_ON and not _ENDED.search(text)):
            return self.unfinished
        if _ENDED.search(text) or len(words) > SHORT:
            return 0.0
        return self.short


AT_ONCE = Pauses(0.0, 0.0)


class Gathering:
    """Gives the worker what waits in a chat as one question, once it seems complete."""

    def __init__(
        self, store: Store, *, now: Callable[[], datetime.datetime], pauses: Pauses | None = None
    ) -> None:
        self._store = store
        self._now = now
        self._pauses = pauses or Pauses()
        self._held: set[str] = set()
        self._in_vain: dict[str, int] = {}

    async def rows(self, first: InboxRow) -> tuple[InboxRow, ...]:
        """Return `first` and what belongs to it, waiting for more of it where that is likely."""
        if self._pauses == AT_ONCE or not is_part(first):
            return (first,)
        found, more = await self._waiting(first)
        paused = False
        while not more and (pause := self._pause(found)):
            paused = True
            self._held.add(str(first.chat))
            try:
                await asyncio.sleep(pause)
            finally:
                self._held.discard(str(first.chat))
            found, more = await self._waiting(first)
        if paused:
            self._learn(str(first.chat), in_vain=len(found) == 1)
        return tuple(found)

    async def _waiting(self, first: InboxRow) -> tuple[list[InboxRow], bool]:
        """Return what belongs together by now, and whether something else waits behind it already."""
        async with self._store.glance() as now:
            waiting = await now.waiting_in(str(first.chat), AT_MOST + 1)
        later = [row for row in waiting if row.update_id > first.update_id]
        found = together([first, *later], self._pauses)
        return found, len(found) <= len(later)

    def _pause(self, found: Sequence[InboxRow]) -> float:
        """Return for how long more may be waited for, 0 where it is time to answer."""
        chat = str(found[0].chat)
        if len(found) == AT_MOST or not is_part(found[-1]) or len(self._held - {chat}) >= HELD_AT_MOST:
            return 0.0
        wanted = self._pauses.after(words(found[-1]))
        if len(found) > 1 and not _ENDED.search(words(found[-1])):
            wanted = max(wanted, self._pauses.short)
        elif wanted <= self._pauses.short:
            wanted /= 2 ** self._in_vain.get(chat, 0)
        left = wanted - (self._now() - found[-1].received_at).total_seconds()
        return left if left > 0.05 else 0.0

    def _learn(self, chat: str, *, in_vain: bool) -> None:
        """Halve the pause of who was waited for and wrote nothing more; who did is waited for again."""
        if len(self._in_vain) > REMEMBERED:
            self._in_vain.clear()
        self._in_vain[chat] = self._in_vain.get(chat, 0) + 1 if in_vain else 0


def together(waiting: Sequence[InboxRow], pauses: Pauses) -> list[InboxRow]:
    """Return the first of `waiting` with those after it that are the same question.

    Two whole questions stay two, however fast they were written. Whatever else comes between ends it.
    """
    found = [waiting[0]]
    for row in waiting[1:AT_MOST]:
        last = found[-1]
        if not is_part(row) or _date(row) - _date(last) > APART:
            break
        many = len(_WORD.findall(words(row))) > SHORT_OF_MANY
        if many or not (pauses.after(words(last)) or pauses.after(words(row))):
            break
        found.append(row)
    return found


def is_part(row: InboxRow) -> bool:
    """Say whether an update may be part of a question: a plain text of a person in their own chat."""
    message = row.payload.get("message")
    if not isinstance(message, dict) or not row.chat or not row.chat.isdecimal():
        return False
    text = message.get("text")
    return isinstance(text, str) and not text.startswith("/") and "forward_origin" not in message


def words(row: InboxRow) -> str:
    """Return the text of an update that is a part."""
    return str(row.payload["message"]["text"])


def joined(rows: Sequence[InboxRow]) -> dict[str, Any]:
    """Return the update of the first row, saying what all of them say, a line each."""
    first = rows[0].payload
    if len(rows) == 1:
        return first
    message = {name: value for name, value in first["message"].items() if name != "entities"}
    return first | {"message": message | {"text": "\n".join(words(row) for row in rows)}}


def _date(row: InboxRow) -> int:
    date = row.payload["message"].get("date")
    return date if isinstance(date, int) else 0
