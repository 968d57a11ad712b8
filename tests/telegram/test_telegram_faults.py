"""The bot when the network, the server or its own process fails."""

import asyncio
import datetime
import logging
import time
from typing import Any

import pytest
from echo_desk import TEXTS, EchoDesk, plain
from fakegram import Bot
from pydantic import SecretStr
from users import Run, answers, press, quiet, say, texts, until
from world import User, World

from bot.errors import BotError, UsageError
from bot.settings import TelegramSettings
from bot.store import OutboxRow, PersonRow, Store
from bot.telegram import calls, intake
from bot.telegram.calls import Place
from bot.telegram.channel import Telegram

LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def ana(world: World) -> User:
    return world.user(7, lang="es", first_name="Ana")


async def fault(world: World, method: str, kind: str | int, **more: Any) -> None:
    await asyncio.to_thread(world.faults, {"method": method, "kind": kind, **more})


async def post(store: Store, *said: str, chat: str = "7", **more: Any) -> None:
    async with store.transaction() as transaction:
        for text in said:
            [call] = calls.message(plain(text), Place(chat))
            row = OutboxRow(chat=chat, payload=call, created_at=LONG_AGO, due_at=LONG_AGO, **more)
            await transaction.post(row)


# ---- sending ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "kind", [{"kind": 429, "seconds": 1}, {"kind": 502}, {"kind": 500}, {"kind": "garbage"}], ids=str
)
async def test_answered_in_the_end(world: World, ana: User, kind: dict[str, Any]) -> None:
    """What the server turns away for now is sent once, later."""
    await fault(world, "sendMessage", times=1, **kind)
    assert await texts(ana, "hola", settle=0.5) == ["hola"]


@pytest.mark.usefixtures("bot")
async def test_waits_as_long_as_asked(world: World, ana: User) -> None:
    """After a 429 nothing is sent to the chat before the time the server names; then all, in order."""
    await fault(world, "sendMessage", 429, seconds=2)
    begun = time.monotonic()
    await say(ana, "uno", timeout=0)
    assert await texts(ana, "dos", settle=0.3) == ["uno", "dos"]
    assert time.monotonic() - begun >= 2
    assert (await asyncio.to_thread(world.stats))["calls"]["sendMessage"] == 2


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("times", [1, 5])
async def test_lost_answer(world: World, ana: User, times: int, store: Store) -> None:
    """When the answer to a send is lost it is sent once more, and no third time."""
    await fault(world, "sendMessage", "drop_after", times=times)
    assert await texts(ana, "hola", settle=1.2) == ["hola", "hola"]
    async with store.reading() as reading:
        assert await reading.next_due() is None
        assert await reading.stuck() == []


@pytest.mark.usefixtures("bot")
async def test_lost_answer_to_an_edit(world: World, ana: User, refusals: list[str]) -> None:
    """An edit is repeated until it is known to be done: twice is the same as once."""
    refusals += ["message is not modified", "query is too old"]
    await say(ana, "menu")
    await asyncio.to_thread(
        world.faults,
        {"method": "editMessageText", "kind": "drop_after", "times": 2},
        {"method": "answerCallbackQuery", "kind": "drop_after"},
    )
    await press(ana, "Uno", settle=1.2)
    assert await answers(ana) == ["one"]


@pytest.mark.usefixtures("bot")
async def test_refused_message(world: World, ana: User, caplog: pytest.LogCaptureFixture) -> None:
    """A message that will never be taken is given up, logged without its text, and stops nothing."""
    await fault(world, "sendMessage", 400, description="Bad Request: can't parse entities")
    await say(ana, "confidencial", timeout=0)
    assert await texts(ana, "hola") == ["hola"]
    assert "can't parse entities; given up" in caplog.text
    assert "confidencial" not in caplog.text


async def test_blocked(run: Run, world: World, ana: User, store: Store) -> None:
    """Who blocks the bot gets nothing more; who comes back is answered again."""
    async with run():
        await say(ana, "hola")
        await asyncio.to_thread(ana.block)
        await until_person(store, blocked=True)
        await asyncio.to_thread(ana.unblock)
        await until_person(store, blocked=False)
        assert await texts(ana, "volví") == ["volví"]


@pytest.mark.usefixtures("bot")
async def test_refused_by_a_person(
    ana: User, store: Store, bot: Telegram, fake: Bot, refusals: list[str]
) -> None:
    """A 403 marks the person and drops all that waits for that chat."""
    refusals.append("blocked by the user")
    await say(ana, "hola")
    fake.chats[7].blocked = True
    await post(store, "uno", "dos", person="id-7")
    bot.posted()
    await until_person(store, blocked=True)
    async with store.reading() as reading:
        assert await reading.next_due() is None
    assert len(fake.refused) == 1


async def until_person(store: Store, *, blocked: bool) -> PersonRow:
    async with asyncio.timeout(8):
        while True:
            async with store.reading() as reading:
                person = await reading.person("telegram", "7")
            if person and (person.blocked_at is not None) == blocked:
                return person
            await asyncio.sleep(0.02)


async def test_old_press(run: Run, world: World, ana: User, store: Store) -> None:
    """The answer to a press that waited too long is dropped without a call."""
    await say(ana, "antes", timeout=0)
    async with store.transaction() as transaction:
        call = calls.press_answered("1")
        row = OutboxRow(chat="press 1", payload=call, created_at=LONG_AGO, due_at=LONG_AGO)
        await transaction.post(row)
    async with run():
        await quiet(ana)
    assert "answerCallbackQuery" not in (await asyncio.to_thread(world.stats))["calls"]


# ---- starting again -----------------------------------------------------------------------------


async def test_waiting_inbox(run: Run, ana: User, store: Store, fake: Bot) -> None:
    """Updates that were received and not answered are answered at the next start, in order, once."""
    await say(ana, "uno", timeout=0)
    await say(ana, "dos", timeout=0)
    raw = [update for update, _ in fake.queue.values()]
    async with store.transaction() as transaction:
        await transaction.receive([(update["update_id"], "7", update) for update in raw], LONG_AGO)
    async with run():
        await quiet(ana)
    assert await answers(ana) == ["uno", "dos"]


async def test_half_sent(run: Run, ana: User, store: Store) -> None:
    """A message under way when the process was killed is sent again, but not after a fourth kill."""
    await say(ana, "antes", timeout=0)
    await post(store, "un corte", "dos cortes", "cuatro cortes")
    async with store.transaction() as transaction:
        for number, kills in ((1, 1), (2, 2), (3, 4)):
            for _ in range(kills):
                await transaction.postpone(number, LONG_AGO, "answer lost")
                await transaction.sending(number)
    async with run():
        await quiet(ana, 1.5)
    assert sorted(await answers(ana)) == ["antes", "dos cortes", "un corte"]


async def test_stops_at_once(run: Run, world: World, ana: User, desk: EchoDesk) -> None:
    """An idle bot stops at once; one at work ends what is in hand."""
    async with run():
        await say(ana, "hola")
        desk.gate = asyncio.Event()
        await say(ana, "espera", timeout=0)
        await until(world, lambda stats: stats["pending"] == 0 or stats["calls"]["getUpdates"] > 2)
        asyncio.get_running_loop().call_later(0.3, desk.gate.set)
        begun = time.monotonic()
    assert time.monotonic() - begun < 3
    assert len(desk.seen) == 2


async def test_nobody_to_answer(run: Run, ana: User, store: Store, desk: EchoDesk) -> None:
    """Updates that are malformed, or nobody's, stop nothing and are answered to nobody."""
    channel = {"id": -1001, "type": "channel", "title": "Canal"}
    updates: list[dict[str, Any]] = [
        {"message": {"garbage": 1}},
        {"message": 5},
        {"tomorrow": {"chat": {"id": 7}}},
        {},
        {"channel_post": {"message_id": 1, "date": 1, "chat": channel, "text": "hola"}},
    ]
    await say(ana, "antes", timeout=0)
    async with store.transaction() as transaction:
        rows = [
            (number, intake.chat_of(update), {"update_id": number} | update)
            for number, update in enumerate(updates)
        ]
        await transaction.receive(rows, LONG_AGO)
    async with run():
        await quiet(ana)
        async with store.reading() as reading:
            assert await reading.waiting(10) == []
    assert len(desk.seen) == 1


async def test_poison(run: Run, ana: User, store: Store) -> None:
    """Where a person's own update cannot be read, the person gets the apology, once, and the chat goes on."""
    await say(ana, "antes", timeout=0)
    async with store.transaction() as transaction:
        update = {"update_id": 1, "message": {"chat": {"id": 7}, "from": {"id": 7, "language_code": "en"}}}
        await transaction.receive([(1, "7", update)], LONG_AGO)
    async with run():
        await quiet(ana)
    assert await answers(ana) == ["Sorry, something failed.", "antes"]


async def test_published(run: Run, world: World, fake: Bot, refusals: list[str]) -> None:
    """Commands, name and descriptions are published per language and kind of chat; once is enough.

    The default language is published by its name, and for whoever speaks none of the others.
    """
    refusals.append("terminated by other getUpdates")  # said to the first run, which is gone
    for start in (1, 2):
        async with run():
            await until(world, lambda stats, n=start: stats["calls"].get("getMyShortDescription") == 2 * n)
            await until(world, lambda stats: len(stats["settings"]) == 13)
    private = '{"type": "all_private_chats"}'
    assert fake.settings["commands", private, "en"] == [{"command": "start", "description": "Start"}]
    assert fake.settings["commands", '{"type": "all_group_chats"}', ""][0]["command"] == "help"
    assert fake.settings["name", "en"] == "Assistant"
    assert fake.settings["description", ""] == fake.settings["description", "es"] == "Para negocios pequeños."
    assert fake.calls["setMyCommands"] == 5


# ---- receiving ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [{"kind": 409}, {"kind": 502}, {"kind": "drop"}, {"kind": "garbage"}, {"kind": 429, "seconds": 1}],
    ids=str,
)
async def test_intake_waits_out(
    run: Run, world: World, ana: User, kind: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever getUpdates meets is waited out, with one plain line in the log."""
    await fault(world, "getUpdates", times=1, **kind)
    async with run():
        assert await texts(ana, "hola") == ["hola"]
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) == 1
    assert "next try in" in lines[0]
    assert "html" not in lines[0]


async def test_start_waits_out(run: Run, world: World, ana: User) -> None:
    """A server that is away at the start is waited for."""
    await asyncio.to_thread(
        world.faults, {"method": "getMe", "kind": "drop"}, {"method": "deleteWebhook", "kind": 502}
    )
    async with run():
        assert await texts(ana, "hola") == ["hola"]


async def test_webhook_is_removed(run: Run, ana: User, fake: Bot) -> None:
    """Polling works where a webhook was set before."""
    fake.m_setwebhook({"url": "http://127.0.0.1:9/"})
    async with run():
        assert await texts(ana, "hola") == ["hola"]


async def test_refused_token(settings: TelegramSettings, store: Store, desk: EchoDesk) -> None:
    """A token the server does not know ends the program with one line that holds no token."""
    wrong = settings.model_copy(update={"token": SecretStr("123456:WRONG")})
    with pytest.raises(BotError, match=r"telegram.token was refused by 127.0.0.1:\d+; get one from") as error:
        await asyncio.wait_for(Telegram(wrong, store, desk, TEXTS).run(asyncio.Event()), 8)
    assert "WRONG" not in str(error.value)


def test_no_token(store: Store, desk: EchoDesk) -> None:
    """Without a token the error names the variable to set."""
    with pytest.raises(UsageError, match="BOT_TELEGRAM__TOKEN"):
        Telegram(TelegramSettings(), store, desk, TEXTS)
