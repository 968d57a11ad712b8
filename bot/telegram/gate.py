"""Who is not answered for now: who was banned, and who writes faster than can be answered."""

import datetime
from dataclasses import dataclass

from bot.conversation.events import Event, Pressed, Said, Sent
from bot.conversation.replies import Reply, Span
from bot.store import PersonRow, Reading, RequestRow
from bot.telegram.texts import Texts

# So many updates within so long are a flood, where the person does not wait for the answers.
MANY, WITHIN = 15, datetime.timedelta(seconds=10)
# So many answers wait to be sent to a chat before more are made; Telegram lets one a second through.
BEHIND = 10
# For how long a flood is known to have been told; and how long the person is asked to wait, in seconds.
TOLD = datetime.timedelta(seconds=30)
REST = 10

SLOW, BANNED = "slow", "banned"
THROTTLED = "throttled"


@dataclass(frozen=True)
class Refusal:
    """Why nobody is asked for an answer; `told` where the person knows already."""

    why: str
    told: bool
    person: PersonRow

    def reply(self, texts: Texts, hint: str | None) -> tuple[Reply, ...]:
        """Return the one line that is said, or nothing the second time."""
        line = texts.line(self.why, self.person.language or hint).format(seconds=REST)
        return () if self.told else (Reply(lines=((Span(line.strip()),),)),)


async def refusal(
    person: PersonRow | None, chat: str, update_id: int, *, now: datetime.datetime, stored: Reading
) -> Refusal | None:
    """Return why an update of `person` is not answered, None where it is."""
    if person is None:
        return None
    if person.banned_at is not None:
        told = await stored.after(chat, BANNED, since=person.banned_at)
        return Refusal(BANNED, bool(told), person)
    if await _floods(chat, update_id, now=now, stored=stored):
        told = await stored.after(chat, SLOW, since=now - TOLD)
        return Refusal(SLOW, bool(told), person)
    return None


async def _floods(chat: str, update_id: int, *, now: datetime.datetime, stored: Reading) -> bool:
    """Say whether the chat is written to faster than it can be answered.

    Who waits for each answer, however quickly they go on then, never does.
    """
    behind = await stored.behind(chat)
    if behind >= BEHIND:
        return True
    if await stored.arrived(chat, update_id, since=now - WITHIN) <= MANY:
        return False
    return behind > 0 or len(await stored.waiting_in(chat, 2)) > 1


def noted(event: Event, person: PersonRow) -> RequestRow | None:
    """Return the log's row of what was written but not answered; nothing for a command or a button."""
    if isinstance(event, Pressed) or (isinstance(event, Said) and event.text.startswith("/")):
        return None
    revised = getattr(event, "revises", None)
    question = event.text if isinstance(event, Said) else event.caption if isinstance(event, Sent) else ""
    return RequestRow(
        id=revised or event.id,
        person=person.id,
        time=event.at,
        channel=person.channel,
        question=question,
        outcome=THROTTLED,
        kind=event.kind if isinstance(event, Sent) else None,
        language=person.language,
        country=person.country,
    )
