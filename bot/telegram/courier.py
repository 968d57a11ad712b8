"""The staff's words on their way to a person on Telegram: rows of the outbox."""

import datetime
from dataclasses import replace

from bot.conversation.replies import Reply
from bot.store import OutboxRow, PersonRow, Transaction
from bot.telegram import calls
from bot.telegram.calls import Place


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

        Of a photo or a file that is what stands under it. Just while it is being sent, and where it never
        arrived, it cannot be changed; nor where it took more than one message.
        """
        posted = await transaction.message(outbox)
        if posted is None:
            return False
        said = calls.message(
            replace(reply, attachment=calls.attachment(posted.payload)), Place(person.address)
        )
        if len(said) != 1:
            return False
        if await transaction.reword(outbox, said[0]):
            return True
        if posted.state != "sent" or posted.message_id is None:
            return False
        edit = OutboxRow(
            chat=person.address,
            payload=calls.corrected(said[0], posted.message_id),
            created_at=at,
            due_at=at,
            priority=posted.priority,
            person=person.id,
        )
        await transaction.post(edit)
        return True
