"""What the edge itself decides: inline queries, groups, floods, bans, albums, double taps, files, links."""

import asyncio
import datetime
from typing import Any

import pytest
from echo_desk import EchoDesk
from fakegram import Bot
from hypothesis import given
from hypothesis import strategies as st
from users import Run, press, quiet, say, send, texts, until
from world import User, World

from bot.conversation.events import Pressed, Said
from bot.store import Store
from bot.telegram import deep_links, gate

GROUP = -100
PHOTO = {"photo": {"content": "AAAA"}}
ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


@pytest.fixture
def ana(world: World) -> User:
    return world.user(7, lang="es", first_name="Ana")


@pytest.fixture
async def group(world: World) -> int:
    await asyncio.to_thread(world.group, GROUP, members={"7": "creator"}, admin=True)
    return GROUP


async def inline(world: World, user: int, query: str, **more: Any) -> list[dict[str, Any]] | None:
    """Type `query` after the bot's name; return what is offered, None where nothing is answered."""
    return await asyncio.to_thread(world.inline, user, query, wait=30, **more)


# ---- inline mode --------------------------------------------------------------------------------


@pytest.mark.usefixtures("bot")
async def test_inline(world: World) -> None:
    """What is typed in any chat is answered with articles; each holds its message and its link."""
    offered = await inline(world, 7, "exportar <b>", language_code="en")
    assert offered is not None
    [article] = offered
    assert (article["type"], article["title"], article["description"]) == (
        "article",
        "exportar <b>",
        "una línea",
    )
    assert article["input_message_content"]["message_text"] == "exportar &lt;b&gt; (en)"
    assert article["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://example.org"


@pytest.mark.usefixtures("bot")
async def test_inline_of_somebody_known(world: World, ana: User) -> None:
    """The language a person chose goes before that of the device."""
    await say(ana, "hola")
    offered = await inline(world, 7, "crédito", language_code="pt")
    assert offered is not None
    assert offered[0]["input_message_content"]["message_text"] == "crédito (es)"


@pytest.mark.usefixtures("bot")
async def test_inline_chosen(world: World, ana: User) -> None:
    """A chosen article is said in the chat as it was offered."""
    await inline(world, 7, "crédito", choose=0)
    screen = await asyncio.to_thread(ana.screen)
    assert screen[-1]["text"] == "crédito (es)"


@pytest.mark.usefixtures("bot")
async def test_inline_without_words(world: World) -> None:
    """Where there is nothing to offer, the query is answered all the same, with the way to the bot."""
    assert await inline(world, 7, "") == []


@pytest.mark.usefixtures("bot")
async def test_inline_that_fails(world: World, desk: EchoDesk) -> None:
    """A query whose answer fails is answered with nothing, and nobody is written to."""
    desk.deaf = True
    assert await inline(world, 7, "fail") == []
    stats = await asyncio.to_thread(world.stats)
    assert "sendMessage" not in stats["calls"]


@pytest.mark.usefixtures("bot")
async def test_inline_is_no_question(world: World, store: Store, desk: EchoDesk) -> None:
    """Nobody becomes known by typing, and nothing reaches the conversation."""
    await inline(world, 7, "exportar")
    assert await store_person(store) is None
    assert desk.seen == []


async def store_person(store: Store) -> Any:
    async with store.reading() as now:
        return await now.person("telegram", "7")


# ---- groups -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("bot")
async def test_group_event(ana: User, group: int, desk: EchoDesk) -> None:
    """The conversation is told that others read along."""
    await say(ana, "@fake_test_bot hola", chat=group)
    await say(ana, "hola")
    assert [event.in_group for event in desk.seen] == [True, False]


@pytest.mark.usefixtures("bot")
async def test_anonymous_admin(ana: User, group: int, fake: Bot, desk: EchoDesk) -> None:
    """Who writes as the group itself is answered in the group."""
    await say(ana, "@fake_test_bot hola", chat=group)
    chat = fake.chats[group]
    message = fake.post(chat, ADMIN, text="@fake_test_bot ¿y miel?", sender_chat=chat.brief())
    fake.push("message", message, group)
    await until(ana.w, lambda stats: stats["calls"].get("sendMessage") == 2)
    assert [event.text for event in desk.seen if isinstance(event, Said)] == ["hola", "¿y miel?"]


@pytest.mark.usefixtures("bot")
async def test_other_bots_and_channels(ana: User, group: int, fake: Bot, desk: EchoDesk) -> None:
    """Another bot, and a post a channel forwards by itself, are not answered."""
    await say(ana, "@fake_test_bot uno", chat=group)
    chat = fake.chats[group]
    robot = {"id": 99, "is_bot": True, "first_name": "Robot"}
    fake.push("message", fake.post(chat, robot, text="@fake_test_bot hola"), group)
    channel = {"id": -1009, "type": "channel", "title": "Noticias"}
    automatic = {"sender_chat": channel, "is_automatic_forward": True}
    fake.push("message", fake.post(chat, ADMIN, text="@fake_test_bot oferta", **automatic), group)
    await say(ana, "@fake_test_bot dos", chat=group)
    assert len(desk.seen) == 2


@pytest.mark.usefixtures("bot")
async def test_topic_of_a_group(world: World, ana: User, fake: Bot) -> None:
    """In a group with topics the answer goes to the topic it was asked in."""
    await asyncio.to_thread(world.group, GROUP, members={"7": "creator"}, admin=True, is_forum=True)
    fake.chats[GROUP].topics[55] = {
        "message_thread_id": 55,
        "name": "Dudas",
        "icon_color": 0,
        "closed": False,
    }
    [reply] = await say(ana, "@fake_test_bot hola", chat=GROUP, thread=55)
    assert reply.message["message_thread_id"] == 55


@pytest.mark.usefixtures("bot")
async def test_a_group_that_grew(ana: User, group: int, fake: Bot, store: Store) -> None:
    """When a group becomes another chat, what waits for it goes there."""
    await say(ana, "@fake_test_bot hola", chat=group)
    await asyncio.to_thread(ana.w.group, -1007, members={"7": "creator"}, admin=True)
    message = fake.post(fake.chats[group], fake.users[7], migrate_to_chat_id=-1007)
    fake.push("message", message, group)
    [reply] = await say(ana, "@fake_test_bot otra", chat=-1007)
    assert reply.text == "otra"


@pytest.mark.usefixtures("bot")
async def test_channel_post(ana: User, fake: Bot, desk: EchoDesk) -> None:
    """What a channel posts is not asked for, and nothing comes of it should it arrive."""
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": -1009, "type": "channel", "title": "N"},
        "text": "hola",
    }
    fake.allowed = None
    fake.push("channel_post", message, -1009)
    await say(ana, "hola")
    assert len(desk.seen) == 1


# ---- what is not answered -----------------------------------------------------------------------


@pytest.mark.usefixtures("bot")
async def test_flood(ana: User, desk: EchoDesk, store: Store) -> None:
    """Who writes without end is told so once; every word is in the log or was answered."""
    desk.gate = asyncio.Event()  # everything is written before the first answer
    for number in range(40):
        await say(ana, f"pregunta {number}", timeout=0)
    desk.gate.set()
    async with asyncio.timeout(30):
        while await waiting(store):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    noted = [row for row in await store.requests() if row.outcome == gate.THROTTLED]
    assert len(noted) > 0
    assert len(noted) + len(desk.seen) == 40
    assert len({row.question for row in noted}) == len(noted)
    told = [row for row in await posted(store) if "Más despacio" in str(row)]
    assert len(told) == 1


@pytest.mark.usefixtures("bot")
async def test_quick_but_waiting(ana: User, desk: EchoDesk) -> None:
    """Who waits for each answer is never told to slow down, however quick they are."""
    for number in range(4):
        await say(ana, f"pregunta {number}")
    assert len(desk.seen) == 4


@pytest.mark.usefixtures("bot")
async def test_flood_of_presses(ana: User, world: World, desk: EchoDesk) -> None:
    """Buttons pressed without end are all answered, though not all of them do something."""
    [menu] = await say(ana, "menu")
    desk.gate = asyncio.Event()
    for number in range(30):
        await press(ana, message_id=menu.id, forge=f"x{number}", timeout=0)
    desk.gate.set()
    await until(world, lambda stats: stats["calls"].get("answerCallbackQuery") == 30)
    stats = await asyncio.to_thread(world.stats)
    assert stats["unanswered_callbacks"] == 0
    assert len(desk.seen) < 31


@pytest.mark.usefixtures("bot")
async def test_ban(ana: User, world: World, desk: EchoDesk, store: Store) -> None:
    """Who was banned is told once, and then nothing; let in again, they are answered again."""
    [menu] = await say(ana, "menu")
    await ban(store, datetime.datetime.now(datetime.UTC))
    assert await texts(ana, "hola") == ["No puedo responderte."]
    await say(ana, "¿por qué?", timeout=0)
    await press(ana, "Uno", message_id=menu.id)
    assert await inline(world, 7, "exportar") == []
    await ban(store, None)
    assert await texts(ana, "hola") == ["hola"]
    assert len(desk.seen) == 2


@pytest.mark.usefixtures("bot")
async def test_who_writes_is_not_blocked(ana: User, store: Store) -> None:
    """Whoever writes takes messages again, whatever was noted before."""
    await say(ana, "hola")
    async with store.transaction() as t:
        await t.mark_blocked("telegram", "7", datetime.datetime.now(datetime.UTC))
    await say(ana, "aquí estoy de nuevo")
    person = await store_person(store)
    assert person.blocked_at is None


async def ban(store: Store, at: datetime.datetime | None) -> None:
    async with store.transaction() as t:
        assert await t.ban("id-7", at)


async def waiting(store: Store) -> bool:
    async with store.reading() as now:
        return await now.oldest_waiting() is not None


async def posted(store: Store) -> list[Any]:
    exported = await store.export_person("id-7")
    return [row["payload"]["arguments"].get("text", "") for row in exported["outbox"]]


# ---- what repeats -------------------------------------------------------------------------------


@pytest.mark.usefixtures("bot")
async def test_double_tap_is_one(ana: User, world: World, desk: EchoDesk) -> None:
    """The second tap on a button is answered, and does nothing more."""
    [menu] = await say(ana, "menu")
    for _ in range(2):
        await press(ana, "Uno", message_id=menu.id, timeout=0)
    await until(world, lambda stats: stats["calls"].get("answerCallbackQuery") == 2)
    assert [event.action for event in desk.seen if isinstance(event, Pressed)] == ["one"]


@pytest.mark.usefixtures("bot")
async def test_two_people_on_one_button(world: World, ana: User, group: int, desk: EchoDesk) -> None:
    """In a group, another person's tap on the same button is their own."""
    [menu] = await say(ana, "@fake_test_bot menu", chat=group)
    eva = world.user(8, lang="es")
    await press(ana, "Uno", message_id=menu.id, chat=group)
    await press(eva, "Uno", message_id=menu.id, chat=group, timeout=0)
    await until(world, lambda stats: stats["calls"].get("answerCallbackQuery") == 2)
    assert len([event for event in desk.seen if isinstance(event, Pressed)]) == 2


@pytest.mark.usefixtures("bot")
async def test_a_menu_that_stays_the_same(ana: User, world: World) -> None:
    """A button that would edit a message to what it shows already does not ask the server to."""
    [menu] = await say(ana, "menu")
    await press(ana, "Uno", message_id=menu.id)
    await press(ana, message_id=menu.id, forge="two")
    await press(ana, message_id=menu.id, forge="two2")
    await press(ana, "Uno", message_id=menu.id)
    stats = await asyncio.to_thread(world.stats)
    assert stats["refused"] == []


async def test_album_across_a_restart(run: Run, ana: User, desk: EchoDesk, refusals: list[str]) -> None:
    """Of an album that arrives in part after a restart, still only the first part is answered."""
    refusals.append("terminated by other getUpdates")  # said to the first run, which is gone
    album = {"extra": {"media_group_id": "77"}, **PHOTO}
    async with run():
        await send(ana, **album)
    async with run():
        await send(ana, timeout=0, **album)
        await send(ana, timeout=0, **album)
        await texts(ana, "hola")
    assert len(desk.seen) == 2


# ---- files --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("bot")
async def test_file(ana: User, fake: Bot) -> None:
    """A file arrives whole, with its name and what is said of it."""
    [reply] = await say(ana, "file")
    document = reply.message["document"]
    assert (reply.text, document["file_name"]) == ("Tus datos", "datos.json")
    assert fake.files[document["file_id"]][1] == b'{"a": 1}'


async def test_file_across_a_restart(run: Run, ana: User, world: World, refusals: list[str]) -> None:
    """A file that could not be sent before the process ended is sent by the next one."""
    refusals.append("terminated by other getUpdates")  # said to the first run, which is gone
    await asyncio.to_thread(world.faults, {"method": "sendDocument", "kind": 502, "times": 1, "p": 1.0})
    async with run():
        await say(ana, "file", timeout=0)
        await until(world, lambda stats: stats["faults"][0]["hits"] == 1)
    async with run():
        await until(world, lambda stats: stats["calls"].get("sendDocument") == 1)
    await quiet(ana)
    assert await answers_with_files(ana) == [("Tus datos", "datos.json")]
    assert await answers_without_text(ana) == 1


async def answers_with_files(user: User) -> list[tuple[str, str]]:
    screen = await asyncio.to_thread(user.screen)
    return [
        (message["caption"], message["document"]["file_name"]) for message in screen if "document" in message
    ]


async def answers_without_text(user: User) -> int:
    screen = await asyncio.to_thread(user.screen)
    return len([message for message in screen if message["from"]["is_bot"]])


# ---- links --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "read"),
    [
        ("/start", "/start"),
        ("/start loans", "/start loans"),
        ("/start hn-sar-facturacion", "/start hn-sar-facturacion"),
        ("/start loans__feria2026", "/start loans feria2026"),
        (
            "/start " + deep_links.payload("loans", "feria de la pequeña empresa"),
            "/start loans feria-de-la-pequeña-empresa",
        ),
        ("/start b_%%%", "/start"),
        ("/start b_" + "_" * 20, "/start"),
        ("/start <b>", "/start"),
        ("/start " + "a" * 65, "/start"),
    ],
)
def test_deep_links(command: str, read: str) -> None:
    """A link says a topic, a resource or a campaign, or a topic and a campaign; rubbish says nothing."""
    assert deep_links.read(command) == read


@given(st.lists(st.from_regex(r"[a-z0-9][a-z0-9.-]{0,11}", fullmatch=True), min_size=1, max_size=2))
def test_links_are_read_as_written(words: list[str]) -> None:
    """Whatever a link is made to say, it says."""
    assert deep_links.read(f"/start {deep_links.payload(*words)}") == " ".join(["/start", *words])


def test_link_of_too_much() -> None:
    """What no link can carry is refused when it is made."""
    with pytest.raises(ValueError, match="64"):
        deep_links.payload("loans", "feria " * 20)


@pytest.mark.usefixtures("bot")
async def test_link_of_a_newcomer(ana: User) -> None:
    """A link is read before the conversation hears of it."""
    assert await texts(ana, "/start loans__feria2026") == ["/start loans feria2026"]
