"""An edited message: which question it changes, how that reads now, and which message answered it."""

import datetime
from dataclasses import dataclass, replace

from bot.store import OutboxRow, Reading, Transaction
from bot.telegram.render import plain

# What the messages that answer an event are found by.
ANSWER = "answer:"
# For so long a person may edit a message; what is changed later is Telegram's doing.
EDITABLE = datetime.timedelta(hours=48)
# For so long an edit may be on its way.
ON_ITS_WAY = datetime.timedelta(minutes=1)


# What a message shows: its text without markup, and its buttons.
Shown = tuple[str, object]


@dataclass(frozen=True)
class Revision:
    """The question of `event`, with the words it has now."""

    event: str
    text: str


@dataclass(frozen=True)
class Answered:
    """A message that answered a question: its outbox row, and what it says as far as we know."""

    row: int
    text: str
    markup: object


async def revision(chat: str, message: int, text: str, *, stored: Reading) -> Revision | None:
    """Return the question that a new `text` of a message changes.

    None where the message became no question. Where the words are as they were, so is the revision's text.
    """
    versions = await stored.origins(chat, message)
    if not versions:
        return None
    event = versions[0].event
    latest = {part.message: part.update_id for part in await stored.parts(event)}
    said = {part: words(await stored.payload(update)) for part, update in sorted(latest.items())}
    return Revision(event, "\n".join((said | {message: text}).values()))


async def said_before(chat: str, message: int, stored: Reading) -> str | None:
    """Return what a message said until now; None for one that became no question."""
    versions = await stored.origins(chat, message)
    return words(await stored.payload(versions[-1].update_id)) if versions else None


def words(update: object) -> str:
    """Return the text or the caption of an update as it came."""
    contents = update.values() if isinstance(update, dict) else ()
    message = next((content for content in contents if isinstance(content, dict)), {})
    return str(message.get("text") or message.get("caption") or "")


async def answered(chat: str, event: str, stored: Reading) -> Answered | None:
    """Return the first message that answered `event`, saying what it was last made to say."""
    posted = await stored.after(chat, ANSWER + event)
    first = next((row for row in posted if row.payload.get("method") == "sendMessage"), None)
    if first is None or first.state in ("failed", "dropped"):
        return None
    versions = [first, *(row for row in posted if row.payload.get("replaces") == first.id)]
    arguments = versions[-1].payload["arguments"]
    return Answered(first.id, arguments.get("text", ""), arguments.get("reply_markup"))


def of_message(number: int) -> str:
    """Return what the edits of a message are found by, made where its buttons were pressed."""
    return f"message:{number}"


async def shown(chat: str, number: int, *, since: datetime.datetime, stored: Reading) -> Shown | None:
    """Return what a message of ours was last made to say, since `since`; None where it was not edited.

    A person who presses while an edit is still on its way presses what they see, not what is there by then.
    """
    edits = await stored.after(chat, of_message(number), since=since)
    edits = [row for row in edits if row.payload.get("method") == "editMessageText"]
    if not edits:
        return None
    arguments = edits[-1].payload["arguments"]
    return plain(arguments.get("text", "")).strip(), arguments.get("reply_markup")


async def settled(row: OutboxRow, transaction: Transaction) -> OutboxRow:
    """Return `row` ready to be sent: one that replaces an earlier message is told that message's number.

    Rows of a chat are sent in order, so by now the earlier one arrived, or never will: then this one is new.
    """
    if "replaces" not in row.payload:
        return row
    call = {name: value for name, value in row.payload.items() if name != "replaces"}
    earlier = await transaction.message(row.payload["replaces"])
    if earlier is None or earlier.message_id is None:
        return replace(row, payload=call | {"method": "sendMessage"})
    return replace(row, payload=call | {"arguments": call["arguments"] | {"message_id": earlier.message_id}})
