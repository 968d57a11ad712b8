"""Pictures of the console for docs/console.md, made from made-up questions and cases.

    python docs/tour/console.py [--page NAME]

Serves the console on a free port of this machine, opens its main pages in Chromium on a desk and on a
phone, light and dark, and writes a small PNG of each beside this file.
"""

import argparse
import asyncio
import dataclasses
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "tests")]

import chromium  # noqa: E402
from console import NOW, house_over, link, seed  # noqa: E402

from bot.advice import knowledge as knowledge_folder  # noqa: E402
from bot.console.house import House  # noqa: E402
from bot.console.remembered import Remembered  # noqa: E402
from bot.console.site import site  # noqa: E402
from bot.insight.drafting import Drafts  # noqa: E402
from bot.listening import Listener  # noqa: E402
from bot.store import MEMORY, Store, Transaction  # noqa: E402

DESK, PHONE = (1280, 860), (390, 844)
# Name of the picture, address, who looks, screen, theme.
PICTURES = (
    ("door", None, "lucia", PHONE, "light"),
    ("queue", "/queue", "lucia", DESK, "light"),
    ("queue-dark", "/queue", "lucia", DESK, "dark"),
    ("queue-phone", "/queue", "marco", PHONE, "light"),
    ("case", "/cases/c3", "marco", DESK, "light"),
    ("case-phone", "/cases/c3", "marco", PHONE, "light"),
    ("case-phone-dark", "/cases/c3", "marco", PHONE, "dark"),
    ("questions", "/questions?country=UY", "lucia", DESK, "light"),
    ("questions-phone", "/questions", "lucia", PHONE, "dark"),
    ("gaps", "/gaps", "ines", DESK, "light"),
    ("gaps-phone", "/gaps", "ines", PHONE, "light"),
    ("knowledge", "/knowledge", "lucia", DESK, "light"),
    (
        "try",
        "/knowledge/try?question=quiero+exportar+miel+y+no+se+por+donde+empezar&country=UY",
        "lucia",
        DESK,
        "light",
    ),
    ("reports", "/reports", "lucia", DESK, "light"),
    ("reports-phone", "/reports", "lucia", PHONE, "dark"),
    ("trail", "/trail", "lucia", DESK, "light"),
)
COLOURS = 128


async def tour(only: str | None) -> None:
    """Serve, visit and write."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(shutil.copytree(ROOT / "knowledge", Path(folder) / "knowledge"))
        knowledge = knowledge_folder.load(copied)
        store = await Store.open(MEMORY)
        await seed(store, knowledge, questions=1500, cases=40)
        async with store.transaction() as t:
            await life(t)
        listener = Listener("127.0.0.1:0", "console.listen")
        house = dataclasses.replace(house_over(store, knowledge), public_url=listener.address)
        house = dataclasses.replace(house, drafts=Drafts(copied), remembered=Remembered(patience=60))
        serving = asyncio.create_task(listener.serve(site(house)))
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium.found(), args=chromium.FLAGS_FOR_PICTURES
            )
            for name, path, who, size, theme in PICTURES:
                if only in (None, name):
                    await picture(browser, house, (name, path, who, size, theme))
            await browser.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await store.close()


async def life(t: Transaction) -> None:
    """Let one case have a longer thread."""
    await t.add_step("c3", NOW, "person", "said", "Gracias. ¿Y sirve si todavía no estoy inscripta?")
    await t.add_step("c3", NOW, "Marco Example", "note", "Derivar al consultorio del jueves.", staff="marco")


async def picture(
    browser: Browser, house: House, wanted: tuple[str, str | None, str, tuple[int, int], str]
) -> None:
    """Write one picture: sign in, open the page, see."""
    name, path, who, (width, height), theme = wanted
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(await link(house, who))
    if path is not None:
        await page.click("form[action='/sign-in'] button")
        await page.wait_for_url("**/queue")
        await page.goto(house.public_url + path)
    shot = Image.open(BytesIO(await page.screenshot()))
    shot.convert("RGB").quantize(COLOURS).save(HERE / f"console-{name}.png", optimize=True)
    await context.close()
    print(f"docs/tour/console-{name}.png")


def main() -> None:
    """Read the options and go."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--page", help="only the picture of this name")
    asyncio.run(tour(parser.parse_args().page))


if __name__ == "__main__":
    main()
