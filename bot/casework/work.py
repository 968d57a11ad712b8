"""The life of a case in the hands of the staff: take, answer, note, pass on, close, reopen.

Each act is one transaction of the caller's, and leaves a step with who and when. An act names the
`seen` version of the case it was decided on; who comes second gets `Conflict`, and nothing is changed.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from bot.casework.courier import Courier
from bot.casework.faults import Closed, Conflict, Empty, NoCase, Settled, TooLong
from bot.casework.rights import OPERATOR, Rights
from bot.casework.voice import Voice
from bot.conversation.replies import MARK, Attachment, Reply, marked
from bot.errors import BotError, UsageError
from bot.store import STAFF, CaseRow, PersonRow, StaffRow, StepRow, Transaction
from bot.store.cases import CaseChanges

Row = TypeVar("Row")

# What Telegram takes in one message, less the line that says whose words these are.
LONGEST_REPLY = 3_500
OUTCOMES = ("answered", "referred", "no_answer", "duplicate", "not_ours")
# The steps that change whose a case is or what state it is in: the second of two such acts has to look again.
DECISIVE = ("taken", "released", "reassigned", "reply", "closed", "reopened")

# What follows once a reply is delivered or given up: the case is shown anew.
REPLY_KEY = "reply"


class Casework:
    """What the staff can do with cases. `couriers` bring their words to people, by channel."""

    def __init__(self, voice: Callable[[], Voice], couriers: Mapping[str, Courier], *, rights: Rights):
        self._voice = voice
        self._couriers = couriers
        self.rights = rights

    @property
    def couriers(self) -> Mapping[str, Courier]:
        """What brings the staff's words to people, by channel."""
        return self._couriers

    @property
    def voice(self) -> Voice:
        """What the staff speak from now."""
        return self._voice()

    # -- whose it is -----------------------------------------------------------------------------

    async def take(
        self,
        case_id: str,
        who: StaffRow,
        *,
        seen: int | None,
        at: datetime.datetime,
        transaction: Transaction,
    ) -> CaseRow:
        """Make the case theirs; nothing happens where it is already."""
        case = await self._open(case_id, who, transaction)
        if case.assigned_to == who.id and case.state != "open":
            return case
        if case.assigned_to not in (None, who.id):
            raise await _conflict(case, transaction)
        state = "assigned" if case.state == "open" else case.state
        return await self._change(
            case, who, "taken", seen=seen, at=at, transaction=transaction, state=state, assigned_to=who.id
        )

    async def release(
        self,
        case_id: str,
        who: StaffRow,
        *,
        seen: int | None,
        at: datetime.datetime,
        transaction: Transaction,
    ) -> CaseRow:
        """Give the case back to everyone: who has it may, and who may pass cases on."""
        case = await self._open(case_id, who, transaction)
        if case.assigned_to not in (None, who.id):
            self.rights.require("editor", who)
        return await self._change(
            case, who, "released", seen=seen, at=at, transaction=transaction, state="open", assigned_to=None
        )

    async def reassign(
        self,
        case_id: str,
        who: StaffRow,
        *,
        to: str,
        seen: int | None,
        at: datetime.datetime,
        transaction: Transaction,
    ) -> CaseRow:
        """Give the case to another of the staff."""
        case = await self._open(case_id, who, transaction)
        other = await transaction.staff_by_id(to)
        if other is None or not other.active:
            raise BotError(f"there is no one of the staff with the id {to}; `staff list` shows them")
        self.rights.require_work(case, other)
        state = "assigned" if case.state == "open" else case.state
        changes: CaseChanges = {"state": state, "assigned_to": other.id}
        return await self._change(
            case, who, "reassigned", text=other.name, seen=seen, at=at, transaction=transaction, **changes
        )

    # -- what is said ----------------------------------------------------------------------------

    async def reply(
        self,
        case_id: str,
        who: StaffRow,
        text: str,
        *,
        seen: int | None,
        at: datetime.datetime,
        transaction: Transaction,
    ) -> StepRow:
        """Answer the person; who answers a case nobody has, has it from then on.

        With no `seen`, the case must be theirs or nobody's.
        """
        said = _checked(text)
        voice = self.voice
        return await self._say(case_id, who, said, voice.reply, seen=seen, at=at, transaction=transaction)

    async def insert(
        self,
        case_id: str,
        who: StaffRow,
        resource_id: str,
        *,
        seen: int | None,
        at: datetime.datetime,
        transaction: Transaction,
    ) -> StepRow:
        """Send the person a resource of the knowledge."""
        voice = self.voice
        title = voice.resource_title(resource_id, "es")

        def said(_: str, language: str | None) -> Reply:
            return voice.resource(resource_id, language)

        return await self._say(
            case_id, who, f"{title} [{resource_id}]", said, seen=seen, at=at, transaction=transaction
        )

    async def attach(
        self,
        case_id: str,
        who: StaffRow,
        attachment: Attachment,
        caption: str,
        *,
        seen: int | None,
        at: datetime.datetime,
        transaction: Transaction,
    ) -> StepRow:
        """Send the person a photo or a file, with what is written under it; the case keeps its kind and that.

        Whoever is not on the channel that has it reads that there was one.
        """
        voice = self.voice

        def said(_: str, language: str | None) -> Reply:
            return replace(voice.reply(caption, language), attachment=attachment)

        words = marked(attachment.kind, caption)
        return await self._say(case_id, who, words, said, seen=seen, at=at, transaction=transaction)

    async def canned(
        self,
        case_id: str,
        who: StaffRow,
        canned_id: str,
        *,
        seen: int | None,
        at: datetime.datetime,
        transaction: Transaction,
    ) -> StepRow:
        """Send the person a canned reply in their language."""
        case, person = await self._with_person(case_id, transaction)
        text = self.voice.canned(canned_id, person.language)
        return await self.reply(case.id, who, text, seen=seen, at=at, transaction=transaction)

    async def correct(
        self, step_id: int, who: StaffRow, text: str, *, at: datetime.datetime, transaction: Transaction
    ) -> StepRow:
        """Let a reply say something else, also where it was delivered; the old words stay in the case."""
        said = _checked(text)
        step = await transaction.step(step_id)
        if step is None or step.what != "reply":
            raise BotError(f"step {step_id} is no reply; there is nothing to correct")
        if step.staff != who.id:
            self.rights.require("editor", who)
        case, person = await self._with_person(step.case, transaction)
        self.rights.require_work(case, who)
        if step.outbox is not None:
            done = await self._courier(person).correct(
                self.voice.reply(said, person.language),
                person,
                outbox=step.outbox,
                at=at,
                transaction=transaction,
            )
            if not done:
                raise Settled
        mark = MARK.match(step.text or "")
        words = marked(mark["kind"], said) if mark else said
        number = await transaction.add_step(
            case.id, at, who.name, "edited", words, staff=who.id, about=step_id
        )
        return _found(await transaction.step(number))

    async def note(
        self, case_id: str, who: StaffRow, text: str, *, at: datetime.datetime, transaction: Transaction
    ) -> StepRow:
        """Write something down for the staff alone."""
        case = await self._case(case_id, who, transaction)
        number = await transaction.add_step(case.id, at, who.name, "note", _checked(text), staff=who.id)
        return _found(await transaction.step(number))

    async def link_draft(
        self, case_id: str, who: StaffRow, draft: str, *, at: datetime.datetime, transaction: Transaction
    ) -> StepRow:
        """Write down that a draft for the knowledge came from this case; `draft` is its id or file."""
        case = await self._case(case_id, who, transaction)
        number = await transaction.add_step(case.id, at, who.name, "draft", draft, staff=who.id)
        return _found(await transaction.step(number))

    # -- how it ends -----------------------------------------------------------------------------

    async def close(
        self,
        case_id: str,
        who: StaffRow,
        outcome: str,
        *,
        seen: int | None,
        at: datetime.datetime,
        transaction: Transaction,
    ) -> CaseRow:
        """Close the case with its outcome: one of `OUTCOMES`."""
        if outcome not in OUTCOMES:
            raise UsageError(f"outcome {outcome} is not one of {', '.join(OUTCOMES)}")
        case = await self._case(case_id, who, transaction)
        if case.state == "closed":
            raise await _conflict(case, transaction)
        return await self._change(
            case,
            who,
            "closed",
            text=outcome,
            seen=seen,
            at=at,
            transaction=transaction,
            state="closed",
            closed_at=at,
            outcome=outcome,
        )

    async def reopen(
        self,
        case_id: str,
        who: StaffRow,
        *,
        seen: int | None,
        at: datetime.datetime,
        transaction: Transaction,
    ) -> CaseRow:
        """Open a closed case again; whose it was, it is."""
        case = await self._case(case_id, who, transaction)
        if case.state != "closed":
            raise BotError(f"case {case_id} is not closed; there is nothing to reopen")
        return await self._change(
            case,
            who,
            "reopened",
            seen=seen,
            at=at,
            transaction=transaction,
            state="assigned" if case.assigned_to else "open",
            closed_at=None,
            outcome=None,
        )

    # -- parts -----------------------------------------------------------------------------------

    async def _say(
        self,
        case_id: str,
        who: StaffRow,
        text: str,
        said: Callable[[str, str | None], Reply],
        *,
        seen: int | None,
        at: datetime.datetime,
        transaction: Transaction,
    ) -> StepRow:
        case = await self._open(case_id, who, transaction)
        person = await transaction.person_by_id(case.person)
        if person is None:
            raise NoCase(case_id)
        if seen is None and case.assigned_to not in (None, who.id) and who is not OPERATOR:
            raise await _conflict(case, transaction)
        owner = case.assigned_to or (None if who is OPERATOR else who.id)
        if not await transaction.change_case(
            case.id, case.version if seen is None else seen, state="answered", assigned_to=owner
        ):
            raise await _conflict(case, transaction)
        outbox = await self._courier(person).post(
            said(text, person.language),
            person,
            at=at,
            key=f"{REPLY_KEY}:{case.id}",
            priority=STAFF,
            transaction=transaction,
        )
        number = await transaction.add_step(case.id, at, who.name, "reply", text, staff=who.id, outbox=outbox)
        return _found(await transaction.step(number))

    async def _change(
        self,
        case: CaseRow,
        who: StaffRow,
        what: str,
        *,
        seen: int | None,
        at: datetime.datetime,
        transaction: Transaction,
        text: str | None = None,
        **changes: object,
    ) -> CaseRow:
        version = case.version if seen is None else seen
        if not await transaction.change_case(case.id, version, **changes):  # type: ignore[arg-type]
            raise await _conflict(case, transaction)
        await transaction.add_step(case.id, at, who.name, what, text, staff=who.id)
        return _found(await transaction.case(case.id))

    async def _case(self, case_id: str, who: StaffRow, transaction: Transaction) -> CaseRow:
        case = await transaction.case(case_id)
        if case is None:
            raise NoCase(case_id)
        self.rights.require_work(case, who)
        return case

    async def _open(self, case_id: str, who: StaffRow, transaction: Transaction) -> CaseRow:
        case = await self._case(case_id, who, transaction)
        if case.state == "closed":
            raise Closed(case_id)
        return case

    async def _with_person(self, case_id: str, transaction: Transaction) -> tuple[CaseRow, PersonRow]:
        case = await transaction.case(case_id)
        person = await transaction.person_by_id(case.person) if case else None
        if case is None or person is None:
            raise NoCase(case_id)
        return case, person

    def _courier(self, person: PersonRow) -> Courier:
        courier = self._couriers.get(person.channel)
        if courier is None:
            raise BotError(f"nothing reaches a person on {person.channel} from here")
        return courier


async def _conflict(case: CaseRow, transaction: Transaction) -> Conflict:
    """Return the conflict with whoever last decided something in the case."""
    steps = [step for step in await transaction.steps(case.id) if step.what in DECISIVE]
    if not steps:
        return Conflict(case.id, first="?", at=case.opened_at, what="changed")
    return Conflict(case.id, first=steps[-1].who, at=steps[-1].time, what=steps[-1].what)


def _checked(text: str) -> str:
    said = text.strip()
    if not said:
        raise Empty
    if len(said) > LONGEST_REPLY:
        raise TooLong(len(said), LONGEST_REPLY)
    return said


def _found(row: Row | None) -> Row:
    if row is None:  # deleted within the same transaction: cannot be
        raise LookupError("a row just written is gone")
    return row
