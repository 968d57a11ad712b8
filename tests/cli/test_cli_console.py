"""`console`: what it refuses, and the links it prints."""

import asyncio
import re
from pathlib import Path

import pytest
from ran import NOON, Run

from bot.advisors import Advisors
from bot.app import Desk
from bot.casework.offices import Offices
from bot.cli.console import house_of
from bot.console.tokens import Tokens
from bot.conversation.dialogue import Speaker
from bot.settings import load
from bot.store import PersonRow, RequestRow, Store

SECRET = "s" * 32


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"BOT_CONSOLE__LISTEN": "0.0.0.0:8080"}, "set BOT_CONSOLE__SECRET to 32 random letters or more"),
        ({"BOT_CONSOLE__LISTEN": "nowhere"}, "console.listen"),
        ({"BOT_CONSOLE__SECRET": "short", "BOT_CONSOLE__LISTEN": "127.0.0.1:0"}, "shorter than 32 letters"),
    ],
)
def test_what_is_unsafe_is_refused(
    settings: dict[str, str],
    said: str,
    run: Run,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    ran = run("console")
    assert ran.code != 0
    assert said in ran.fault


def test_a_link_for_another_process_wants_their_common_secret(run: Run) -> None:
    ran = run("console", "--link")
    assert ran.code == 2
    assert "BOT_CONSOLE__SECRET" in ran.fault


def test_a_link_is_printed_and_kept_as_a_hash(
    run: Run, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_CONSOLE__SECRET", SECRET)
    monkeypatch.setenv("BOT_CONSOLE__PUBLIC_URL", "https://console.example.org/")
    printed = re.fullmatch(
        r"https://console\.example\.org/sign-in\?token=(\S{43})\n", run("console", "--link").out
    )
    assert printed is not None

    async def kept() -> int:
        store = await Store.open(environment["BOT_DATABASE__URL"])
        try:
            return (await store.counts())["sign_ins"]
        finally:
            await store.close()

    assert asyncio.run(kept()) == 1


def learned(cache: Path) -> list[str]:
    """Return the states of the knowledge that are kept as learned, and folders for trials."""
    return sorted(
        path.name for pattern in ("learned-*", "knowledge-*", "tried-*") for path in cache.glob(pattern)
    )


async def test_the_console_tells_what_a_draft_would_change(environment: dict[str, str]) -> None:
    """With the parts of a real run: what is learned for it goes nowhere, and neither does the draft."""
    settings = load(environment)
    advisors = Advisors(settings)
    desk = Desk(Speaker.of(advisors.build()), offices=Offices.of(settings.staff))
    kept = learned(settings.advice.cache)
    store = await Store.open(settings.database.url)
    try:
        async with store.transaction() as now:
            await now.add_person(
                PersonRow(
                    id="ana",
                    channel="terminal",
                    address="ana",
                    pseudonym="p-ana",
                    first_seen=NOON,
                    last_seen=NOON,
                )
            )
            for number, question in enumerate(("volar drones en el campo", "necesito un crédito")):
                await now.add_request(
                    RequestRow(
                        id=f"r{number}",
                        person="ana",
                        time=NOON,
                        channel="terminal",
                        question=question,
                        outcome="no_match",
                    )
                )
        house = house_of(settings, store, desk, Tokens(SECRET.encode()), advisors)
        draft = house.drafts.draft_wording("export", "es", "volar drones", by="eda", at=NOON)
        assert house.effect is not None
        found = await house.effect(draft.id, NOON.date())
    finally:
        await store.close()
    assert [change.logged.id for change in found.newly_answered] == ["r0"]
    assert (found.different, found.asked) == (1, 2)
    assert learned(settings.advice.cache) == kept
