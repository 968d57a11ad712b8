"""Cards: where a case is shown in the staff's chats, and which message there belongs to which case."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update

from bot.store.cases import CaseRow
from bot.store.connected import Connected
from bot.store.queue import UNCLOSED
from bot.store.tables import case_cards, cases, outbox, staff_messages


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """The card of a case in one chat.

    `thread_id` is its topic where the chat has topics, `message_id` the card itself once it is there.
    `shown` is the number of changes of the case it shows; `pending` the outbox row that will change it;
    `told` the last step of the person that was passed on beside it.
    """

    case: str
    chat: str
    thread_id: int | None = None
    message_id: int | None = None
    shown: int | None = None
    pending: int | None = None
    told: int | None = None


class CardChanges(TypedDict, total=False):
    """What may change in a card; what is not named stays."""

    thread_id: int | None
    message_id: int | None
    shown: int | None
    pending: int | None
    told: int | None


class CardsReading(Connected):
    """What can be asked about cards and the messages around them."""

    async def cards(self, case_id: str) -> list[CardRow]:
        """Return the cards of a case, one for each chat it is shown in."""
        rows = await self._rows(select(*_SHOWN).where(case_cards.c.case == case_id))
        return [CardRow(**row) for row in rows]

    async def card(self, case_id: str, chat: str) -> CardRow | None:
        """Return the card of a case in `chat`, None if it is not shown there."""
        row = await self._row(select(*_SHOWN).where(_card(case_id, chat)))
        return CardRow(**row) if row else None

    async def case_in_thread(self, chat: str, thread_id: int) -> str | None:
        """Return the id of the case whose topic this is."""
        found: str | None = await self._value(
            select(case_cards.c.case).where(case_cards.c.chat == chat, case_cards.c.thread_id == thread_id)
        )
        return found

    async def staff_message(self, chat: str, message_id: int) -> tuple[str, int | None] | None:
        """Return the case a message in a staff chat belongs to, and the step it made, if it made one."""
        row = await self._row(
            select(staff_messages.c.case, staff_messages.c.step).where(
                staff_messages.c.chat == chat, staff_messages.c.message_id == message_id
            )
        )
        return (row["case"], row["step"]) if row else None

    async def messages_of_case(self, case_id: str, chat: str) -> list[int]:
        """Return the messages in a staff chat that belong to a case."""
        rows = await self._rows(
            select(staff_messages.c.message_id).where(
                staff_messages.c.case == case_id, staff_messages.c.chat == chat
            )
        )
        return [row["message_id"] for row in rows]

    async def message_of_step(self, step: int) -> tuple[str, int] | None:
        """Return where in a staff chat a step was written: the chat and the message."""
        row = await self._row(
            select(staff_messages.c.chat, staff_messages.c.message_id).where(staff_messages.c.step == step)
        )
        return (row["chat"], row["message_id"]) if row else None

    async def cards_wait(self) -> bool:
        """Say whether some card shows less than happened, or some open case has none."""
        return bool(await self.stale_cards(1) or await self.cases_without_card(1))

    async def stale_cards(self, limit: int) -> list[CardRow]:
        """Return cards that show less than happened and that nothing is changing already."""
        rows = await self._rows(
            select(*_SHOWN)
            .join(cases, cases.c.id == case_cards.c.case)
            .outerjoin(outbox, outbox.c.id == case_cards.c.pending)
            .where(
                case_cards.c.behind,  # what leads to the few among years of cards
                # What was dropped, or forgotten with age, will not change it any more.
                or_(case_cards.c.pending.is_(None), outbox.c.id.is_(None), outbox.c.state == "dropped"),
                or_(case_cards.c.shown.is_(None), case_cards.c.shown != cases.c.changes),
            )
            .order_by(cases.c.opened_at, cases.c.id)
            .limit(limit)
        )
        return [CardRow(**row) for row in rows]

    async def cases_without_card(self, limit: int, *, passing: Sequence[str] = ()) -> list[CaseRow]:
        """Return cases nobody of the staff is shown yet, oldest first; closed ones and `passing` left out."""
        shown = select(case_cards.c.case).where(case_cards.c.case == cases.c.id).exists()
        rows = await self._rows(
            select(cases)
            .where(and_(cases.c.state.in_(UNCLOSED), ~shown, cases.c.id.not_in(passing)))
            .order_by(cases.c.opened_at, cases.c.id)
            .limit(limit)
        )
        return [CaseRow(**row) for row in rows]


class CardsWriting(Connected):
    """What can be changed about cards and the messages around them."""

    async def add_card(self, card: CardRow) -> None:
        """Store that a case is to be shown in a chat."""
        await self._change(insert(case_cards).values(vars(card)))

    async def set_card(self, case_id: str, chat: str, **changes: Unpack[CardChanges]) -> bool:
        """Change what is named of a card and nothing else; return False for an unknown card."""
        changed = await self._change(update(case_cards).where(_card(case_id, chat)).values(**changes))
        if changed and "shown" in changes:
            # By itself, with the row in hand: on PostgreSQL it sees what happened while that was waited for.
            happened = select(cases.c.changes).where(cases.c.id == case_id).scalar_subquery()
            behind = case_cards.c.shown.is_distinct_from(happened)
            await self._change(update(case_cards).where(_card(case_id, chat)).values(behind=behind))
        return changed

    async def drop_card(self, case_id: str, chat: str) -> bool:
        """Forget that a case was shown in a chat; return False for an unknown card."""
        return await self._change(delete(case_cards).where(_card(case_id, chat)))

    async def keep_staff_message(
        self, chat: str, message_id: int, case_id: str, step: int | None = None
    ) -> None:
        """Store that a message in a staff chat belongs to a case; a second time the newer step counts."""
        known = and_(staff_messages.c.chat == chat, staff_messages.c.message_id == message_id)
        if not await self._change(update(staff_messages).where(known).values(case=case_id, step=step)):
            values = {"chat": chat, "message_id": message_id, "case": case_id, "step": step}
            await self._change(insert(staff_messages).values(values))


# Whether a card is behind is for finding it, and nobody else's to know.
_SHOWN = [case_cards.c[part.name] for part in fields(CardRow)]


def _card(case_id: str, chat: str) -> ColumnElement[bool]:
    return and_(case_cards.c.case == case_id, case_cards.c.chat == chat)
