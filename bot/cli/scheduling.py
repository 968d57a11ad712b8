"""What happens by the clock while the bot runs: the list of jobs."""

import datetime
from collections.abc import Awaitable, Callable

from bot import tending
from bot.app import Desk, beside, purge_old
from bot.casework.offices import Office, Offices
from bot.conversation.messages import lines
from bot.conversation.replies import Document, Line, Reply, Span
from bot.insight import digest, sheets
from bot.insight.freshness import ending
from bot.insight.vectors import QuestionVectors
from bot.schedule import Job
from bot.settings import Settings
from bot.store import Store
from bot.telegram.staff_group import StaffGroup
from bot.telegram.staff_group_cards import erase

WEEK = datetime.timedelta(days=7)
OFTEN, HOURLY = datetime.timedelta(minutes=5), datetime.timedelta(hours=1)
# Long after the last repetition anything could be mistaken for.
NOTES_KEPT = datetime.timedelta(days=400)
# A phone shows a digest of this length in a few screens; all of it is in `report`.
LONGEST_DIGEST, MOST_NAMED = 3_500, 15
# For so many seconds unanswered questions of a week are read for what they mean, the newest first.
LONGEST_READ = 60.0


class Jobs:
    """The jobs of one organisation, over its store, its staff's chats and what the bot speaks from."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        desk: Desk,
        staff: StaffGroup,
        *,
        now: Callable[[], datetime.datetime],
    ):
        self._settings = settings
        self._store = store
        self._desk = desk
        self._staff = staff
        self._offices = Offices.of(settings.staff)
        self._now = now

    @property
    def all(self) -> list[Job]:
        """All jobs; each does what is due by now, and nothing twice."""
        return [
            self._job("reminders", OFTEN, self.remind),
            self._job("weekly digest", HOURLY, self.digest),
            self._job("freshness warning", HOURLY, self.freshness),
            self._job("retention", HOURLY, self.retention),
        ]

    def _job(self, name: str, every: datetime.timedelta, run: Callable[[], Awaitable[None]]) -> Job:
        """Return the job; of all processes on one database one does it at a time, the next finds it done."""

        async def alone() -> None:
            async with self._store.alone(f"job {name}"):
                await run()

        return Job(name, every, alone)

    async def remind(self) -> None:
        """Remind the staff of what is overdue and of what lapses soon."""
        async with self._store.transaction() as transaction:
            posted = await self._staff.cards.remind(transaction)
        if posted:
            self._staff.posted()

    async def digest(self) -> None:
        """Write what the week before this one taught into the staff group, once its office is open.

        All of it goes along as a workbook: a digest in a chat is as long as a phone shows.
        """
        office, week = self._whole, self._week
        if not self._may_write(office) or await self._done(f"digest:{week}"):
            return
        knowledge, language = self._desk.speaker.advisor.knowledge, self._settings.staff.language
        until = datetime.datetime.combine(week, datetime.time(), datetime.UTC)
        since = until - WEEK
        read = QuestionVectors(lambda: self._desk.speaker.advisor.quickest, seconds=LONGEST_READ).of
        # In a thread that nobody waits for: where there is much to read, a stop is not held up by it.
        made = await tending.report(self._store, knowledge, since=since, until=until, read=read, apart=beside)
        shown = digest.digest(made)
        workbook = sheets.workbook({"digest": (digest.COLUMNS, digest.as_rows(shown))})
        name = self._said("staff.announced.digest_file", day=str(since.date()))
        text = Reply(_lines(tending.said_digest(shown, knowledge, language)))
        await self._announce(
            f"digest:{week}", office, text, Reply((), document=Document(f"{name}.xlsx", workbook))
        )

    async def freshness(self) -> None:
        """Name, once a week, the resources that end soon or are overdue for a look."""
        office, week = self._whole, self._week
        if not self._may_write(office) or await self._done(f"freshness:{week}"):
            return
        knowledge = self._desk.speaker.advisor.knowledge
        found = ending(knowledge.resources.values(), office.hours.here(self._now()).date())
        if not found:
            return
        named = "\n".join(f"{item.day} {item.resource}" for item in found[:MOST_NAMED])
        heading = self._said("staff.announced.freshness", n=str(len(found)))
        await self._announce(f"freshness:{week}", office, Reply(lines(f"{heading}\n{named}")))

    async def dead_links(self, urls: list[str]) -> None:
        """Tell the staff of addresses that do not open any more."""
        if self._whole.group_id is None or not urls:
            return
        heading = self._said("staff.announced.links", n=str(len(urls)))
        text = "\n".join([heading, *urls[:MOST_NAMED]])
        await self._announce(f"links:{self._now():%Y-%m-%d}", self._whole, Reply(lines(text)))

    async def retention(self) -> None:
        """Let go of what is older than it may be kept, once a day."""
        at = self._now()
        key = f"retention:{at:%Y-%m-%d}"
        if await self._done(key):
            return
        await self._erase_old_cards(at)
        await purge_old(self._store, self._settings.privacy, now=at)
        async with self._store.transaction() as transaction:
            await transaction.forget_jobs(at - NOTES_KEPT)
            await transaction.once(key, at)

    async def _erase_old_cards(self, at: datetime.datetime) -> None:
        """Have the staff's chats cleared of the cases that are let go of."""
        days = self._settings.privacy.keep_days
        if not days:
            return
        before = at - datetime.timedelta(days=days)
        async with self._store.transaction() as transaction:
            for case in await transaction.cases(state="closed", closed_before=before):
                await erase(case.id, at=at, transaction=transaction)

    # -- parts -------------------------------------------------------------------------------------

    @property
    def _whole(self) -> Office:
        return self._offices.whole

    @property
    def _week(self) -> datetime.date:
        """The Monday of this week."""
        today = self._whole.hours.here(self._now()).date()
        return today - datetime.timedelta(days=today.weekday())

    def _may_write(self, office: Office) -> bool:
        return office.group_id is not None and office.hours.is_open(self._now())

    def _said(self, key: str, **values: str) -> str:
        return self._desk.speaker.messages.say(self._settings.staff.language, key, **values)

    async def _done(self, key: str) -> bool:
        async with self._store.reading() as reading:
            return await reading.is_done(key)

    async def _announce(self, key: str, office: Office, *replies: Reply) -> None:
        async with self._store.transaction() as transaction:
            if await transaction.once(key, self._now()):
                for reply in replies:
                    await self._staff.cards.announce(reply, str(office.group_id), transaction)
        self._staff.posted()


def _lines(markdown: str) -> tuple[Line, ...]:
    """Return the digest's Markdown as lines: headings strong, stars as bullets."""
    said: list[Line] = []
    for line in markdown[:LONGEST_DIGEST].splitlines():
        heading = line.startswith("#")
        said.append((Span(line.lstrip("# ") if heading else line, "strong" if heading else "plain"),))
    return tuple(said)
