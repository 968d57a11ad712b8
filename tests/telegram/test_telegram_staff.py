"""The staff's chats as the staff and the people meet them, through a strict Bot API server."""

import asyncio
import base64
import contextlib
import datetime
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import tiny_knowledge
from echo_desk import TEXTS
from fakegram import Bot
from users import press, say, send, served, texts
from world import User, World

from bot.advice import knowledge
from bot.advice.advisor import Advisor
from bot.app import Desk
from bot.casework.courier import Courier, Noticeboard
from bot.casework.offices import Offices
from bot.casework.rights import Rights
from bot.casework.voice import Voice
from bot.casework.work import Casework
from bot.conversation.dialogue import Speaker
from bot.settings import OfficeSettings, StaffSettings, TelegramSettings
from bot.store import CaseRow, PersonRow, StaffRow, Store, Transaction
from bot.telegram.channel import Telegram, utc_now
from bot.telegram.courier import TelegramCourier
from bot.telegram.staff_group import StaffGroup

GROUP, PLAIN = -1001, -1002
PATIENCE = 8.0
ANA, MIA, EVA, ZOE = 7, 21, 22, 23
SHIPPED = Path(__file__).parents[2] / "knowledge"

Holds = Callable[[], Any]


async def eventually(holds: Callable[[], Any]) -> Any:
    """Return what `holds` gives once it is something; nothing tells the users' side when."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = holds()
            if found:
                return found
            await asyncio.sleep(0.01)


class Chat:
    """A chat of the server as everyone in it sees it now."""

    def __init__(self, fake: Bot, id: int):
        self._fake = fake
        self.id = id

    @property
    def messages(self) -> list[dict[str, Any]]:
        chat = self._fake.chats.get(self.id)
        return list(chat.messages.values()) if chat else []

    @property
    def topics(self) -> dict[int, dict[str, Any]]:
        return dict(self._fake.chats[self.id].topics)

    def cards(self, part: str = "") -> list[dict[str, Any]]:
        """The cards there are whose text holds `part`."""
        return [m for m in self.messages if m["from"]["is_bot"] and "reply_markup" in m and part in m["text"]]

    def texts(self) -> list[str]:
        return [m.get("text", "") for m in self.messages if m["from"]["is_bot"]]

    def reactions(self) -> list[int]:
        return [e["message_id"] for e in self._fake.chats[self.id].events if e["kind"] == "reaction"]

    def file(self, number: int, kind: str) -> str:
        """The id of the file in a message."""
        held = self._fake.chats[self.id].messages[number][kind]
        return str((held[-1] if kind == "photo" else held)["file_id"])

    async def card(self, part: str = "") -> dict[str, Any]:
        """Wait for a card that says `part`."""
        found: list[dict[str, Any]] = await eventually(lambda: self.cards(part))
        return found[-1]

    async def said(self, part: str) -> dict[str, Any]:
        """Wait for a message that says `part`."""
        return await eventually(lambda: next((m for m in self.messages if part in m.get("text", "")), None))  # type: ignore[no-any-return]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tiny_knowledge.write(tmp_path / "knowledge")
    for language in ("es", "en", "pt"):
        messages = (SHIPPED / "messages" / f"{language}.yaml").read_text(encoding="utf-8")
        (folder / "messages").mkdir(exist_ok=True)
        (folder / "messages" / f"{language}.yaml").write_text(messages, encoding="utf-8")
    (folder / "canned.yaml").write_text(
        "soon:\n  title: {es: Pronto}\n  text: {es: Te escribimos pronto., en: We write soon.}\n"
    )
    return folder


@pytest.fixture
def staff_settings() -> StaffSettings:
    return StaffSettings(group_id=GROUP, sensitive=("zoe",))


@pytest.fixture
def speaker(folder: Path) -> Speaker:
    return Speaker.of(Advisor(knowledge.load(folder)))


async def linked(who: StaffRow, at: datetime.datetime, transaction: Transaction) -> str:
    """Return a link as the console makes one."""
    return f"https://console.example.org/sign-in?token=for-{who.id}"


Running = Callable[[StaffSettings], contextlib.AbstractAsyncContextManager[Telegram]]


@pytest.fixture
def running(settings: TelegramSettings, store: Store, speaker: Speaker) -> Running:
    """Return what runs the bot with its staff for as long as the body of a `with` runs."""

    @contextlib.asynccontextmanager
    async def run(staff: StaffSettings) -> AsyncIterator[Telegram]:
        offices = Offices.of(staff)
        couriers: dict[str, Courier] = {"telegram": TelegramCourier(), "terminal": Noticeboard()}
        voice = Voice(speaker.advisor.knowledge, speaker.messages, speaker.answers)
        casework = Casework(lambda: voice, couriers, rights=Rights(sensitive=staff.sensitive))
        group = StaffGroup(
            store,
            casework,
            offices,
            language=staff.language,
            now=utc_now,
            admins_answer=staff.group_admins_answer,
            link=linked,
        )
        desk = Desk(speaker, offices=offices)
        desk.erasing = group.cards.erase
        async with served(Telegram(settings, store, desk, TEXTS, staff=group)) as telegram:
            yield telegram

    return run


async def hire(store: Store) -> None:
    """Put Mia and Eva on the staff, and Zoe for what needs care."""
    async with store.transaction() as transaction:
        for id, address in (("mia", MIA), ("eva", EVA), ("zoe", ZOE)):
            await transaction.add_staff(
                StaffRow(id=id, channel="telegram", address=str(address), name=id.title())
            )


@pytest.fixture
def ana(world: World) -> User:
    return world.user(ANA, lang="es", first_name="Ana")


@pytest.fixture
def mia(world: World) -> User:
    return world.user(MIA, lang="es", first_name="Mia")


@pytest.fixture
def eva(world: World) -> User:
    return world.user(EVA, lang="es", first_name="Eva")


@pytest.fixture
async def group(world: World, store: Store) -> None:
    """A staff group with topics, the bot its admin, and the staff in the store."""
    members = {str(MIA): "creator", str(EVA): "member"}
    await asyncio.to_thread(world.group, GROUP, is_forum=True, admin=True, members=members)
    await hire(store)


@pytest.fixture
async def bot(running: Running, staff_settings: StaffSettings, group: None) -> AsyncIterator[Telegram]:
    async with running(staff_settings) as telegram:
        yield telegram


@pytest.fixture
def here(fake: Bot) -> Chat:
    """The staff group."""
    return Chat(fake, GROUP)


async def case_of(store: Store, state: str = "") -> CaseRow:
    """Return the one case there is, once it is in this state."""
    async with asyncio.timeout(PATIENCE):
        while True:
            cases = await store.cases()
            if cases and cases[0].state == (state or cases[0].state):
                async with store.reading() as now:
                    return await now.case(cases[0].id)  # type: ignore[return-value]
            await asyncio.sleep(0.01)


async def asks(ana: User, question: str = "/person") -> None:
    """Have Ana ask for a person, and agree that one reads it."""
    await say(ana, question)
    await press(ana, index=0)


async def asks_for_a_person(ana: User, here: Chat, question: str = "quiero hablar con una persona") -> int:
    """Have Ana ask for a person; return the topic of her case."""
    await asks(ana, question)
    card = await here.card()
    return int(card["message_thread_id"])


@pytest.mark.usefixtures("bot")
async def test_a_case_is_a_topic_with_a_card(ana: User, here: Chat) -> None:
    """Each case has a topic of its own, and in it one card with the question and what can be done."""
    thread = await asks_for_a_person(ana, here)
    (card,) = here.cards()
    assert here.topics[thread]["name"].startswith("–")
    assert "Sin tomar" in card["text"]
    buttons = [b["text"] for row in card["reply_markup"]["inline_keyboard"] for b in row]
    assert buttons == ["Tomar", "Cerrar", "Enviar un recurso", "Texto listo", "Anotar"]


@pytest.mark.usefixtures("bot")
async def test_a_reply_in_the_topic_reaches_the_person(
    ana: User, mia: User, here: Chat, fake: Bot, store: Store
) -> None:
    """What staff write in the topic is read by the person, and the card says that it was delivered."""
    thread = await asks_for_a_person(ana, here)
    sent = await say(mia, "Trae tu <cédula> & el recibo", chat=GROUP, thread=thread, timeout=0)
    await Chat(fake, ANA).said("Trae tu <cédula> & el recibo")
    card = await here.card("✓ entregado")
    assert "Respondido por Mia" in card["text"]
    await eventually(here.reactions)
    assert here.reactions() == [sent["message_id"]]  # type: ignore[call-overload]
    case = await case_of(store, "answered")
    assert case.assigned_to == "mia"


@pytest.mark.usefixtures("bot")
async def test_the_console_is_opened_from_the_bot(ana: User, mia: User) -> None:
    """One of the staff gets a link in their own chat; for anyone else there is no such command."""
    told = " ".join(await texts(mia, "/console"))
    assert "https://console.example.org/sign-in?token=for-mia" in told
    assert not any("sign-in" in text for text in await texts(ana, "/console"))


@pytest.mark.usefixtures("bot")
async def test_a_note_stays_inside(ana: User, mia: User, here: Chat, fake: Bot) -> None:
    """A note is kept in the case and never sent."""
    thread = await asks_for_a_person(ana, here)
    before = len(Chat(fake, ANA).messages)
    await say(mia, "/note llamarla el lunes", chat=GROUP, thread=thread, timeout=0)
    await here.card("llamarla el lunes")
    assert len(Chat(fake, ANA).messages) == before


@pytest.mark.usefixtures("bot")
async def test_an_edit_of_a_reply_is_passed_on(ana: User, mia: User, here: Chat, fake: Bot) -> None:
    """A correction changes the message the person has."""
    thread = await asks_for_a_person(ana, here)
    sent: Any = await say(mia, "ven el lunes", chat=GROUP, thread=thread, timeout=0)
    first = await Chat(fake, ANA).said("ven el lunes")
    await here.card("✓ entregado")
    await say(mia, "ven el martes", chat=GROUP, thread=thread, edit=sent["message_id"], timeout=0)
    second = await Chat(fake, ANA).said("ven el martes")
    assert first["message_id"] == second["message_id"]
    assert "ven el martes" in (await here.card("ven el martes"))["text"]


PICTURE = {"content": base64.b64encode(b"a picture").decode()}
FORM = {"content": base64.b64encode(b"a form").decode(), "file_name": "formulario.pdf"}


async def hands_over(who: User, thread: int, caption: str = "", **file: dict[str, str]) -> int:
    """Have one of the staff send a file into a topic; return the message's number."""
    extra = {"caption": caption} if caption else {}
    sent: Any = await send(who, chat=GROUP, thread=thread, extra=extra, timeout=0, **file)
    return int(sent["message_id"])


async def replies(store: Store) -> list[str | None]:
    """Return what the staff wrote to the person, each as it was kept."""
    case = await case_of(store)
    async with store.reading() as now:
        return [step.text for step in await now.steps(case.id) if step.what == "reply"]


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("kind", "file", "said"), [("photo", PICTURE, "[photo]"), ("document", FORM, "[document]")]
)
async def test_a_file_in_the_topic_reaches_the_person(
    kind: str, file: dict[str, str], said: str, ana: User, mia: User, here: Chat, fake: Bot, store: Store
) -> None:
    """A photo or a document travels with what is written under it, and the case keeps what it was."""
    thread = await asks_for_a_person(ana, here)
    number = await hands_over(mia, thread, "Este es el <formulario>", **{kind: file})
    got = await eventually(lambda: next((m for m in Chat(fake, ANA).messages if kind in m), None))
    assert got["caption"].splitlines() == ["Respuesta del equipo:", "Este es el <formulario>"]
    theirs = here.file(number, kind)
    assert (got[kind][-1] if kind == "photo" else got[kind])["file_id"] == theirs
    card = await here.card("✓ entregado")
    assert f"{said} Este es el <formulario>" in card["text"]
    assert await replies(store) == [f"{said} Este es el <formulario>"]
    await eventually(here.reactions)
    assert here.reactions() == [number]


@pytest.mark.usefixtures("bot")
async def test_a_photo_without_a_word_reaches_the_person(
    ana: User, mia: User, here: Chat, fake: Bot, store: Store
) -> None:
    thread = await asks_for_a_person(ana, here)
    await hands_over(mia, thread, photo=PICTURE)
    got = await eventually(lambda: next((m for m in Chat(fake, ANA).messages if "photo" in m), None))
    assert got["caption"] == "Respuesta del equipo:"
    assert await replies(store) == ["[photo]"]


@pytest.mark.usefixtures("bot")
async def test_what_is_under_a_photo_is_corrected(
    ana: User, mia: User, here: Chat, fake: Bot, store: Store
) -> None:
    """Staff edit what stands under their photo, and the person's copy says the same."""
    thread = await asks_for_a_person(ana, here)
    number = await hands_over(mia, thread, "ven el lunes", photo=PICTURE)
    await here.card("✓ entregado")
    fake.chats[GROUP].messages[number]["caption"] = "ven el martes"
    await send(mia, chat=GROUP, edit=number, timeout=0)
    got = await eventually(
        lambda: next((m for m in Chat(fake, ANA).messages if "martes" in m.get("caption", "")), None)
    )
    assert "photo" in got
    assert "[photo] ven el martes" in (await here.card("ven el martes"))["text"]
    assert await replies(store) == ["[photo] ven el lunes"]


@pytest.mark.usefixtures("bot")
async def test_what_a_note_stands_under_stays_inside(
    ana: User, mia: User, here: Chat, fake: Bot, store: Store
) -> None:
    """A photo with a note is for the staff; one with any other command goes nowhere."""
    thread = await asks_for_a_person(ana, here)
    before = len(Chat(fake, ANA).messages)
    await hands_over(mia, thread, "/note su recibo", photo=PICTURE)
    await here.card("[photo] su recibo")
    await hands_over(mia, thread, "/close answered", photo=PICTURE)
    await eventually(lambda: [m for m in here.messages if m.get("reply_to_message", {}).get("photo")])
    assert len(Chat(fake, ANA).messages) == before
    assert await replies(store) == []


@pytest.mark.usefixtures("bot")
async def test_what_cannot_be_brought_is_said(ana: User, mia: User, here: Chat, fake: Bot) -> None:
    thread = await asks_for_a_person(ana, here)
    before = len(Chat(fake, ANA).messages)
    await hands_over(mia, thread, voice=PICTURE)
    await here.said("solo le puedo llevar texto, fotos y archivos")
    assert len(Chat(fake, ANA).messages) == before


@pytest.mark.usefixtures("bot")
async def test_a_photo_in_the_own_chat_of_who_is_named(ana: User, world: World, fake: Bot) -> None:
    """Who answers a sensitive case in their own chat sends a photo as an answer to its card."""
    zoe = world.user(ZOE, first_name="Zoe")
    await say(zoe, "/start")
    await say(ana, "mi marido me golpea")
    card = await Chat(fake, ZOE).card("mensaje delicado")
    await send(zoe, photo=PICTURE, reply_to=card["message_id"], extra={"caption": "Llama aquí"}, timeout=0)
    got = await eventually(lambda: next((m for m in Chat(fake, ANA).messages if "photo" in m), None))
    assert got["caption"].endswith("Llama aquí")


@pytest.mark.usefixtures("bot")
async def test_a_person_who_answers_the_bot_with_a_photo_asks_the_bot(ana: User, fake: Bot) -> None:
    await say(ana, "/start")
    first = next(m for m in Chat(fake, ANA).messages if m["from"]["is_bot"])
    [reply, *_] = await send(ana, photo=PICTURE, reply_to=first["message_id"])
    assert "foto" in reply.text


@pytest.mark.usefixtures("bot")
async def test_a_reply_is_corrected_from_elsewhere(
    ana: User, mia: User, here: Chat, fake: Bot, store: Store, speaker: Speaker
) -> None:
    """Whoever corrects a reply without Telegram, as the console does, changes the message the person has."""
    thread = await asks_for_a_person(ana, here)
    await say(mia, "ven el lunes", chat=GROUP, thread=thread, timeout=0)
    first = await Chat(fake, ANA).said("ven el lunes")
    await here.card("✓ entregado")
    voice = Voice(speaker.advisor.knowledge, speaker.messages, speaker.answers)
    casework = Casework(lambda: voice, {"telegram": TelegramCourier()}, rights=Rights())
    case = await case_of(store)
    async with store.transaction() as now:
        [reply] = [step for step in await now.steps(case.id) if step.what == "reply"]
        who = await now.staff_by_id("mia")
        assert who is not None
        await casework.correct(reply.id, who, "ven el martes", at=utc_now(), transaction=now)
    second = await Chat(fake, ANA).said("ven el martes")
    assert second["message_id"] == first["message_id"]
    await here.card("ven el martes")


@pytest.mark.usefixtures("bot")
async def test_take_and_release(ana: User, mia: User, eva: User, here: Chat, world: World) -> None:
    """One takes it, the other is told who has it; released, it is free again."""
    await asks_for_a_person(ana, here)
    assert any("Es tuyo" in r.text for r in await press(mia, "Tomar", chat=GROUP))
    card = await here.card("En manos de Mia")
    case_id = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(":")[2]
    told = await press(eva, chat=GROUP, message_id=card["message_id"], forge=f"st:take:{case_id}:0")
    assert any("Mia se adelantó" in r.text for r in told)
    await press(mia, "Soltar", chat=GROUP)
    await here.card("Sin tomar")
    assert (await asyncio.to_thread(world.stats))["unanswered_callbacks"] == 0


@pytest.mark.usefixtures("bot")
async def test_two_answer_at_once(ana: User, mia: User, eva: User, here: Chat, fake: Bot) -> None:
    """Of two who answer at the same time one is heard, and the other told that nothing was sent."""
    thread = await asks_for_a_person(ana, here)
    await say(mia, "respuesta de Mia", chat=GROUP, thread=thread, timeout=0)
    await say(eva, "respuesta de Eva", chat=GROUP, thread=thread, timeout=0)
    refused = await here.said("Mia se adelantó")
    assert refused["message_thread_id"] == thread
    await Chat(fake, ANA).said("respuesta de Mia")
    await here.card("✓ entregado")
    assert not any("respuesta de Eva" in text for text in Chat(fake, ANA).texts())


@pytest.mark.usefixtures("bot")
async def test_a_person_who_blocked_the_bot(
    ana: User, mia: User, here: Chat, refusals: list[str], fake: Bot
) -> None:
    """A reply to who blocked the bot says so, on the card and where it was written."""
    refusals.append("blocked by the user")
    thread = await asks_for_a_person(ana, here)
    fake.chats[ANA].blocked = True
    await say(mia, "¿sigues ahí?", chat=GROUP, thread=thread, timeout=0)
    await here.said("✗ bloqueó al bot")
    card = await here.card("La persona bloqueó al bot")
    assert "✗ bloqueó al bot" in card["text"]


@pytest.mark.usefixtures("bot")
async def test_what_the_person_adds_arrives(
    ana: User, mia: User, here: Chat, store: Store, fake: Bot
) -> None:
    """A new message of the person continues the case: it rings in the topic and the case waits again."""
    thread = await asks_for_a_person(ana, here)
    await say(mia, "¿de qué ciudad eres?", chat=GROUP, thread=thread, timeout=0)
    asked = await Chat(fake, ANA).said("¿de qué ciudad eres?")
    await case_of(store, "answered")
    await say(ana, "de Tarija", reply_to=asked["message_id"], timeout=0)
    rung = await here.said("💬 Escribió la persona:")
    assert rung["message_thread_id"] == thread
    assert rung["text"].endswith("de Tarija")
    case = await case_of(store, "assigned")
    assert case.assigned_to == "mia"
    await say(mia, "/note anotado", chat=GROUP, thread=thread, timeout=0)
    await here.card("anotado")
    assert sum("Escribió la persona:" in text for text in here.texts()) == 1


@pytest.mark.usefixtures("bot")
async def test_close_in_two_taps_and_reopen(ana: User, mia: User, here: Chat, store: Store) -> None:
    """Closing asks how it ended; a closed case takes no replies until it is reopened."""
    thread = await asks_for_a_person(ana, here)
    await press(mia, "Cerrar", chat=GROUP)
    await press(mia, "derivado", chat=GROUP)
    await here.card("Cerrado: derivado")
    await say(mia, "otra cosa", chat=GROUP, thread=thread, timeout=0)
    await here.said("El caso está cerrado")
    await press(mia, "Reabrir", chat=GROUP)
    assert (await case_of(store, "open")).outcome is None


@pytest.mark.usefixtures("bot")
async def test_a_resource_in_two_taps(ana: User, mia: User, here: Chat, fake: Bot) -> None:
    """Two taps send a resource that fits the question, with its link."""
    await say(ana, "necesito un crédito")
    await asks(ana)
    await here.card()
    await press(mia, "Enviar un recurso", chat=GROUP)
    offered = await here.card()
    label = offered["reply_markup"]["inline_keyboard"][0][0]["text"]
    assert label.startswith("🔗 ")
    await press(mia, label, chat=GROUP)
    sent = await Chat(fake, ANA).said("Respuesta del equipo")
    assert any("url" in button for row in sent["reply_markup"]["inline_keyboard"] for button in row)


@pytest.mark.usefixtures("bot")
async def test_a_canned_reply_in_two_taps(ana: User, mia: User, here: Chat, fake: Bot) -> None:
    """Two taps send a canned reply in the person's language."""
    await asks_for_a_person(ana, here)
    await press(mia, "Texto listo", chat=GROUP)
    await press(mia, "Pronto", chat=GROUP)
    await Chat(fake, ANA).said("Te escribimos pronto.")


@pytest.mark.usefixtures("bot")
async def test_a_stranger_may_not_act(ana: User, here: Chat, world: World, fake: Bot) -> None:
    """Who is in the group but not on the staff is told so, once; nothing reaches the person."""
    thread = await asks_for_a_person(ana, here)
    pat = world.user(99, first_name="Pat")
    for text in ("hola Ana", "soy Pat"):
        await say(pat, text, chat=GROUP, thread=thread, timeout=0)
    assert any("No estás en la lista" in r.text for r in await press(pat, "Tomar", chat=GROUP))
    await here.said("No estás en la lista")
    assert sum("No estás en la lista" in text for text in here.texts()) == 1
    assert not any("Pat" in text for text in Chat(fake, ANA).texts())


@pytest.mark.usefixtures("bot")
async def test_a_deleted_topic_is_made_again(
    ana: User, mia: User, here: Chat, fake: Bot, refusals: list[str]
) -> None:
    """Where a topic was deleted, the next thing that happens in the case brings it back."""
    refusals += ["message to edit not found", "thread not found"]
    thread = await asks_for_a_person(ana, here)
    chat = fake.chats[GROUP]
    del chat.topics[thread]
    chat.messages.clear()
    await say(ana, "/person")
    await say(ana, "mi pregunta es otra", timeout=0)
    card = await here.card()
    assert card["message_thread_id"] != thread


@pytest.mark.usefixtures("bot")
async def test_a_sensitive_case_is_for_one_person(
    ana: User, world: World, here: Chat, fake: Bot, store: Store
) -> None:
    """What needs care goes to the named person's own chat, and no word of it to the group."""
    zoe = world.user(ZOE, first_name="Zoe")
    await say(zoe, "/start")
    await say(ana, "mi marido me golpea")
    own = Chat(fake, ZOE)
    card = await own.card("mensaje delicado")
    assert "me golpea" in card["text"]
    assert here.messages == []
    await say(zoe, "Estoy aquí", reply_to=card["message_id"], timeout=0)
    await Chat(fake, ANA).said("Estoy aquí")
    await own.card("✓ entregado")
    assert (await case_of(store, "answered")).assigned_to == "zoe"


async def test_a_sensitive_case_nobody_is_named_for(
    running: Running, world: World, store: Store, ana: User, fake: Bot
) -> None:
    """Where nobody may see what needs care, the group is told that one waits, once, without a word of it."""
    await asyncio.to_thread(world.group, GROUP, is_forum=True, admin=True)
    here = Chat(fake, GROUP)
    async with running(StaffSettings(group_id=GROUP)):
        await say(ana, "mi marido me golpea")
        await here.said("nadie está nombrado")
        await say(ana, "/help")
    assert len(here.texts()) == 1
    assert "golpea" not in here.texts()[0]


async def test_the_coordinator_is_asked_in_private(
    running: Running, world: World, store: Store, ana: User, fake: Bot
) -> None:
    """A wish to be connected goes to the coordinator's own chat, and is theirs from the start."""
    await asyncio.to_thread(world.group, GROUP, is_forum=True, admin=True)
    await hire(store)
    zoe = world.user(ZOE, first_name="Zoe")
    network = OfficeSettings(name="network", reasons=("connect",), person="zoe", promise_days=5)
    async with running(StaffSettings(group_id=GROUP, offices=(network,))):
        await say(zoe, "/start")
        await say(ana, "/start")
        now = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
        async with store.transaction() as transaction:
            person = await transaction.person("telegram", str(ANA))
            assert person is not None
            await transaction.add_case(
                CaseRow(
                    id="c1",
                    person=person.id,
                    reason="connect",
                    opened_at=now,
                    office="network",
                    assigned_to="zoe",
                ),
                who="person",
            )
        await Chat(fake, ZOE).card("conecten con una red")
    assert Chat(fake, GROUP).messages == []


@pytest.mark.usefixtures("bot")
async def test_the_queue(ana: User, mia: User, here: Chat) -> None:
    """The queue says how many wait and leads to the topic of the oldest."""
    thread = await asks_for_a_person(ana, here)
    (told, *_) = [r for r in await say(mia, "/queue", chat=GROUP) if "Por responder" in r.text]
    assert "1 sin tomar" in told.text
    (link,) = [b["url"] for row in told.rows for b in row]
    assert link.endswith(f"/{thread}")


@pytest.mark.usefixtures("bot")
async def test_ban_and_unban(ana: User, mia: User, here: Chat, fake: Bot) -> None:
    """A person who is kept out gets no answers until they are let in again."""
    thread = await asks_for_a_person(ana, here)
    await say(mia, "/ban", chat=GROUP, thread=thread)
    before = len(Chat(fake, ANA).texts())
    await say(ana, "hola", timeout=0)
    await say(mia, "/unban", chat=GROUP, thread=thread)
    assert len(Chat(fake, ANA).texts()) == before
    await say(ana, "hola")
    assert len(Chat(fake, ANA).texts()) > before


@pytest.mark.usefixtures("bot")
async def test_forgetting_a_person_empties_the_topic(ana: User, here: Chat) -> None:
    """When a person is forgotten, the topic with their words is deleted too."""
    thread = await asks_for_a_person(ana, here)
    await say(ana, "/forget")
    await press(ana, "Sí, borrar todo")
    await eventually(lambda: thread not in here.topics)


async def test_a_plain_group_gets_reply_threads(
    running: Running, store: Store, world: World, ana: User, mia: User, fake: Bot, refusals: list[str]
) -> None:
    """Without topics a case is a card, and replies to it reach the person; other talk does not."""
    refusals.append("not a forum")
    await asyncio.to_thread(world.group, PLAIN, admin=True, members={str(MIA): "member"})
    await hire(store)
    here = Chat(fake, PLAIN)
    async with running(StaffSettings(group_id=PLAIN)):
        await asks(ana)
        card = await here.card("Sin tomar")
        await say(mia, "yo me ocupo", chat=PLAIN, timeout=0)
        await say(mia, "Hola Ana", chat=PLAIN, reply_to=card["message_id"], timeout=0)
        await Chat(fake, ANA).said("Hola Ana")
        await here.card("✓ entregado")
        assert not any("yo me ocupo" in text for text in Chat(fake, ANA).texts())


async def test_an_office_for_each_country(
    running: Running, store: Store, world: World, ana: User, fake: Bot
) -> None:
    """A case goes to the group of the office that takes its country."""
    for id in (GROUP, PLAIN):
        await asyncio.to_thread(world.group, id, is_forum=True, admin=True)
    await hire(store)
    ciu = OfficeSettings(name="CIU", countries=("UY",), group_id=PLAIN)
    async with running(StaffSettings(group_id=GROUP, offices=(ciu,))):
        await say(ana, "/country")
        await press(ana, "Uruguay")
        await asks(ana)
        await Chat(fake, PLAIN).card()
        assert Chat(fake, GROUP).messages == []


async def test_admins_of_the_group_may_answer_by_one_setting(
    running: Running, store: Store, world: World, fake: Bot, ana: User
) -> None:
    """The group's admins are put on the staff where the settings say so; the owner may pass cases on."""
    members = {"31": "creator", "32": "administrator", "33": "member"}
    for id in members:
        await asyncio.to_thread(world.ctl, f"user/{id}/hello", {"first_name": f"Ada{id}"})
    await asyncio.to_thread(world.group, GROUP, is_forum=True, admin=True, members=members)
    async with running(StaffSettings(group_id=GROUP, group_admins_answer=True)):
        await eventually(lambda: fake.calls["getChatAdministrators"])
        await asks_for_a_person(ana, Chat(fake, GROUP))
        async with store.reading() as now:
            found = {each.address: each.role for each in await now.staff()}
    assert found == {"31": "editor", "32": "agent"}


async def test_many_changes_cost_few_calls(
    running: Running, store: Store, world: World, ana: User, mia: User, fake: Bot, group: None
) -> None:
    """A card has one change under way at most: what happens meanwhile is in the next one."""
    here = Chat(fake, GROUP)
    async with running(StaffSettings(group_id=GROUP)):
        await asks_for_a_person(ana, here)
        case = await case_of(store)
        async with store.transaction() as transaction:
            for number in range(30):
                await transaction.add_step(case.id, utc_now(), "Mia", "note", f"nota {number}", staff="mia")
        await here.card("nota 29")
        assert fake.calls["editMessageText"] <= 3


async def test_cases_that_were_there_before(running: Running, store: Store, fake: Bot, group: None) -> None:
    """What was open before the group was set up is shown when it is; what was closed is not."""
    now = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
    async with store.transaction() as transaction:
        await transaction.add_person(
            PersonRow(
                id="ana", channel="telegram", address="7", pseudonym="p-ana", first_seen=now, last_seen=now
            )
        )
        for id, state in (("c1", "open"), ("c2", "closed")):
            await transaction.add_case(
                CaseRow(id=id, person="ana", reason="person", state=state, opened_at=now), who="person"
            )
    here = Chat(fake, GROUP)
    async with running(StaffSettings(group_id=GROUP)):
        await here.card("c1")
        assert here.cards("c2") == []
