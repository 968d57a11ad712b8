"""Who is not answered for now: who was banned, and who writes faster than can be answered."""

import datetime
from dataclasses import dataclass

from bot.conversation.events import Event, Pressed, Said, Sent
from bot.conversation.replies import Reply, Span
from bot.store import InboxRow, PersonRow, Reading, RequestRow
from bot.telegram.texts import Texts

# So many updates written within so long are a flood, where the person does not wait for the answers.
MANY, WITHIN = 15, datetime.timedelta(seconds=10)
# So many written within as long are one already where as many answers wait to be sent: Telegram lets one a
# second through.
BEHIND = 10
# Of a chat's last updates so many are looked at: in a group others write between.
LOOKED_AT = 60
# How long the person is asked to wait, in seconds; for as long the flood counts as told.
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
    person: PersonRow | None, chat: str, row: InboxRow, *, now: datetime.datetime, stored: Reading
) -> Refusal | None:
    """Return why an update of `person` is not answered, None where it is."""
    if person is None:
        return None
    if person.banned_at is not None:
        told = await stored.after(chat, BANNED, since=person.banned_at)
        return Refusal(BANNED, bool(told), person)
    if await _floods(chat, row, stored):
        said = await stored.after(chat, SLOW, since=now - datetime.timedelta(seconds=REST))
        told = [line for line in said if line.state not in ("failed", "dropped")]
        return Refusal(SLOW, bool(told), person)
    return None


async def _floods(chat: str, row: InboxRow, stored: Reading) -> bool:
    """Say whether the chat is written to faster than it can be answered.

    That goes by when things were written, not by when they arrived: what waited while the bot was away
    arrives at once. Who waits for each answer, however quickly they go on then, never floods.
    """
    at = written_at(row)
    earlier = await stored.nth_before(chat, row.update_id, BEHIND - 1)
    if earlier is None or written_at(earlier) < at - WITHIN:
        return False
    behind = await stored.behind(chat)
    if not behind and len(await stored.waiting_in(chat, 2)) < 2:
        return False
    before = await stored.before(chat, row.update_id, LOOKED_AT)
    theirs = (other for other in before if _author(other) == _author(row))
    written = 1 + sum(at - WITHIN <= written_at(other) <= at for other in theirs)
    return written > MANY or (written >= BEHIND and behind >= BEHIND)


def written_at(row: InboxRow) -> datetime.datetime:
    """Return when a message was written or last changed; of a press only its arrival is known."""
    message = row.payload.get("message") or row.payload.get("edited_message") or {}
    date = message.get("edit_date") or message.get("date")
    return datetime.datetime.fromtimestamp(date, datetime.UTC) if isinstance(date, int) else row.received_at


def _author(row: InboxRow) -> object:
    contents = (content for content in row.payload.values() if isinstance(content, dict))
    return next((content.get("from", {}).get("id") for content in contents), None)


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
