"""Reports: charts with words, tables of what they show, and no count that tells who asked."""

import re

import pytest
from asked import case, question
from office import NOON, Office

from bot.console import charts
from bot.console.charts import Point


async def many(office: Office, number: int, **values: object) -> None:
    """Let `number` people ask, one an hour."""
    country = values.get("country")
    for n in range(number):
        await question(office.store, f"{country}{n}", person=f"{country}{n}", ago=n + 1, **values)


async def test_figures_are_counted(office: Office) -> None:
    await many(office, 8, country="UY", topics=("loans",))
    await many(office, 6, country="AR", topics=("export",), outcome="no_match", language="pt")
    text = (await (await office.signed_in("vera")).get("/reports")).text
    assert re.findall(r"<b>(.*?)</b><span>(Questions|People)</span>", text) == [
        ("14", "Questions"),
        ("14", "People"),
    ]
    assert re.search(r"<b>57 %</b><span>Answered", text)
    uruguay = re.search(r'row">Uruguay.*?</tr>', text, re.DOTALL)
    assert uruguay is not None
    assert "100 %" in uruguay[0]


async def test_small_counts_are_left_out(office: Office) -> None:
    """One to four, and what subtraction would give away."""
    await many(office, 20, country="UY", topics=("loans",))
    await many(office, 9, country="AR", topics=("loans",))
    await many(office, 2, country="HN", topics=("export",))
    text = (await (await office.signed_in("vera")).get("/reports")).text
    honduras = re.search(r'row">Honduras.*?</tr>', text, re.DOTALL)
    argentina = re.search(r'row">Argentina.*?</tr>', text, re.DOTALL)
    assert honduras is not None
    assert argentina is not None
    assert honduras[0].count("&lt;5") == 2
    assert ">9<" not in argentina[0]


async def test_a_country_is_seen_alone(office: Office) -> None:
    await many(office, 8, country="UY")
    await many(office, 6, country="AR")
    text = (await (await office.signed_in("vera")).get("/reports?country=AR")).text
    assert "<b>6</b><span>Questions" in text


async def test_the_wait_for_a_reply_is_shown(office: Office) -> None:
    for number in range(5):
        await question(office.store, f"q{number}", person=f"p{number}", ago=10)
        await case(office.store, f"c{number}", f"q{number}", person=f"p{number}", ago=10)
        async with office.store.transaction() as t:
            await t.add_step(f"c{number}", NOON, "Abel Example", "reply", "Listo", staff="abel")
    text = (await (await office.signed_in("vera")).get("/reports")).text
    assert "<b>10.0 h</b>" in text
    assert 'id="chart-waited-title"' in text


async def test_nothing_asked_is_said(office: Office) -> None:
    assert "No figures yet" in (await (await office.signed_in("vera")).get("/reports")).text


async def test_what_takes_long_is_not_waited_for(office: Office) -> None:
    """The page says that it is being counted, and has it a moment later."""
    office.house.remembered._patience = 0
    await question(office.store, "q1")
    browser = await office.signed_in("vera")
    first = (await browser.get("/reports")).text
    assert "Counting…" in first
    assert 'http-equiv="refresh"' in first
    await office.house.remembered.made()
    assert "Counting…" not in (await browser.get("/reports")).text


@pytest.mark.parametrize("draw", [charts.line, charts.columns])
def test_a_chart_says_in_words_what_it_shows(draw: object) -> None:
    points = [Point("1 Nov", 20, "20 %"), Point("8 Nov", None, "<5"), Point("15 Nov", 40, "40 %")]
    drawn = draw(points, id="x", title="Share", told="1 Nov: 20 % & more", top=100, ticks=["0", "50", "100"])
    assert 'role="img" aria-labelledby="x-title x-told"' in drawn
    assert '<desc id="x-told">1 Nov: 20 % &amp; more</desc>' in drawn
    assert drawn.count("<title>") == 2
    assert "style=" not in drawn


def test_a_gap_breaks_the_curve() -> None:
    points = [Point("", value, "") for value in (10, 20, None, 30, 40)]
    drawn = charts.line(points, id="x", title="", told="", top=100, ticks=["0", "100"])
    assert drawn.count('class="curve"') == 2


@pytest.mark.parametrize(
    ("most", "top"), [(0, 5), (5, 5), (6, 10), (11, 25), (26, 50), (260, 500), (10_000, 10_000)]
)
def test_an_axis_ends_at_a_round_number(most: float, top: float) -> None:
    assert charts.top_of([most, 1]) == top
