"""Small counts: what is hidden cannot be worked out from what is shown."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.suppression import LEAST, Part, Percent, shares, small, suppress

NAMES = "abcd"
COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=4).map(
    lambda list: dict(zip(NAMES, list, strict=False))
)


@pytest.mark.parametrize(
    ("counts", "shown", "total"),
    [
        ({"a": 10, "b": 7}, {"a": 10, "b": 7}, 17),
        ({"a": 10, "b": 0}, {"a": 10, "b": 0}, 10),
        ({"a": 10, "b": 7, "c": 3}, {"a": 10, "b": None, "c": None}, 20),
        ({"a": 10, "b": 3, "c": 4}, {"a": 10, "b": None, "c": None}, 17),
        ({"a": 10, "b": 1, "c": 2}, {"a": None, "b": None, "c": None}, 13),
        ({"a": 10, "b": 4, "c": 4}, {"a": None, "b": None, "c": None}, 18),
        ({"a": 3}, {"a": None}, None),
        ({"a": 2, "b": 1}, {"a": None, "b": None}, None),
        ({"a": 4, "b": 4}, {"a": None, "b": None}, None),
        ({}, {}, 0),
    ],
)
def test_suppress(counts: dict[str, int], shown: dict[str, int | None], total: int | None) -> None:
    told = suppress(counts)
    assert (told.shown, told.total) == (shown, total)


@given(COUNTS)
def test_a_small_count_is_never_shown(counts: dict[str, int]) -> None:
    assert [count for count in suppress(counts).shown.values() if count is not None and small(count)] == []


@given(COUNTS)
def test_a_small_count_cannot_be_worked_out(counts: dict[str, int]) -> None:
    """Of all ways to fill in what is hidden so that the total holds, each small one could be another."""
    told = suppress(counts)
    if told.total is None:
        return
    hidden = sorted(told.hidden)
    left = told.total - sum(count for count in told.shown.values() if count is not None)
    fitting = [guess for guess in product(range(1, left + 1), repeat=len(hidden)) if sum(guess) == left]
    for place, name in enumerate(hidden):
        if small(counts[name]):
            assert len({guess[place] for guess in fitting}) > 1


@pytest.mark.parametrize(
    ("parts", "told", "whole"),
    [
        ({"a": (100, 60), "b": (50, 40)}, {"a": Percent(60), "b": Percent(80)}, Percent(67)),
        ({"a": (100, 100)}, {"a": Percent(100)}, Percent(100)),
        ({"a": (100, 98), "b": (50, 40), "c": (80, 40)},
         {"a": Percent(95, "over"), "b": None, "c": Percent(50)},
         Percent(77)),
        ({"a": (100, 2)}, {"a": Percent(6, "under")}, Percent(6, "under")),
        ({"a": (6, 3)}, {"a": None}, None),
        ({}, {}, None),
    ],
)  # fmt: skip
def test_shares(
    parts: dict[str, tuple[int, int]], told: dict[str, Percent | None], whole: Percent | None
) -> None:
    assert shares({name: Part(*part) for name, part in parts.items()}) == (told, whole)


@given(st.integers(1, 200).flatmap(lambda asked: st.tuples(st.just(asked), st.integers(0, asked))))
def test_a_bound_holds_and_names_no_small_count(part: tuple[int, int]) -> None:
    asked, answered = part
    share = shares({"a": Part(asked, answered)})[0]["a"]
    if share is None:
        return
    if share.bound == "over":
        assert 100 * answered / asked > share.value
        assert asked - asked * share.value / 100 >= LEAST
    elif share.bound == "under":
        assert 100 * answered / asked < share.value
        assert asked * share.value / 100 >= LEAST
    else:
        assert not small(answered)
        assert not small(asked - answered)
