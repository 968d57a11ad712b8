"""From unanswered questions to knowledge: gaps, drafts, and an editor who publishes."""

import asyncio
import datetime
import html
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest
from asked import question
from office import NOON, Office

from bot.advice.advisor import Advisor
from bot.advice.encoders import Vectors
from bot.console.remembered import Remembered
from bot.insight.replaying import Replay


@pytest.fixture
async def asked(office: Office) -> Office:
    """An office where three people asked for the same that nobody answered."""
    for number, text in enumerate(
        ("¿cómo saco la patente de mi carrito?", "sacar patente del carrito", "patente para un carrito")
    ):
        await question(
            office.store, f"q{number}", text, person=f"p{number}", outcome="no_match", country="UY"
        )
    await question(office.store, "q9", "¿cómo facturo?", topics=("invoicing",))
    return office


async def send(office: Office, browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await browser.post(path, data={"csrf": office.csrf(browser), **fields})


def group_in(text: str) -> str:
    found = re.search(r'name="group" value="([^"]+)"', text)
    assert found is not None
    return found[1]


async def drafted(office: Office, browser: httpx.AsyncClient, **fields: str) -> str:
    """Make a draft from the first gap; return its address."""
    group = group_in((await browser.get("/gaps")).text)
    made = await send(office, browser, "/gaps", group=group, **fields)
    assert made.status_code == 303
    return made.headers["location"].partition("?")[0]


async def test_alike_questions_are_one_gap(asked: Office) -> None:
    browser = await asked.signed_in("vera")
    text = (await browser.get("/gaps")).text
    assert "3 unanswered questions · 1 group" in text
    assert "3 people" in text
    assert "facturo" not in text
    assert '<form class="line do"' not in text


@pytest.mark.parametrize(("filter", "groups"), [("country=UY", 1), ("country=AR", 0), ("language=pt", 0)])
async def test_gaps_are_filtered(filter: str, groups: int, asked: Office) -> None:
    browser = await asked.signed_in("eda")
    assert (await browser.get(f"/gaps?{filter}")).text.count('name="group"') == groups


async def test_gaps_are_also_made_by_meaning_where_there_is_an_encoder(asked: Office) -> None:
    """Two questions of no common word are one gap once something reads what they mean."""
    texts = ("alquiler de carpas", "toldos para fiestas", "semillas de soja", "abono para la huerta")
    for number, text in enumerate(texts):
        await question(asked.store, f"m{number}", text, outcome="no_match", language="pt")
    tents, seeds = (1.0, 0.0), (0.0, 1.0)

    def read(questions: Sequence[str]) -> dict[str, Vectors]:
        known = dict(zip(texts, (tents, tents, seeds, seeds), strict=True))
        return {text: np.array(known[text], dtype=np.float32) for text in questions if text in known}

    for there, groups in ((None, 4), (read, 2)):
        office = replace(asked, house=replace(asked.house, read=there, remembered=Remembered(patience=30)))
        browser = await office.signed_in("eda")
        assert (await browser.get("/gaps?language=pt")).text.count('name="group"') == groups


async def test_a_group_that_grew_is_found_by_its_wording(asked: Office) -> None:
    """Who looked at a page before the groups were made anew still gets what they tapped on."""
    browser = await asked.signed_in("eda")
    fields = {"act": "wording", "topic": "invoicing", "wording": "patente para un carrito"}
    made = await send(asked, browser, "/gaps", group="g-before", **fields)
    assert made.headers["location"].endswith("?said=drafted")
    gone = await send(asked, browser, "/gaps", group="g-before", **fields | {"wording": "otra cosa"})
    assert gone.status_code == 404


async def test_one_tap_drafts_a_wording_and_an_editor_publishes_it(asked: Office, folder: Path) -> None:
    browser = await asked.signed_in("eda")
    address = await drafted(
        asked, browser, act="wording", topic="invoicing", wording="patente para un carrito"
    )
    page = (await browser.get(address)).text
    assert "patente para un carrito" in page
    content = re.search(r'name="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert content is not None
    published = await send(asked, browser, address, act="publish", text=content[1])
    assert published.headers["location"] == "/drafts?said=draft_publish"
    assert "patente para un carrito" in (folder / "topics/invoicing.yaml").read_text(encoding="utf-8")
    assert "Eda Example" in (await browser.get("/drafts?state=published")).text


async def test_a_draft_that_does_not_fit_changes_nothing(asked: Office, folder: Path) -> None:
    """What was typed stays in the form, under the line that says what is wrong."""
    browser = await asked.signed_in("eda")
    before = (folder / "topics/invoicing.yaml").read_bytes()
    address = await drafted(
        asked, browser, act="wording", topic="invoicing", wording="patente para un carrito"
    )
    refused = await send(asked, browser, address, act="publish", text="phrases: [what, is this")
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert "phrases: [what, is this</textarea>" in refused.text
    assert (folder / "topics/invoicing.yaml").read_bytes() == before


async def test_a_topic_is_drafted_from_a_gap(asked: Office) -> None:
    browser = await asked.signed_in("eda")
    address = await drafted(asked, browser, act="topic")
    page = (await browser.get(address)).text
    assert "topics/" in page
    assert "carrito" in page


@pytest.mark.parametrize("way", ["ignore", "reject"])
async def test_what_is_set_aside_never_returns(way: str, asked: Office) -> None:
    browser = await asked.signed_in("eda")
    if way == "ignore":
        group = group_in((await browser.get("/gaps")).text)
        await send(asked, browser, "/gaps", group=group, act="ignore")
        left = 0
    else:
        address = await drafted(
            asked, browser, act="wording", topic="invoicing", wording="patente para un carrito"
        )
        await send(asked, browser, address, act="reject", note="no es nuestro")
        left = 2
    counted = re.search(r"(\d+) unanswered question", (await browser.get("/gaps")).text)
    assert counted is not None
    assert int(counted[1]) == left


async def test_a_question_becomes_a_wording(asked: Office) -> None:
    browser = await asked.signed_in("eda")
    made = await send(asked, browser, "/questions/q1/wording", topic="invoicing")
    page = (await browser.get(made.headers["location"])).text
    assert "sacar patente del carrito" in page
    assert 'href="/questions/q1"' in page


async def test_a_viewer_reads_drafts_and_changes_none(asked: Office) -> None:
    editor, viewer = await asked.signed_in("eda"), await asked.signed_in("vera")
    address = await drafted(asked, editor, act="topic")
    page = await viewer.get(address)
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert (await send(asked, viewer, address, act="publish", text="")).status_code == 403
    assert (await viewer.get("/drafts/nothing")).status_code == 404


@pytest.fixture
def trying(asked: Office, tiny_advisor: Advisor) -> Office:
    return asked.trying(tiny_advisor)


async def test_what_a_draft_would_change_is_seen_before_it_is_published(trying: Office, folder: Path) -> None:
    browser = await trying.signed_in("eda")
    before = (folder / "topics/export.yaml").read_bytes()
    address = await drafted(trying, browser, act="wording", topic="export", wording="patente para un carrito")
    content = {"text": "phrases: {es: [patente para un carrito, sacar la patente de mi carrito]}"}
    tried = await send(trying, browser, address, act="try", **content)
    assert tried.headers["location"] == f"{address}/effect"
    page = (await browser.get(f"{address}/effect")).text
    assert "Of the last 4 questions, 3 would be answered otherwise." in page
    assert "Answered now" in page
    assert "patente para un carrito" in page
    assert 'href="/questions/q2"' in page
    assert (folder / "topics/export.yaml").read_bytes() == before
    text = re.search(r'name="text" value="([^"]+)"', page)
    assert text is not None
    published = await send(trying, browser, address, act="publish", text=html.unescape(text[1]))
    assert published.headers["location"] == "/drafts?said=draft_publish"
    assert "sacar la patente de mi carrito" in (folder / "topics/export.yaml").read_text(encoding="utf-8")
    assert (await browser.get(f"{address}/effect")).status_code == 404


async def test_a_draft_that_cannot_be_published_has_no_effect_but_says_why(trying: Office) -> None:
    browser = await trying.signed_in("eda")
    address = await drafted(trying, browser, act="wording", topic="export", wording="patente para un carrito")
    await send(trying, browser, address, act="try", text="phrases: {es: [quiero exportar]}")
    page = (await browser.get(f"{address}/effect")).text
    assert "the wording is already a phrase of" in page
    assert 'value="publish"' not in page


async def test_while_it_is_tried_the_page_says_so_and_comes_back(trying: Office) -> None:
    go_on, tell = asyncio.Event(), trying.house.effect
    assert tell is not None

    async def effect(draft: str, day: datetime.date) -> Replay:
        await go_on.wait()
        return await tell(draft, day)

    draft = trying.house.drafts.draft_wording("export", "es", "patente de carrito", by="eda", at=NOON)
    house = replace(trying.house, effect=effect, remembered=Remembered(patience=0))
    browser = await replace(trying, house=house).signed_in("eda")
    address = f"/drafts/{draft.id}/effect"
    assert 'http-equiv="refresh"' in (await browser.get(address)).text
    go_on.set()
    await house.remembered.made()
    page = (await browser.get(address)).text
    assert 'http-equiv="refresh"' not in page
    assert "would be answered otherwise" in page


@pytest.mark.parametrize("id", ["vera", "abel"])
async def test_only_editors_try_a_draft(id: str, trying: Office) -> None:
    address = await drafted(
        trying,
        await trying.signed_in("eda"),
        act="wording",
        topic="export",
        wording="patente para un carrito",
    )
    browser = await trying.signed_in(id)
    assert (await browser.get(f"{address}/effect")).status_code == 403


async def test_without_what_tells_it_nothing_is_offered(asked: Office) -> None:
    browser = await asked.signed_in("eda")
    address = await drafted(asked, browser, act="wording", topic="export", wording="patente para un carrito")
    assert 'value="try"' not in (await browser.get(address)).text
    assert (await browser.get(f"{address}/effect")).status_code == 404
