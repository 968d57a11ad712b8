"""The console in a real browser: open to everyone, on a desk and a phone, by keyboard, without a script."""

import asyncio
import dataclasses
import datetime
from pathlib import Path

import pytest
from asked import case, question
from browser import DESK, PHONE, barriers, enter, opened, page_of, served
from office import NOON, Office

from bot.advice.advisor import Advisor
from bot.console.remembered import Remembered
from bot.insight.replaying import Replay

PAGES = (
    "/queue",
    "/cases/c1",
    "/questions",
    "/questions/q1",
    "/people/p-ana",
    "/gaps",
    "/drafts",
    "/knowledge",
    "/knowledge/topics/loans",
    "/knowledge/resources",
    "/knowledge/parity?all=yes",
    "/knowledge/freshness",
    "/knowledge/try?question=necesito+un+credito",
    "/reports",
    "/news",
    "/trail",
    "/nowhere",
)


@pytest.fixture
async def lively(office: Office) -> Office:
    """An office with a case that was talked about, some questions, and a gap."""
    asked = {"channel": "terminal", "country": "UY", "candidates": [["loans", 0.7], ["export", 0.1]]}
    await question(office.store, "q1", "¿dónde pido un crédito?", topics=("loans",), feedback="down", **asked)
    await case(office.store, "c1", "q1", promised=NOON.date())
    async with office.store.transaction() as t:
        await t.add_step("c1", NOON, "person", "said", "¿Siguen ahí?")
        await t.add_step("c1", NOON, "Eda Example", "note", "Llamar el lunes", staff="eda")
        await t.add_step("c1", NOON, "Rosa Example", "reply", "Aquí seguimos.", staff="rosa")
    for number in range(6):
        await question(
            office.store, f"g{number}", "patente para un carrito", person=f"p{number}", outcome="no_match"
        )
    return office


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_no_page_keeps_anybody_out(size: tuple[int, int], theme: str, lively: Office) -> None:
    """Names, labels, order and contrast of every page pass axe, and no page is wider than its screen."""
    found: dict[str, list[str]] = {}
    async with served(lively) as office, opened() as browser:
        page = await page_of(browser, size=size, theme=theme)
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if "Refused" in line.text else None)
        await page.goto(await office.link("rosa"))
        found["/sign-in"] = await barriers(page)
        await enter(page, office, "rosa")
        for path in PAGES:
            await page.goto(office.house.public_url + path)
            found[path] = await barriers(page)
            wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            found[path] += [f"{wide} px wider than the screen"] if wide > 0 else []
    assert {path: lines for path, lines in found.items() if lines} == {}
    assert faults == []


async def test_a_barrier_would_be_found() -> None:
    async with opened() as browser:
        page = await page_of(browser)
        await page.set_content("<title>x</title><main><input><img src='/x.png'></main>")
        assert {"label: input", "image-alt: img"} <= set(await barriers(page))


async def test_a_case_is_answered_on_a_phone_without_a_script(lively: Office) -> None:
    async with served(lively) as office, opened() as browser:
        page = await page_of(browser, size=PHONE, script=False)
        await enter(page, office, "abel")
        await page.click("a.row")
        await page.click("button:has-text('Take')")
        assert await page.inner_text("[role=status]") == "The case is yours."
        await page.fill("#text", "Te paso la guía.")
        await page.click("button[value=preview]")
        assert "Te paso la guía." in await page.inner_text(".preview")
        await page.click("button[value=send]")
        assert await page.inner_text("[role=status]") == "Reply sent."
        assert "Te paso la guía." in await page.inner_text(".thread li.ours:last-child")


async def test_a_reply_is_corrected_on_a_phone(lively: Office) -> None:
    async with served(lively) as office, opened() as browser:
        page = await page_of(browser, size=PHONE)
        await enter(page, office, "rosa")
        await page.click("a.row")
        await page.click("text=Correct the last reply")
        assert await page.input_value("#correction") == "Aquí seguimos."
        assert await barriers(page) == []
        await page.fill("#correction", "Aquí estamos.")
        await page.click("button:text-is('Correct')")
        assert await page.inner_text("[role=status]") == "Reply corrected."
        assert "Aquí estamos." in await page.inner_text(".thread li.ours:last-child")


async def test_the_keyboard_is_enough(lively: Office) -> None:
    """The first stop leads past the menu; what has the focus is seen; Escape closes the menu."""
    async with served(lively) as office, opened() as browser:
        page = await page_of(browser)
        await enter(page, office, "abel")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "main"
        await page.focus(".me summary")
        await page.keyboard.press("Enter")
        assert await page.is_visible("text=Sign out")
        await page.keyboard.press("Escape")
        assert not await page.is_visible("text=Sign out")
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


async def test_the_theme_changes_at_once_and_stays(lively: Office) -> None:
    async with served(lively) as office, opened() as browser:
        page = await page_of(browser)
        await enter(page, office, "abel")
        paper = "getComputedStyle(document.documentElement).backgroundColor"
        light = await page.evaluate(paper)
        await page.click(".me summary")
        async with page.expect_response("**/preferences"):
            await page.click("button[value=dark]")
        dark = await page.evaluate(paper)
        assert dark != light
        await page.reload()
        assert await page.evaluate(paper) == dark


async def test_a_filter_takes_effect_at_once(lively: Office) -> None:
    async with served(lively) as office, opened() as browser:
        page = await page_of(browser)
        await enter(page, office, "abel")
        await page.goto(office.house.public_url + "/questions")
        await page.click("text=Filters")
        await page.select_option("#outcome", "no_match")
        await page.wait_for_url("**/questions?outcome=no_match")
        assert await page.locator("a.row").count() == 6


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_an_editor_sees_what_a_draft_changes_and_publishes_it(
    size: tuple[int, int], lively: Office, folder: Path, tiny_advisor: Advisor
) -> None:
    """The page says that it is tried, comes back by itself, keeps nobody out, publishes what it showed."""
    go_on, tell = asyncio.Event(), lively.trying(tiny_advisor).house.effect
    assert tell is not None

    async def effect(draft: str, day: datetime.date) -> Replay:
        await go_on.wait()
        return await tell(draft, day)

    draft = lively.house.drafts.draft_wording("export", "es", "patente para un carrito", by="eda", at=NOON)
    house = dataclasses.replace(lively.house, effect=effect, remembered=Remembered(patience=0))
    async with served(dataclasses.replace(lively, house=house)) as office, opened() as browser:
        page = await page_of(browser, size=size)
        await enter(page, office, "eda")
        await page.goto(f"{office.house.public_url}/drafts/{draft.id}")
        await page.click("button[value=try]")
        assert await page.inner_text("[aria-busy] h2") == "Trying it…"
        go_on.set()
        await page.wait_for_selector("text=Of the last 7 questions, 6 would be answered otherwise.")
        assert await barriers(page) == []
        wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
        await page.click("button[value=publish]")
        assert "Published" in await page.inner_text("[role=status]")
    assert "patente para un carrito" in (folder / "topics" / "export.yaml").read_text(encoding="utf-8")
