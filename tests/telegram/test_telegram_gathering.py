"""Short messages in a row are one question; whole ones are answered at once."""

import asyncio
import datetime
from typing import Any

import pytest
from echo_desk import EchoDesk
from users import Run, answers, say, texts, until
from world import User, World

from bot.conversation.events import Said
from bot.store import InboxRow, Store
from bot.telegram.gathering import Gathering, Pauses, joined, together

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
PAUSES = Pauses()


@pytest.fixture
def pauses() -> Pauses:
    """Short, so that a test need not wait; long enough for three messages to arrive."""
    return Pauses(short=0.8, unfinished=1.6)


@pytest.fixture
def ana(world: World) -> User:
    return world.user(7, lang="es", first_name="Ana")


def row(number: int, text: str | None, *, date: int = 0, chat: str = "7", **message: Any) -> InboxRow:
    content = {"message_id": number, "date": date} | ({"text": text} if text is not None else {}) | message
    return InboxRow(
        update_id=number,
        channel="telegram",
        chat=chat,
        received_at=NOON,
        payload={"update_id": number, "message": content},
        state="waiting",
        tries=0,
        error=None,
        done_at=None,
    )


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("cómo hago una factura electrónica", 0.0),
        ("¿exportar?", 0.0),
        ("gracias.", 0.0),
        ("hola", PAUSES.short),
        ("necesito plata", PAUSES.short),
        ("quiero un préstamo para", PAUSES.unfinished),
        ("I need a loan for my", PAUSES.unfinished),
        ("hola buenos días tengo una panadería,", PAUSES.unfinished),
        ("preciso de um empréstimo para minha padaria", 0.0),
        ("🙂", PAUSES.short),
    ],
)
def test_what_is_waited_for(text: str, pause: float) -> None:
    """Only what looks short or unfinished is held back."""
    assert PAUSES.after(text) == pause


@pytest.mark.parametrize(
    ("said", "one_question"),
    [
        ([("necesito plata", 0), ("para mi negocio", 1), ("en la ceiba", 3)], 3),
        ([("hola", 0), ("¿cómo registro mi marca?", 2)], 2),
        ([("¿cómo registro mi marca?", 0), ("¿y cómo pago menos impuestos este año?", 1)], 1),
        ([("necesito plata", 0), ("para mi negocio", 9)], 1),
        ([("necesito plata", 0), ("/menu", 1), ("para mi negocio", 1)], 1),
        ([("hola", 0)] * 9, 5),
        ([("hola", 0), ("esto es una pregunta larga que se basta sola y dice todo lo que hace falta", 1)], 1),
    ],
)
def test_what_belongs_together(said: list[tuple[str, int]], one_question: int) -> None:
    """Parts of one question follow each other within seconds; two whole questions stay two."""
    rows = [row(number, text, date=date) for number, (text, date) in enumerate(said, start=1)]
    assert len(together(rows, PAUSES)) == one_question


def test_what_else_ends_a_question() -> None:
    """A photo, a forwarded text, a message in a group: none is a part."""
    for other in (row(2, None), row(2, "hola", forward_origin={}), row(2, "hola", chat="-100")):
        assert len(together([row(1, "necesito plata"), other], PAUSES)) == 1


def test_parts_joined() -> None:
    """One update says what all of them say; what a single one holds stays as it came."""
    parts = [row(1, "necesito plata", entities=[{}]), row(2, "para mi negocio")]
    assert joined(parts)["message"]["text"] == "necesito plata\npara mi negocio"
    assert "entities" not in joined(parts)["message"]
    assert joined(parts[:1]) is parts[0].payload


@pytest.mark.usefixtures("bot")
async def test_three_in_a_row(ana: User, desk: EchoDesk) -> None:
    """Three short messages are answered once, as one question."""
    for text in ("necesito plata", "para mi negocio"):
        await say(ana, text, timeout=0)
    assert await texts(ana, "en la ceiba") == ["necesito plata\npara mi negocio\nen la ceiba"]
    assert len(desk.seen) == 1


@pytest.mark.usefixtures("bot")
async def test_a_part_is_edited(ana: User, desk: EchoDesk) -> None:
    """Editing one of the parts changes the one answer, the other parts stay as they are."""
    first = await say(ana, "necesito plata", timeout=0)
    await say(ana, "para mi negocio")
    await say(ana, "necesito crédito", edit=first["message_id"])  # type: ignore[call-overload]
    assert await answers(ana) == ["necesito crédito\npara mi negocio"]
    assert [event.revises for event in desk.seen if isinstance(event, Said)] == [None, desk.seen[0].id]


@pytest.mark.usefixtures("bot")
async def test_a_command_is_not_held(ana: User, desk: EchoDesk) -> None:
    """A command ends what came before it, and is never part of it."""
    await say(ana, "necesito", timeout=0)
    await say(ana, "/menu", timeout=0)
    await until(ana.w, lambda stats: stats["calls"].get("sendMessage") == 2)
    assert await answers(ana) == ["necesito", "/menu"]


@pytest.mark.parametrize("pauses", [Pauses(short=60.0, unfinished=60.0)])
@pytest.mark.usefixtures("bot")
async def test_a_whole_question_is_not_held(ana: User) -> None:
    """A whole question is answered at once, however long others would be waited for."""
    assert len(await texts(ana, "cómo hago una factura electrónica")) == 1


async def test_killed_while_holding(
    run: Run, ana: User, store: Store, desk: EchoDesk, refusals: list[str]
) -> None:
    """What was held back when the process ended is answered by the next one, once."""
    refusals.append("bot can't initiate conversation")
    await store_updates(store, ["necesito plata", "para mi negocio"])
    async with run():
        await asyncio.to_thread(ana.w.ctl, "user/7/hello", ana.info)
        async with asyncio.timeout(30):
            while not desk.seen:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    assert [event.text for event in desk.seen if isinstance(event, Said)] == [
        "necesito plata\npara mi negocio"
    ]


async def store_updates(store: Store, said: list[str]) -> None:
    rows = [
        (n, "7", row(n, text).payload["message"] | {"chat": {"id": 7, "type": "private"}})
        for n, text in enumerate(said, start=1)
    ]
    person = {"id": 7, "is_bot": False, "first_name": "Ana"}
    async with store.transaction() as t:
        await t.receive(
            [(n, chat, {"update_id": n, "message": message | {"from": person}}) for n, chat, message in rows],
            datetime.datetime.now(datetime.UTC),
        )


async def test_waiting_in_vain(store: Store) -> None:
    """Who was waited for and wrote nothing more is waited for half as long the next time."""
    waits: list[float] = []
    clock = asyncio.get_running_loop().time
    gathering = Gathering(
        store, now=lambda: datetime.datetime.now(datetime.UTC), pauses=Pauses(short=0.4, unfinished=0.8)
    )
    for number in (1, 2):
        before = clock()
        written = row(number, "hola")
        fresh = InboxRow(**vars(written) | {"received_at": datetime.datetime.now(datetime.UTC)})
        assert await gathering.rows(fresh) == (fresh,)
        waits.append(clock() - before)
    assert waits[1] < waits[0] * 0.8
