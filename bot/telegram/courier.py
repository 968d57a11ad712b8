"""The staff's words on their way to a person on Telegram: rows of the outbox."""

import datetime

from bot.conversation.replies import Reply
from bot.store import OutboxRow, PersonRow, Transaction
from bot.telegram import calls
from bot.telegram.calls import Call, Place


class TelegramCourier:
    """Brings replies to people on Telegram: each one message, which can be corrected afterwards."""

    async def post(
        self,
        reply: Reply,
        person: PersonRow,
        *,
        at: datetime.datetime,
        key: str | None,
        priority: int,
        transaction: Transaction,
    ) -> int | None:
        """Write `reply` to the outbox; return the number of its first message."""
        posted = [
            await transaction.post(
                OutboxRow(
                    chat=person.address,
                    payload=call,
                    created_at=at,
                    due_at=at,
                    priority=priority,
                    person=person.id,
                    after_key=key,
                )
            )
            for call in calls.message(reply, Place(person.address))
        ]
        return posted[0] if posted else None

    async def correct(
        self, reply: Reply, person: PersonRow, *, outbox: int, at: datetime.datetime, transaction: Transaction
    ) -> bool:
        """Change the message where it still waits, or have it edited where it was delivered.

        Just while it is being sent, and where it never arrived, it cannot be changed; nor where it took
        more than one message.
        """
        said = calls.message(reply, Place(person.address))
        posted = await transaction.message(outbox)
        if len(said) != 1 or posted is None:
            return False
        if await transaction.reword(outbox, said[0]):
            return True
        if posted.state != "sent" or posted.message_id is None:
            return False
        edit = OutboxRow(
            chat=person.address,
            payload=_edit(said[0], posted.message_id),
            created_at=at,
            due_at=at,
            priority=posted.priority,
            person=person.id,
        )
        await transaction.post(edit)
        return True


def _edit(call: Call, message_id: int) -> Call:
    return {"method": "editMessageText", "arguments": call["arguments"] | {"message_id": message_id}}
