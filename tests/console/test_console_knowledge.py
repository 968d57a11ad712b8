"""The knowledge browser: what there is, in which language, for how long; and a trial that shows why."""

import datetime

import pytest
from office import Office

from bot.store.learning import LinkRow


async def test_topics_are_shown_by_group_with_their_reach(office: Office) -> None:
    browser = await office.signed_in("vera")
    text = (await browser.get("/knowledge")).text
    for id in office.house.knowledge().topics:
        assert f'href="/knowledge/topics/{id}"' in text


async def test_a_topic_shows_its_phrases_and_resources(office: Office) -> None:
    browser = await office.signed_in("vera")
    text = (await browser.get("/knowledge/topics/loans")).text
    assert "microcrédito" in text
    assert "Compare the full cost." in text
    assert (await browser.get("/knowledge/topics/nothing")).status_code == 404


async def test_resources_are_found_by_word_country_and_topic(office: Office) -> None:
    browser = await office.signed_in("vera")
    item = next(iter(office.house.knowledge().resources.values()))
    title = next(iter(item.title.values()))
    assert title in (await browser.get(f"/knowledge/resources?words={item.organisation}")).text
    assert title in (await browser.get(f"/knowledge/resources?topic={item.topics[0]}")).text
    assert "No resource" in (await browser.get("/knowledge/resources?words=nothinglikethis")).text


async def test_a_link_that_does_not_open_is_marked(office: Office) -> None:
    item = next(iter(office.house.knowledge().resources.values()))
    async with office.store.transaction() as t:
        await t.set_link(LinkRow(url=item.url, checked_at=office.clock(), fails=2, status=404))
    browser = await office.signed_in("vera")
    assert "The link does not open" in (await browser.get("/knowledge/resources")).text
    assert "Links that do not open" in (await browser.get("/knowledge/freshness")).text


async def test_parity_says_what_is_missing(office: Office) -> None:
    browser = await office.signed_in("vera")
    text = (await browser.get("/knowledge/parity?all=yes")).text
    assert "whole in Spanish" in text
    assert "There" in text
    lacking = (await browser.get("/knowledge/parity")).text
    assert lacking.count('scope="row"') < text.count('scope="row"')


async def test_freshness_shows_what_is_due(office: Office) -> None:
    browser = await office.signed_in("vera")
    assert "All up to date" in (await browser.get("/knowledge/freshness")).text
    last = max(item.review_by for item in office.house.knowledge().resources.values())
    office.clock.now = datetime.datetime.combine(last, datetime.time(12), datetime.UTC)
    browser = await office.signed_in("vera")
    assert "To review" in (await browser.get("/knowledge/freshness")).text


@pytest.mark.parametrize(
    ("question", "country", "said"),
    [
        ("necesito un crédito para mi local", "UY", "Answered"),
        ("quién ganó el partido de ayer", "", "Unanswered"),
    ],
)
async def test_a_trial_shows_why(question: str, country: str, said: str, office: Office) -> None:
    browser = await office.signed_in("vera")
    address = f"/knowledge/try?country={country}"
    text = (await browser.get(address, params={"question": question, "country": country})).text
    assert f"<h2>{said}</h2>" in text
    assert "How sure" in text
    async with office.store.reading() as now:
        assert (await now.counts())["requests"] == 0


async def test_a_trial_names_the_phrase_that_won_and_the_runner_up(office: Office) -> None:
    browser = await office.signed_in("vera")
    text = (await browser.get("/knowledge/try?question=quiero+un+microcredito")).text
    assert "The nearest it knows:" in text
    assert "topics/loans.yaml:" in text
    assert "Next came" in text
