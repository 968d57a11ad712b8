"""News: counted and seen before it is sent, once to each who asked for it, in their language."""

import re

import httpx
import pytest
from asked import person
from office import NOON, Office

FIELDS = {"segment": "women", "text-es": "Taller el jueves.", "text-pt": "Oficina na quinta."}


@pytest.fixture
async def subscribed(office: Office) -> Office:
    for id, language in (("ana", "es"), ("bia", "pt"), ("far", "es")):
        channel = "elsewhere" if id == "far" else "terminal"
        await person(office.store, id, channel=channel, language=language)
        async with office.store.transaction() as t:
            await t.subscribe(id, "women", country="UY", at=NOON)
    return office


async def send(office: Office, browser: httpx.AsyncClient, act: str, **fields: str) -> httpx.Response:
    return await browser.post("/news", data={"csrf": office.csrf(browser), "act": act, **FIELDS, **fields})


async def mailed(office: Office) -> int:
    async with office.store.reading() as now:
        return (await now.counts())["mailings"]


async def test_news_is_counted_and_seen_before_it_is_sent(subscribed: Office) -> None:
    browser = await subscribed.signed_in("eda")
    page = (await send(subscribed, browser, "count", url="https://example.org/taller", label="Anotarse")).text
    assert "It reaches 2 people" in page
    assert "1 cannot be written to from here" in page
    assert len(re.findall(r'class="preview" lang="(es|pt)"', page)) == 2
    assert 'value="send"' in page
    assert await mailed(subscribed) == 0
    assert 'value="send"' not in (await browser.get("/news")).text


async def test_news_is_sent_once_however_often_the_form_is(subscribed: Office) -> None:
    browser = await subscribed.signed_in("eda")
    for _ in range(2):
        assert (await send(subscribed, browser, "send")).headers["location"] == "/news?said=news"
    assert await mailed(subscribed) == 2
    async with subscribed.store.reading() as now:
        assert (await now.audit(limit=1))[0].what == "news.sent"


@pytest.mark.parametrize("wrong", [{"text-es": ""}, {"text-es": "x" * 901}, {"url": "javascript:alert(1)"}])
async def test_news_that_is_wrong_is_not_sent(wrong: dict[str, str], subscribed: Office) -> None:
    browser = await subscribed.signed_in("eda")
    page = await send(subscribed, browser, "send", **wrong)
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert "Oficina na quinta.</textarea>" in page.text
    assert await mailed(subscribed) == 0
