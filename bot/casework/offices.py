"""Offices: who answers which cases, when they work, and the day an answer is promised for."""

import datetime
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import holidays as national

from bot.errors import UsageError
from bot.settings import OfficeSettings, StaffSettings

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# An office closed for longer than this has wrong settings, not a long holiday.
LONGEST_WAIT = 366


@dataclass(frozen=True, kw_only=True)
class Hours:
    """When an office works: the days, and from `opens` to `closes` by the clock of `zone`."""

    zone: zoneinfo.ZoneInfo
    days: frozenset[int]
    opens: datetime.time
    closes: datetime.time
    holidays: frozenset[datetime.date] = frozenset()
    countries: tuple[str, ...] = ()

    def here(self, at: datetime.datetime) -> datetime.datetime:
        """Return the moment by the clock of the office."""
        return at.astimezone(self.zone)

    def works(self, day: datetime.date) -> bool:
        """Say whether the office works on `day`."""
        return (
            day.weekday() in self.days
            and day not in self.holidays
            and not any(day in _holidays(country, day.year) for country in self.countries)
        )

    def is_open(self, at: datetime.datetime) -> bool:
        """Say whether somebody is there at this moment."""
        now = self.here(at)
        return self.works(now.date()) and self.opens <= now.time() < self.closes

    def next_day(self, day: datetime.date) -> datetime.date:
        """Return the first working day after `day`."""
        for _ in range(LONGEST_WAIT):
            day += datetime.timedelta(days=1)
            if self.works(day):
                break
        return day

    def promised(self, at: datetime.datetime, days: int) -> datetime.date:
        """Return the day by which a message is answered that arrives at `at`, in so many working days.

        What arrives on a free day or after closing counts as if it came on the next working day.
        """
        now = self.here(at)
        day = now.date()
        if not self.works(day) or now.time() >= self.closes:
            day = self.next_day(day)
        for _ in range(days):
            day = self.next_day(day)
        return day


@dataclass(frozen=True, kw_only=True)
class Office:
    """One office: what it takes, where its staff are shown cases, and the hours it keeps."""

    name: str
    hours: Hours
    promise_days: int
    group_id: int | None = None
    person: str | None = None
    countries: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()

    def takes(self, *, country: str | None, topics: Iterable[str], reason: str) -> bool:
        """Say whether a case of this country, about these topics, opened for this reason, is theirs."""
        return (
            (not self.countries or country in self.countries)
            and (not self.topics or not self.topics.isdisjoint(topics))
            and (not self.reasons or reason in self.reasons)
        )

    def promised(self, at: datetime.datetime) -> datetime.date:
        """Return the day a case that arrives at `at` is answered by."""
        return self.hours.promised(at, self.promise_days)


class Offices:
    """All offices in their order; the last one is the organisation as a whole and takes what is left."""

    def __init__(self, offices: Sequence[Office]):
        self._offices = tuple(offices)

    @classmethod
    def of(cls, settings: StaffSettings) -> "Offices":
        """Return the offices the settings name."""
        rest = OfficeSettings(name="staff")
        return cls([_office(each, settings) for each in (*settings.offices, rest)])

    def __iter__(self) -> Iterator[Office]:
        return iter(self._offices)

    @property
    def whole(self) -> Office:
        """The organisation as a whole."""
        return self._offices[-1]

    def named(self, name: str | None) -> Office:
        """Return the office of this name, or the whole where it was since renamed."""
        return next((office for office in self._offices if office.name == name), self.whole)

    def taking(self, *, country: str | None, topics: Iterable[str], reason: str) -> Office:
        """Return the first office that takes such a case."""
        about = tuple(topics)
        return next(
            office for office in self._offices if office.takes(country=country, topics=about, reason=reason)
        )

    def promise(
        self, at: datetime.datetime, *, country: str | None, topics: Iterable[str], reason: str
    ) -> datetime.date:
        """Return the day by which a person is answered whose case arrives at `at`."""
        return self.taking(country=country, topics=topics, reason=reason).promised(at)


def _office(office: OfficeSettings, staff: StaffSettings) -> Office:
    countries = office.countries if office.holidays_of is None else office.holidays_of
    for country in countries:
        if country not in national.list_supported_countries():
            raise UsageError(
                f"office {office.name}: holidays_of {country} is no country code (staff.offices)"
            )
    hours = Hours(
        zone=zoneinfo.ZoneInfo(office.zone or staff.zone),
        days=frozenset(WEEKDAYS.index(day) for day in office.days or staff.days),
        opens=datetime.time.fromisoformat(office.opens or staff.opens),
        closes=datetime.time.fromisoformat(office.closes or staff.closes),
        holidays=frozenset((*staff.holidays, *office.holidays)),
        # Several countries at one desk: only one organisation's days are the office's, and they say which.
        countries=countries if office.holidays_of is not None or len(countries) == 1 else (),
    )
    return Office(
        name=office.name,
        hours=hours,
        promise_days=office.promise_days or staff.promise_days,
        group_id=office.group_id or (None if office.person else staff.group_id),
        person=office.person,
        countries=frozenset(office.countries),
        topics=frozenset(office.topics),
        reasons=frozenset(office.reasons),
    )


@cache
def _holidays(country: str, year: int) -> frozenset[datetime.date]:
    return frozenset(national.country_holidays(country, years=year))
