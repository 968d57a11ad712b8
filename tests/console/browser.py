"""A real Chromium for the tests: one for all of them, and the console served on a free port."""

import asyncio
import contextlib
import dataclasses
import os
from collections.abc import AsyncIterator

import chromium
import pytest
from axe_playwright_python.async_playwright import Axe
from office import Office
from playwright.async_api import Browser, Page, async_playwright

from bot.console.site import site
from bot.listening import Listener

DESK, PHONE = (1280, 800), (360, 740)
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}


def installed() -> str:
    """Return where the browser is; without one a test fails in CI and is skipped elsewhere."""
    if found := chromium.found():
        return found
    if os.environ.get("CI"):
        pytest.fail("there is no Chromium, and CI is to have one (.ci/run installs it)")
    pytest.skip("no Chromium is installed here: apt-get install chromium")


@contextlib.asynccontextmanager
async def served(office: Office) -> AsyncIterator[Office]:
    """Serve the console of the office on a free port of this machine."""
    listener = Listener("127.0.0.1:0", "console.listen")
    there = dataclasses.replace(office, house=dataclasses.replace(office.house, public_url=listener.address))
    ready = asyncio.Event()
    serving = asyncio.create_task(listener.serve(site(there.house), ready=ready.set))
    try:
        await ready.wait()
        yield there
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@contextlib.asynccontextmanager
async def opened() -> AsyncIterator[Browser]:
    """Open a browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=installed(), args=chromium.FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


async def page_of(
    browser: Browser, *, size: tuple[int, int] = DESK, theme: str = "light", script: bool = True
) -> Page:
    """Return a page with nobody signed in."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        java_script_enabled=script,
        locale="en-GB",
    )
    context.set_default_timeout(15_000)
    return await context.new_page()


async def enter(page: Page, office: Office, id: str) -> None:
    """Sign in as people do: open the link, press the button."""
    await page.goto(await office.link(id))
    await page.click("form[action='/sign-in'] button")
    await page.wait_for_url("**/queue")


async def barriers(page: Page) -> list[str]:
    """Return what keeps people out of a page, by the rules of WCAG 2.1 AA: rule and place."""
    found = await Axe().run(page, options=RULES)
    return [
        f"{rule['id']}: {node['target'][0]}"
        for rule in found.response["violations"]
        for node in rule["nodes"][:3]
    ]
