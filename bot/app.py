"""The one composition root: settings in, everything put together.

Here the rooms meet: the advisor is built (with words alone first, where the phrases' vectors still
have to be made), the conversation is given the person as stored, and what a turn leaves behind is
written in one transaction.
"""

import asyncio
import contextlib
import dataclasses
import datetime
import logging
import secrets
import string
import threading
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar, cast

from bot.advice.knowledge import Knowledge
from bot.advisors import Advisors
from bot.casework import talk
from bot.casework.offices import Offices
from bot.conversation import actions, mydata
from bot.conversation.dialogue import Speaker, converse
from bot.conversation.events import Event, Pressed, Said
from bot.conversation.handing import CONNECT
from bot.conversation.messages import FALLBACK
from bot.conversation.offers import Offer, offers
from bot.conversation.records import (
    Asked,
    Came,
    CaseNote,
    CaseOpened,
    Consented,
    DataAsked,
    Feedback,
    Forgotten,
    Person,
    Record,
    Request,
    Subscribed,
    Turn,
    Unsubscribed,
    Withdrawn,
)
from bot.errors import BotError
from bot.settings import PrivacySettings, Settings
from bot.store import CaseRow, PersonRow, Purged, Reading, RequestRow, Sealing, Store, Transaction

log = logging.getLogger(__name__)

LETTERS = string.ascii_lowercase + string.digits
Built = TypeVar("Built")
# Before anything was stored.
LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def new_id(length: int = 10) -> str:
    """Return a random id: ten letters and digits are 51 bits, enough for any chamber."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


Erasing = Callable[[str, Transaction], Awaitable[None]]
"""What else has to go before a person is forgotten: what the staff's chats show of them."""


class Desk:
    """Takes events of people, on any channel, and keeps what follows. Holds the speaker of the moment."""

    def __init__(self, speaker: Speaker, *, offices: Offices, continue_days: int = 7):
        self.speaker = speaker
        self.through: Callable[[Turn, Knowledge], Turn] | None = None
        """Leads the links of a turn through a place that counts them; None leaves them as they are."""
        self._offices = offices
        self._continue_days = continue_days
        self.erasing: Erasing | None = None

    async def handle(
        self,
        channel: str,
        address: str,
        event: Event,
        *,
        hint_language: str | None,
        transaction: Transaction,
        stored: PersonRow | None = None,
    ) -> Turn:
        """Return the turn `event` leads to, everything it records written to `transaction`.

        `stored` is who writes, where that was just read. The answer is made from what is stored before the
        transaction, while others write. Should that have changed by the time it is written, it is made anew.
        """
        async with transaction.aside() as reading:
            stored = stored or await reading.person(channel, address)
            known = await self._known(stored, event, reading)
            asked = await self._asked(event, known[0], reading) if known else None
        while True:
            row, person = known or self._newcomer(channel, address, event, hint_language)
            if row.banned_at is not None:
                return Turn(person)
            turn = await self._turn(person, event, asked)
            now = await transaction.person(channel, address)
            if now == row or (now is None and known is None and await transaction.add_person(row)):
                break
            known = await self._known(now, event, transaction)
        for record in turn.records:
            await self._keep(record, row, event, transaction)
        if not any(isinstance(record, Forgotten) for record in turn.records):
            await transaction.update_person(row.id, last_seen=event.at, **_changes(turn.person))
        if any(isinstance(record, DataAsked) for record in turn.records):
            return await self._with_data(turn, row, event, transaction)
        return turn if self.through is None else self.through(turn, self.speaker.advisor.knowledge)

    async def _with_data(self, turn: Turn, row: PersonRow, event: Event, transaction: Transaction) -> Turn:
        """Return the turn with all that is stored of the person as files."""
        replies = mydata.handed_over(
            turn.replies[0],
            await transaction.export_person(row.id),
            self.speaker.messages,
            language=turn.person.language or FALLBACK,
            day=event.at.date(),
        )
        return dataclasses.replace(turn, replies=(*replies, *turn.replies[1:]))

    async def _asked(self, event: Event, row: PersonRow, reading: Reading) -> Asked | None:
        """Return the person's earlier request that a pressed button names; others' buttons name nothing."""
        named = actions.parse(event.action).request if isinstance(event, Pressed) else ""
        found = await reading.request(named) if named else None
        if found is None or found.person != row.id:
            return None
        return Asked(found.id, found.question, found.topics, found.country, found.outcome)

    async def _turn(self, person: Person, event: Event, asked: Asked | None) -> Turn:
        """Return what is said and done now. The encoder may take a while and works in a thread.

        Without it an answer takes a millisecond or two, less than threads lose by waiting for each other.
        """
        turn = partial(converse, self.speaker, person, event, promise=self._offices.promise, asked=asked)
        return await asyncio.to_thread(turn) if self.speaker.advisor.encoders else turn()

    async def _known(
        self, row: PersonRow | None, event: Event, reading: Reading
    ) -> tuple[PersonRow, Person] | None:
        """Return who writes as stored and as the conversation knows them, None for a newcomer."""
        if row is None:
            return None
        agreed = tuple(
            (item.purpose, item.version) for item in await reading.consents(row.id) if not item.withdrawn_at
        )
        person = dataclasses.replace(
            _person(row), consents=agreed, news=tuple(await reading.subscriptions(row.id))
        )
        return row, await self._attended(person, row, event, reading)

    async def _attended(self, person: Person, row: PersonRow, event: Event, reading: Reading) -> Person:
        """Return the person with the case one of the staff talks with them about now, if there is one."""
        number = event.answers if isinstance(event, Said) else None
        answered = await reading.case_of_message(row.address, number) if number is not None else None
        found = await talk.attended(
            row.id, at=event.at, days=self._continue_days, answered_case=answered, reading=reading
        )
        if found is None:
            return person
        return dataclasses.replace(person, attended=found.case, attended_surely=found.sure)

    def _newcomer(
        self, channel: str, address: str, event: Event, hint_language: str | None
    ) -> tuple[PersonRow, Person]:
        row = PersonRow(
            id=new_id(),
            channel=channel,
            address=address,
            pseudonym=f"p-{new_id(6)}",
            first_seen=event.at,
            last_seen=event.at,
            language=self._spoken(hint_language),
        )
        return row, _person(row)

    async def offers(
        self, person: PersonRow | None, text: str, *, hint_language: str | None, day: datetime.date
    ) -> Sequence[Offer]:
        """Return what fits the words `text` that a person is typing in some chat; records nothing."""
        known = _person(person) if person is not None else Person("")
        if known.language is None:
            known = dataclasses.replace(known, language=self._spoken(hint_language))
        return await asyncio.to_thread(offers, self.speaker, known, text, day=day)

    def _spoken(self, hint: str | None) -> str | None:
        tag = (hint or "").partition("-")[0].casefold()
        return tag if tag in self.speaker.messages.languages else None

    async def _keep(self, record: Record, row: PersonRow, event: Event, transaction: Transaction) -> None:
        match record:
            case Request():
                asked = _request_row(record, row)
                await transaction.add_or_revise_request(asked)
            case Feedback():
                if await self._asked_by(record.request, row, transaction):
                    await transaction.set_feedback(record.request, record.value, record.reason)
            case CaseOpened():
                await self._open(record, row, transaction)
            case CaseNote():
                await self._note(record, row, transaction)
            case Consented():
                await transaction.add_consent(
                    row.id, record.purpose, record.version, language=record.language, at=record.at
                )
            case Withdrawn():
                await transaction.withdraw_consent(row.id, record.purpose, record.at)
            case Subscribed():
                await transaction.subscribe(row.id, record.segment, country=record.country, at=record.at)
            case Unsubscribed():
                await transaction.unsubscribe(row.id, record.at)
            case Came():
                await transaction.add_source(row.id, record.source, known=record.known, at=record.at)
            case DataAsked():
                pass  # handed over at the end of the turn, when everything else is stored
            case Forgotten():
                if self.erasing is not None:
                    await self.erasing(row.id, transaction)
                await transaction.forget(row.id, upto=_update_of(event, row.channel))

    async def _asked_by(self, request: str | None, row: PersonRow, transaction: Transaction) -> bool:
        """Say whether the request is this person's: what a button sends back can be forged."""
        found = await transaction.request(request) if request else None
        return found is not None and found.person == row.id

    async def _open(self, opened: CaseOpened, row: PersonRow, transaction: Transaction) -> None:
        request = opened.request if await self._asked_by(opened.request, row, transaction) else None
        already = await transaction.open_case_of(row.id)
        again = already is not None and (already.request, already.reason) == (request, opened.reason)
        if again and (request or opened.reason == CONNECT):
            return  # the same button again: one question, one case
        office = self._offices.taking(country=opened.country, topics=opened.topics, reason=opened.reason)
        case = CaseRow(
            id=opened.id,
            person=row.id,
            request=request,
            reason=opened.reason,
            opened_at=opened.at,
            promised=opened.promised,
            assigned_to=office.person,
            office=office.name,
        )
        await transaction.add_case(case, who="person")

    async def _note(self, note: CaseNote, row: PersonRow, transaction: Transaction) -> None:
        case = await transaction.case(note.case) or await transaction.open_case_of(row.id)
        if case is not None and case.person == row.id:
            await talk.heard(case, note.text, waits=note.waits, at=note.at, transaction=transaction)


def _update_of(event: Event, channel: str) -> int | None:
    """The number of the Telegram update an event came from; None on other channels."""
    return int(event.id[1:], 36) if channel == "telegram" else None


def _person(row: PersonRow) -> Person:
    state = row.state or {}
    return Person(
        id=row.id,
        language=row.language,
        country=row.country,
        audience=row.audience,
        topic=state.get("topic"),
        question=state.get("question"),
        request=state.get("request"),
        expects=state.get("expects"),
        asked_country=bool(state.get("asked_country")),
        heard=state.get("heard"),
        offered=state.get("offered"),
        abroad=bool(state.get("abroad")),
        sector=row.sector,
        size=row.size,
        women_owned=row.women_owned,
        sought=state.get("sought"),
    )


def _changes(person: Person) -> dict[str, Any]:
    return {
        "language": person.language,
        "country": person.country,
        "audience": person.audience,
        "sector": person.sector,
        "size": person.size,
        "women_owned": person.women_owned,
        "state": {
            "topic": person.topic,
            "question": person.question,
            "request": person.request,
            "expects": person.expects,
            "asked_country": person.asked_country,
            "heard": person.heard,
            "offered": person.offered,
            "abroad": person.abroad,
            "sought": person.sought,
        },
    }


def _request_row(request: Request, row: PersonRow) -> RequestRow:
    return RequestRow(
        id=request.id,
        person=row.id,
        time=request.at,
        channel=row.channel,
        language=request.language,
        country=request.country,
        audience=request.audience,
        question=request.question,
        outcome=request.outcome,
        kind=request.kind,
        topics=request.topics,
        resources=request.resources,
        candidates=[list(item) for item in request.candidates],
        confidence=request.confidence,
        knowledge=request.knowledge,
    )


def speak_better_soon(advisors: Advisors, desk: Desk, *, done: Callable[[str], None]) -> threading.Thread:
    """Build the advisor with the encoder in the background for `desk`; `done` hears how it went."""

    def build() -> None:
        try:
            desk.speaker = Speaker.of(advisors.build(quietly=True))
        except BotError as error:
            done(str(error))
        else:
            done("")

    thread = threading.Thread(target=build, name="advisor", daemon=True)
    thread.start()
    return thread


async def keep_current(advisors: Advisors, desk: Desk, *, every: float) -> None:
    """Put edited knowledge into use within `every` seconds; a broken edit leaves the last good one.

    The new state is built beside the old one, which goes on answering; what is wrong is logged, once.
    """
    seen = await asyncio.to_thread(advisors.stamp)
    while True:
        await asyncio.sleep(every)
        stamp = await asyncio.to_thread(advisors.stamp)
        if stamp == seen:
            continue
        seen = stamp
        try:
            desk.speaker = Speaker.of(await beside(lambda: advisors.build(quietly=True)))
        except BotError as fault:
            log.error("the knowledge as edited is not used: %s", fault)
        except Exception as fault:  # whatever an edit breaks, what is said now goes on
            log.error("the knowledge as edited is not used: %s", type(fault).__name__)
        else:
            log.info("the knowledge as edited is in use")


async def beside(build: Callable[[], Built]) -> Built:
    """Return what `build` makes in a thread that nobody waits for when the program ends."""
    loop = asyncio.get_running_loop()
    built: asyncio.Future[Built] = loop.create_future()

    def settle(value: Built | None, fault: BaseException | None) -> None:
        if built.cancelled():
            return
        if fault is not None:
            built.set_exception(fault)
        else:
            built.set_result(cast("Built", value))

    def work() -> None:
        value: Built | None = None
        fault: BaseException | None = None
        try:
            value = build()
        except Exception as error:
            fault = error
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits for this any more
            loop.call_soon_threadsafe(settle, value, fault)

    threading.Thread(target=work, name="advisor", daemon=True).start()
    return await built


async def open_store(settings: Settings) -> Store:
    """Return the store the settings name, its tables brought up to date, sealed where there is a key."""
    key = settings.privacy.encryption_key
    return await Store.open(
        settings.database.url, sealing=Sealing(key.get_secret_value()) if key is not None else None
    )


async def purge_old(store: Store, privacy: PrivacySettings, *, now: datetime.datetime) -> Purged:
    """Let go of what is older than `privacy` allows; the words leave the file too."""
    deliveries_before = now - datetime.timedelta(days=privacy.keep_deliveries_days)
    before = now - datetime.timedelta(days=privacy.keep_days) if privacy.keep_days else LONG_AGO
    async with store.transaction() as transaction:
        purged = await transaction.purge(
            before=before, deliveries_before=deliveries_before, anonymise=privacy.then == "anonymise"
        )
    if any(dataclasses.astuple(purged)):
        await store.compact()
    return purged
