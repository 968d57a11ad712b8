"""An edited message is answered again, once, in the place of its answer."""

import asyncio
import time

import pytest
from echo_desk import EchoDesk
from fakegram import Bot
from users import Run, answers, press, say, send, texts, until
from world import User, World

from bot.conversation.events import Said, Sent
from bot.store import Store

PHOTO = {"photo": {"content": "AAAA"}}


@pytest.fixture
def ana(world: World) -> User:
    return world.user(7, lang="es", first_name="Ana")


def written(fake: Bot) -> int:
    """Return the number of the last message a person wrote."""
    return max(id for id, message in fake.chats[7].messages.items() if not message["from"]["is_bot"])


def said(desk: EchoDesk) -> list[tuple[str, str | None]]:
    return [(event.text, event.revises) for event in desk.seen if isinstance(event, Said)]


@pytest.mark.usefixtures("bot")
async def test_the_answer_changes(ana: User, desk: EchoDesk, fake: Bot) -> None:
    """The answer itself is edited; nothing is said a second time."""
    await say(ana, "holaa")
    [reply] = await say(ana, "hola", edit=written(fake))
    assert (reply["kind"], reply.text) == ("edit", "hola")
    assert await answers(ana) == ["hola"]
    assert said(desk) == [("holaa", None), ("hola", desk.seen[0].id)]


@pytest.mark.usefixtures("bot")
async def test_edited_twice(ana: User, desk: EchoDesk, fake: Bot) -> None:
    """Each edit changes the same answer, and revises the same question."""
    await say(ana, "uno")
    number = written(fake)
    for text in ("dos", "tres"):
        await say(ana, text, edit=number)
    assert await answers(ana) == ["tres"]
    assert {revises for _, revises in said(desk)[1:]} == {desk.seen[0].id}


@pytest.mark.usefixtures("bot")
async def test_edited_to_the_same(ana: User, desk: EchoDesk, fake: Bot) -> None:
    """An edit that leaves the words as they were, or says them again, says nothing."""
    await say(ana, "hola")
    number = written(fake)
    await say(ana, "hola", edit=number, timeout=0)
    await say(ana, "otra")
    assert [text for text, _ in said(desk)] == ["hola", "otra"]
    await say(ana, "holaa", edit=number)
    await say(ana, "hola", edit=number)
    assert await answers(ana) == ["hola", "otra"]


@pytest.mark.usefixtures("bot")
async def test_an_answer_that_stays_the_same(ana: User, world: World, desk: EchoDesk, fake: Bot) -> None:
    """Where the answer would not change, the server is not asked to change it."""
    desk.deaf = True
    await say(ana, "hola")
    await say(ana, "holaa", edit=written(fake), timeout=0)
    await texts(ana, "otra")
    stats = await asyncio.to_thread(world.stats)
    assert "editMessageText" not in stats["calls"]
    assert len(said(desk)) == 3


async def test_after_a_restart(run: Run, ana: User, fake: Bot, refusals: list[str]) -> None:
    """Another process finds the answer too."""
    refusals.append("terminated by other getUpdates")  # said to the first run, which is gone
    async with run():
        await say(ana, "holaa")
    async with run():
        await say(ana, "hola", edit=written(fake))
    assert await answers(ana) == ["hola"]


@pytest.mark.usefixtures("bot")
async def test_before_the_answer(ana: User, desk: EchoDesk, fake: Bot, world: World) -> None:
    """An edit that comes before the answer was sent still changes that one answer."""
    desk.gate = asyncio.Event()
    await say(ana, "holaa", timeout=0)
    await say(ana, "hola", edit=written(fake), timeout=0)
    desk.gate.set()
    await until(world, lambda stats: stats["calls"].get("editMessageText") == 1)
    assert await answers(ana) == ["hola"]


@pytest.mark.usefixtures("bot")
async def test_the_answer_is_gone(ana: User, fake: Bot, refusals: list[str]) -> None:
    """Where the answer was deleted, the new one is a message of its own."""
    refusals.append("message to edit not found")
    [reply] = await say(ana, "holaa")
    number = written(fake)
    del fake.chats[7].messages[reply.id]
    [again] = await say(ana, "hola", edit=number)
    assert (again["kind"], again.text) == ("new", "hola")


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(("before", "after"), [("/menu", "hola"), ("hola", "/menu"), ("/menu", "/help")])
async def test_commands(ana: User, desk: EchoDesk, fake: Bot, before: str, after: str) -> None:
    """A command is no question: what it is edited from or to is answered by itself."""
    await say(ana, before)
    await say(ana, after, edit=written(fake))
    assert await answers(ana) == [before, after]
    assert said(desk) == [(before, None), (after, None)]


@pytest.mark.usefixtures("bot")
async def test_an_old_message(ana: User, desk: EchoDesk, fake: Bot) -> None:
    """What was written more than two days ago is answered below, where the person looks."""
    await say(ana, "holaa")
    number = written(fake)
    fake.chats[7].messages[number]["date"] = int(time.time()) - 49 * 3600
    await say(ana, "hola", edit=number)
    assert await answers(ana) == ["holaa", "hola"]
    assert said(desk)[1] == ("hola", None)


@pytest.mark.usefixtures("bot")
async def test_an_unknown_message(ana: User, fake: Bot, store: Store) -> None:
    """A message nobody remembers, as after /forget, is answered anew."""
    await say(ana, "holaa")
    number = written(fake)
    await store.forget("id-7")
    await say(ana, "hola", edit=number)
    assert await answers(ana) == ["holaa", "hola"]


@pytest.mark.usefixtures("bot")
async def test_a_caption(ana: User, desk: EchoDesk, fake: Bot) -> None:
    """What is written under a photo is edited like a text."""
    await send(ana, extra={"caption": "mi etiqueta"}, **PHOTO)
    number = written(fake)
    message = fake.chats[7].messages[number] | {
        "caption": "¿sirve mi etiqueta?",
        "edit_date": int(time.time()),
    }
    fake.push("edited_message", message, 7)
    await until(ana.w, lambda stats: stats["calls"].get("editMessageText") == 1)
    assert await answers(ana) == ["photo ¿sirve mi etiqueta?"]
    assert isinstance(desk.seen[-1], Sent)
    assert desk.seen[-1].revises == desk.seen[0].id


@pytest.mark.usefixtures("bot")
async def test_a_moving_location(ana: User, desk: EchoDesk, fake: Bot) -> None:
    """A live location is edited without end; nothing is said to it."""
    message = await send(ana, timeout=0, extra={"location": {"latitude": 1.0, "longitude": 1.0}})
    await until(ana.w, lambda stats: stats["calls"].get("sendMessage") == 1)
    moved = fake.chats[7].messages[written(fake)] | {"edit_date": int(time.time())}
    fake.push("edited_message", moved, 7)
    await say(ana, "hola")
    assert len(desk.seen) == 2
    assert message


@pytest.mark.usefixtures("bot")
async def test_in_a_group(world: World, ana: User, desk: EchoDesk, fake: Bot) -> None:
    """In a group the answer is changed too, and stays a reply to its message."""
    await asyncio.to_thread(world.group, -100, members={"7": "creator"}, admin=True)
    [reply] = await say(ana, "@fake_test_bot exportar", chat=-100)
    number = reply.message["reply_to_message"]["message_id"]
    [edited] = await say(ana, "@fake_test_bot exportar miel", chat=-100, edit=number)
    assert (edited["kind"], edited.text) == ("edit", "exportar miel")
    assert [event.in_group for event in desk.seen] == [True, True]


@pytest.mark.usefixtures("bot")
async def test_a_name_added_later(world: World, ana: User, fake: Bot) -> None:
    """Who names the bot only while editing is answered, too."""
    await asyncio.to_thread(world.group, -100, members={"7": "creator"}, admin=True)
    message = await send(ana, text="exportar", chat=-100, timeout=0)
    number = message["message_id"]  # type: ignore[call-overload]
    [reply] = await say(ana, "@fake_test_bot exportar", chat=-100, edit=number)
    assert (reply["kind"], reply.text) == ("new", "exportar")


@pytest.mark.usefixtures("bot")
async def test_buttons_stay(ana: User, fake: Bot) -> None:
    """A button under an edited answer works as before."""
    await say(ana, "menuu")
    await say(ana, "menu", edit=written(fake))
    await press(ana, "Uno")
    assert await answers(ana) == ["one"]
