"""The bot as its users meet it, through a strict Bot API server."""

import asyncio
import datetime
from typing import Any

import pytest
from echo_desk import EchoDesk, plain
from users import answers, press, quiet, say, send, texts, until
from world import User, World

from bot.conversation.events import Pressed
from bot.store import OutboxRow, Store
from bot.telegram import calls
from bot.telegram.calls import Place
from bot.telegram.channel import Telegram

pytestmark = pytest.mark.usefixtures("bot")

STICKER = {"file_id": "S", "file_unique_id": "s", "width": 1, "height": 1, "type": "regular"} | dict.fromkeys(
    ("is_animated", "is_video"), False
)
PHOTO = {"photo": {"content": "AAAA"}}


@pytest.fixture
def ana(world: World) -> User:
    return world.user(7, lang="es", first_name="Ana")


async def test_echo(ana: User) -> None:
    """A text is answered, once."""
    assert await texts(ana, "hola") == ["hola"]


async def test_two_replies(ana: User) -> None:
    """Replies arrive in their order."""
    assert await texts(ana, "two") == ["uno", "dos"]


async def test_order_in_a_chat(world: World, ana: User) -> None:
    """What one person writes in a row is answered in that order."""
    for number in range(3):
        await say(ana, f"hola {number}", timeout=0)
    await quiet(ana)
    assert await answers(ana) == ["hola 0", "hola 1", "hola 2"]


async def test_many_chats(world: World) -> None:
    """Many people at once are all answered."""
    people = [world.user(number) for number in range(100, 120)]
    assert await asyncio.gather(*(texts(person, f"soy {person.id}") for person in people)) == [
        [f"soy {person.id}"] for person in people
    ]


async def test_markup_is_escaped(ana: User) -> None:
    """What a person writes never becomes markup."""
    text = "a < b && <b>x</b> \"y\" &lt; 'z'"
    assert await texts(ana, text) == [text]


async def test_half_letters(ana: User) -> None:
    """Half a letter, which cannot be sent, is replaced."""
    assert await texts(ana, "hola \ud83d") == ["hola \ufffd"]


async def test_buttons_edit(ana: User) -> None:
    """A pressed button changes the message it is under, and is answered."""
    [menu] = await say(ana, "menu")
    assert menu.buttons == ["Uno", "Nota", "Sitio"]
    replies = await press(ana, "Uno")
    assert sorted(reply["kind"] for reply in replies) == ["answer", "edit"]
    assert await answers(ana) == ["one"]


async def test_notice(ana: User) -> None:
    """A notice is shown at the button, without a message."""
    await say(ana, "menu")
    [answer] = await press(ana, "Nota")
    assert (answer["kind"], answer.text) == ("answer", "anotado")


async def test_double_tap(world: World, ana: User, refusals: list[str]) -> None:
    """A button pressed twice is answered twice and edits to the same: no error, no second message."""
    refusals.append("message is not modified")
    await say(ana, "menu")
    await asyncio.gather(press(ana, "Uno"), press(ana, "Uno"))
    await quiet(ana)
    stats = await asyncio.to_thread(world.stats)
    assert stats["unanswered_callbacks"] == 0
    assert await answers(ana) == ["one"]


async def test_forged_button(ana: User, desk: EchoDesk) -> None:
    """Data no button of ours holds reaches the conversation like any other."""
    [menu] = await say(ana, "menu")
    await press(ana, message_id=menu.id, forge="' OR 1=1 <b>")
    assert isinstance(desk.seen[-1], Pressed)
    assert desk.seen[-1].action == "' OR 1=1 <b>"


async def test_button_of_a_deleted_message(world: World, ana: User) -> None:
    """Where the message cannot be edited any more, the reply is a new one."""
    [menu] = await say(ana, "menu")
    await asyncio.to_thread(
        world.faults,
        {"method": "editMessageText", "kind": 400, "description": "Bad Request: message to edit not found"},
    )
    replies = await press(ana, "Uno", message_id=menu.id)
    assert {reply["kind"] for reply in replies} == {"answer", "new"}


async def test_long_reply(ana: User) -> None:
    """A long reply comes in pieces, the buttons under the last."""
    replies = await say(ana, "long")
    assert [len(reply.text) <= 4096 for reply in replies] == [True, True]
    assert [bool(reply.buttons) for reply in replies] == [False, True]
    assert "".join(reply.text for reply in replies).count("línea") == 1200


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("voice", {"voice": {"content": "AAAA"}}),
        ("photo", PHOTO),
        ("document", {"document": {"content": "AAAA"}}),
        ("sticker", {"extra": {"sticker": STICKER}}),
        ("location", {"extra": {"location": {"latitude": -34.9, "longitude": -56.2}}}),
        ("contact", {"extra": {"contact": {"phone_number": "1", "first_name": "A"}}}),
        ("other", {"extra": {"thing_of_tomorrow": {"x": 1}}}),
    ],
)
async def test_not_a_text(ana: User, kind: str, content: dict[str, Any]) -> None:
    """Whatever is not a text is answered too."""
    [reply] = await send(ana, **content)
    assert reply.text == kind


async def test_album(world: World, ana: User, desk: EchoDesk) -> None:
    """Of an album only the first part is answered."""
    for _ in range(3):
        await send(ana, timeout=0, extra={"media_group_id": "1"}, **PHOTO)
    await quiet(ana)
    assert len(desk.seen) == 1


async def test_service_message(ana: User, desk: EchoDesk) -> None:
    """What Telegram itself says in a chat is not answered."""
    await send(ana, timeout=0, extra={"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}})
    assert await texts(ana, "hola") == ["hola"]
    assert len(desk.seen) == 1


async def test_event_ids(ana: User, desk: EchoDesk) -> None:
    """An event is named after its update, so that working on it again names the same."""
    await say(ana, "hola")
    assert desk.seen[0].id == "t89oqgx"


async def test_group(world: World, ana: User, desk: EchoDesk) -> None:
    """In a group the bot answers to its name and to replies, and says to whom."""
    await asyncio.to_thread(world.group, -100, members={"7": "creator"}, admin=True)
    await say(ana, "charla entre nosotros", chat=-100, timeout=0)
    [reply] = await say(ana, "@Fake_Test_Bot exportar", chat=-100)
    assert reply.text == "exportar"
    assert reply.message["reply_to_message"]["text"] == "@Fake_Test_Bot exportar"
    assert [r.text for r in await say(ana, "¿y miel?", chat=-100, reply_to=reply.id)] == ["¿y miel?"]
    assert [r.text for r in await say(ana, "/menu@fake_test_bot", chat=-100)] == ["/menu"]
    assert len(desk.seen) == 3


async def test_typing(world: World, ana: User, desk: EchoDesk) -> None:
    """An answer that takes a while is announced; the announcement keeps nothing waiting."""
    desk.gate = asyncio.Event()
    await say(ana, "hola", timeout=0)
    await until(world, lambda stats: "sendChatAction" in stats["calls"])
    desk.gate.set()
    assert [r.text for r in await asyncio.to_thread(world.replies, ana.id, 0)] == ["hola"]


async def test_failing_handler(world: World, ana: User, desk: EchoDesk, store: Store, caplog: Any) -> None:
    """A handler that raises is tried twice, then one apology is said; the chat goes on."""
    assert await texts(ana, "fail") == ["Perdón, algo falló."]
    assert desk.failures == 2
    assert await texts(ana, "hola") == ["hola"]
    assert "ValueError at echo_desk.py" in caplog.text
    assert "secret" not in caplog.text


async def test_failing_press(world: World, ana: User) -> None:
    """A press whose handler raises is answered all the same, and the apology is a message."""
    [menu] = await say(ana, "menu")
    replies = await press(ana, message_id=menu.id, forge="fail")
    assert sorted((reply["kind"], reply.text) for reply in replies) == [
        ("answer", ""),
        ("new", "Perdón, algo falló."),
    ]


async def test_flood_of_one(world: World, ana: User) -> None:
    """Who writes fast is answered at the pace Telegram allows: nothing is refused."""
    for number in range(7):
        await say(ana, str(number), timeout=0)
    await until(world, lambda stats: stats["calls"].get("sendMessage") == 7)


async def test_posted_from_elsewhere(ana: User, bot: Telegram, store: Store) -> None:
    """What others post, a colleague's reply for one, is sent as soon as the sender is told."""
    await say(ana, "hola")
    now = datetime.datetime.now(datetime.UTC)
    async with store.transaction() as transaction:
        for call in calls.message(plain("Soy Eva, de la cámara."), Place("7")):
            await transaction.post(OutboxRow(chat="7", payload=call, created_at=now, due_at=now))
    bot.posted()
    [*_, last] = await asyncio.to_thread(ana.w.replies, 7, 2)
    assert last.text == "Soy Eva, de la cámara."
