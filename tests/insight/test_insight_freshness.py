"""Freshness: what ends soon, and what is past."""

import datetime

import pytest

from bot.advice.knowledge import Knowledge, Resource
from bot.insight.freshness import Ending, ending

DAY = datetime.date(2026, 11, 23)


def resource(tiny: Knowledge, **values: object) -> Resource:
    return tiny.resources["hn-credito"].model_copy(update=values)


def days(count: int) -> datetime.date:
    return DAY + datetime.timedelta(count)


@pytest.mark.parametrize(
    ("dates", "what", "past"),
    [
        ({"valid_until": 0}, "expires", False),
        ({"valid_until": 14}, "expires", False),
        ({"valid_until": -1}, "expires", True),
        ({"review_by": 3}, "review", False),
        ({"review_by": -3}, "review", True),
        ({"review_by": 1, "valid_until": 2}, "expires", False),
    ],
)
def test_what_ends(tiny: Knowledge, dates: dict[str, int], what: str, past: bool) -> None:
    item = resource(tiny, **{name: days(count) for name, count in dates.items()})
    (found,) = ending([item], DAY)
    assert (found.what, found.past) == (what, past)


@pytest.mark.parametrize(
    "values",
    [{"valid_until": days(15)}, {"review_by": days(15)}, {"valid_until": days(1), "status": "archived"}],
)
def test_what_does_not(tiny: Knowledge, values: dict[str, object]) -> None:
    assert ending([resource(tiny, **values)], DAY) == []


def test_the_soonest_comes_first(tiny: Knowledge) -> None:
    late, soon = (
        resource(tiny, valid_until=days(9)),
        resource(tiny, id="x", valid_until=days(2), contact="Eva"),
    )
    assert ending([late, soon], DAY) == [
        Ending("x", "expires", days(2), False, "Eva"),
        Ending("hn-credito", "expires", days(9), False, None),
    ]
    assert ending([late, soon], DAY)[0].as_data()["day"] == "2026-11-25"
