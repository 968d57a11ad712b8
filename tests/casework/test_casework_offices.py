"""Offices: who takes what, and the day a person is promised."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.offices import Offices
from bot.errors import UsageError
from bot.settings import OfficeSettings, StaffSettings

# In La Paz, four hours behind UTC: the office is open from 12:00 to 21:00 UTC.
DEFAULT = Offices.of(StaffSettings(holidays=(datetime.date(2026, 12, 2),)))


def promised(at: str, offices: Offices = DEFAULT, country: str | None = None) -> str:
    moment = datetime.datetime.fromisoformat(at).replace(tzinfo=datetime.UTC)
    return str(offices.promise(moment, country=country, topics=(), reason="person"))


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-11-23T13:00", "2026-11-25"),  # Monday morning: Wednesday
        ("2026-11-23T20:59", "2026-11-25"),
        ("2026-11-23T21:00", "2026-11-26"),  # closed: counts from Tuesday
        ("2026-11-24T02:00", "2026-11-26"),  # Monday night there, though it is Tuesday in UTC
        ("2026-11-26T13:00", "2026-11-30"),  # a weekend between
        ("2026-11-28T13:00", "2026-12-03"),  # Saturday counts from Monday; Wednesday is a holiday
    ],
)
def test_promised_in_working_days(at: str, day: str) -> None:
    assert promised(at) == day


def test_an_office_keeps_the_holidays_of_its_country() -> None:
    offices = Offices.of(StaffSettings(offices=(OfficeSettings(name="ANDI", countries=("CO",)),)))
    assert promised("2026-12-07T13:00", offices, "CO") == "2026-12-10"  # the 8th is one in Colombia
    assert promised("2026-12-07T13:00", offices, "UY") == "2026-12-09"


def test_an_unknown_country_of_holidays_is_named() -> None:
    with pytest.raises(UsageError, match="holidays_of"):
        Offices.of(StaffSettings(offices=(OfficeSettings(name="x", holidays_of=("ZZ",)),)))


@given(st.integers(0, 24 * 365 * 4), st.integers(1, 30))
def test_no_promise_falls_on_a_free_day(hours_later: int, days: int) -> None:
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(hours=hours_later)
    hours = DEFAULT.whole.hours
    day = hours.promised(moment, days)
    assert hours.works(day)
    between = (day - hours.here(moment).date()).days
    assert sum(hours.works(day - datetime.timedelta(n)) for n in range(between)) in (days, days + 1)


def test_the_first_that_fits_takes_it() -> None:
    offices = Offices.of(
        StaffSettings(
            group_id=-1,
            offices=(
                OfficeSettings(name="network", reasons=("connect",), person="eva"),
                OfficeSettings(name="export", topics=("export",), group_id=-2),
                OfficeSettings(name="CIU", countries=("UY",)),
            ),
        )
    )

    def taking(
        country: str | None, topics: tuple[str, ...], reason: str = "person"
    ) -> tuple[str, int | None]:
        office = offices.taking(country=country, topics=topics, reason=reason)
        return office.name, office.group_id

    assert taking("UY", ("export",)) == ("export", -2)
    assert taking("UY", ("loans",)) == ("CIU", -1)
    assert taking(None, ()) == ("staff", -1)
    assert taking("UY", (), "connect") == ("network", None)
    assert offices.named("gone").name == "staff"


def test_hours_are_those_of_the_place() -> None:
    hours = Offices.of(StaffSettings(zone="America/Montevideo")).whole.hours
    assert not hours.is_open(datetime.datetime(2026, 11, 23, 10, 59, tzinfo=datetime.UTC))
    assert hours.is_open(datetime.datetime(2026, 11, 23, 11, 0, tzinfo=datetime.UTC))
    assert not hours.is_open(datetime.datetime(2026, 11, 22, 15, 0, tzinfo=datetime.UTC))
