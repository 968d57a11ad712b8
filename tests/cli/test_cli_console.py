"""`console`: what it refuses, and the links it prints."""

import asyncio
import re

import pytest
from ran import Run

from bot.store import Store

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
