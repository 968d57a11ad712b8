"""From unanswered questions to knowledge: gaps, drafts, and an editor who publishes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest
from asked import question
from office import Office

from bot.advice.encoders import Vectors
from bot.console.remembered import Remembered


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
