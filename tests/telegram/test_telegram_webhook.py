"""Webhooks: 200 only for what is stored, and only to who knows the secret."""

import contextlib
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from echo_desk import TEXTS, EchoDesk
from fakegram import Bot
from pydantic import SecretStr
from users import answers, say, served, texts, until
from world import User, World

from bot.errors import UsageError
from bot.listening import Listener
from bot.settings import TelegramSettings
from bot.store import Store, Transaction, Unavailable
from bot.telegram.channel import Telegram
from bot.telegram.gathering import AT_ONCE

SECRET = "a-secret_of-42"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def ana(world: World) -> User:
    return world.user(7, lang="es", first_name="Ana")


@pytest.fixture
def listener() -> Listener:
    return Listener("127.0.0.1:0", "telegram.listen")


@pytest.fixture
def hooked(settings: TelegramSettings, listener: Listener) -> TelegramSettings:
    url = f"{listener.address}/telegram"
    return settings.model_copy(update={"webhook_url": url, "webhook_secret": SecretStr(SECRET)})


@pytest.fixture
async def hook(
    hooked: TelegramSettings, listener: Listener, store: Store, desk: EchoDesk, world: World
) -> AsyncIterator[str]:
    """The address Telegram was told, served by a running bot."""
    async with served(Telegram(hooked, store, desk, TEXTS, listener=listener, pauses=AT_ONCE)):
        await until(world, lambda stats: stats["webhook"])
        yield str(hooked.webhook_url)


def update(number: int, text: str = "hola") -> dict[str, Any]:
    ana = {"id": 7, "is_bot": False, "first_name": "Ana", "language_code": "es"}
    chat = {"id": 7, "type": "private", "first_name": "Ana"}
    return {
        "update_id": number,
        "message": {"message_id": 1, "date": 1, "chat": chat, "from": ana, "text": text},
    }


async def brought(url: str, *, secret: str | None = SECRET, **content: Any) -> int:
    headers = {HEADER: secret} if secret is not None else {}
    async with aiohttp.ClientSession() as session, session.post(url, headers=headers, **content) as answer:
        return answer.status


@pytest.mark.usefixtures("hook")
async def test_answered(ana: User, fake: Bot) -> None:
    """What Telegram brings is answered, in order; it was told the secret and what is wanted."""
    await say(ana, "uno", timeout=0)
    assert await texts(ana, "dos", settle=0.4) == ["uno", "dos"]
    assert fake.hook is not None
    assert fake.hook["secret_token"] == SECRET
    assert "message" in (fake.allowed or [])


@pytest.mark.parametrize("secret", [None, "", "a-secret_of-43", "ñ"])
async def test_wrong_secret(hook: str, store: Store, secret: str | None) -> None:
    """Who does not know the secret is turned away, and nothing is stored."""
    assert await brought(hook, secret=secret, json=update(1)) == 403
    assert (await store.counts())["inbox"] == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b'{"update_id": "1"}',
        b'{"update_id": true}',
        b'{"update_id": 9e99}',
        b"[" * 9999,
    ],
    ids=lambda body: body[:20].decode(),
)
async def test_no_update(hook: str, store: Store, body: bytes) -> None:
    """A body that is no update is refused."""
    assert await brought(hook, data=body) == 400
    assert (await store.counts())["inbox"] == 0


async def test_too_large(hook: str, store: Store) -> None:
    """A body larger than any update is read no further, whether or not it says how large it is."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    assert await brought(hook, data=io.BytesIO(b" " * (2 << 20))) == 413
    with contextlib.suppress(aiohttp.ClientError):  # it may hang up before everything was sent
        assert await brought(hook, data=endless()) == 413
    assert (await store.counts())["inbox"] == 0


async def test_brought_twice(hook: str, ana: User) -> None:
    """An update that is brought again is taken, and answered once."""
    await say(ana, "antes", settle=0.3)
    assert [await brought(hook, json=update(1, "hola")) for _ in range(2)] == [200, 200]
    await say(ana, "después", settle=0.4)
    assert await answers(ana) == ["antes", "hola", "después"]


async def test_cannot_be_stored(
    hook: str, store: Store, monkeypatch: pytest.MonkeyPatch, refusals: list[str]
) -> None:
    """While the database cannot be used, the update stays with Telegram."""
    refusals.append("chat not found")  # she never wrote to the server, which only sends to who did

    async def fail(*_: object, **__: object) -> int:
        raise Unavailable("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Transaction, "receive", fail)
        assert await brought(hook, json=update(1)) == 503
    assert await brought(hook, json=update(1)) == 200
    assert (await store.counts())["inbox"] == 1


async def test_secret_of_its_own(
    settings: TelegramSettings, store: Store, desk: EchoDesk, listener: Listener, world: World, fake: Bot
) -> None:
    """Where none is set, every replica makes the same secret, which does not give the token away."""
    hooked = settings.model_copy(update={"webhook_url": f"{listener.address}/t"})
    async with served(Telegram(hooked, store, desk, TEXTS, listener=listener)):
        await until(world, lambda stats: stats["webhook"])
    assert fake.hook is not None
    assert len(fake.hook["secret_token"]) == 64
    assert fake.hook["url"] == hooked.webhook_url  # it stays: another process may serve it


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"webhook_url": None}, "telegram.webhook_url is not a public https address"),
        ({"webhook_url": "http://example.org/t"}, "telegram.webhook_url is not a public https address"),
        ({"webhook_secret": SecretStr("ñ")}, "telegram.webhook_secret holds what Telegram does not allow"),
    ],
)
async def test_settings(
    hooked: TelegramSettings,
    store: Store,
    desk: EchoDesk,
    listener: Listener,
    values: dict[str, Any],
    said: str,
) -> None:
    """A webhook that cannot work is named before anything starts."""
    with pytest.raises(UsageError, match=said):
        Telegram(hooked.model_copy(update=values), store, desk, TEXTS, listener=listener)
    listener.close()
