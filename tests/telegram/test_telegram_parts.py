"""The parts that can be tried without a server."""

import asyncio
import logging

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.conversation.replies import Attachment, Document, Reply, Span
from bot.telegram import calls, faults, patience, secrecy
from bot.telegram.calls import Place
from bot.telegram.faults import Fault
from bot.telegram.intake import NO_CHAT, chat_of
from bot.telegram.pace import Pace, Rate
from bot.telegram.patience import rested

HOLA = Reply(lines=((Span("hola"),),))
HERE = ConnectionKey("127.0.0.1", 1, False, True, None, None, None)
EDIT = Reply(lines=HOLA.lines, edits=True)


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ChatMigrated(-1), Fault.MOVED),
        (Forbidden("Forbidden: bot was blocked by the user"), Fault.GONE),
        (BadRequest("Chat not found"), Fault.GONE),
        (BadRequest("Message is not modified: ..."), Fault.UNCHANGED),
        (BadRequest("Message to edit not found"), Fault.UNEDITABLE),
        (BadRequest("Query is too old and response timeout expired"), Fault.EXPIRED),
        (BadRequest("Can't parse entities"), Fault.REFUSED),
        (NetworkError("Bad Gateway"), Fault.UNDONE),
        (caused(NetworkError("x"), aiohttp.ClientConnectorError(HERE, OSError("x"))), Fault.UNDONE),
        (caused(TimedOut(), aiohttp.ConnectionTimeoutError("x")), Fault.UNDONE),
        (caused(TimedOut(), aiohttp.SocketTimeoutError("x")), Fault.LOST),
        (caused(TimedOut(), TimeoutError()), Fault.LOST),
        (caused(NetworkError("x"), aiohttp.ServerDisconnectedError()), Fault.LOST),
        (caused(NetworkError("x"), aiohttp.ClientOSError("x")), Fault.LOST),
        (caused(NetworkError("x"), ValueError("x")), Fault.REFUSED),
        (TelegramError("what answered was not the Bot API"), Fault.UNDONE),
    ],
    ids=str,
)
def test_faults(error: TelegramError, fault: Fault) -> None:
    """What failed before it reached the server is told from what may have been done."""
    assert faults.fault(error) is fault


def test_back_off() -> None:
    """Waits double, up to half a minute."""
    assert [patience.back_off(tries) for tries in (0, 1, 2, 99)] == [0.5, 1.0, 2.0, 30.0]


def test_pace_begins_without_a_burst() -> None:
    """After a start the whole bot sends one at a time from the first message on, not 28 at once."""
    pace = Pace()
    pace.begin(100.0)
    assert pace.wait("7", 100.0) == 0
    pace.count("7", 100.0)
    assert pace.wait("8", 100.0) == pytest.approx(1 / 28)
    assert pace.wait("8", 101.0) == 0


def test_a_minute_sent_before_costs_whoever_takes_over_no_silence() -> None:
    pace = Pace()
    minute = [(str(number), 40.0 + number / 5) for number in range(300)]
    for _ in range(2):  # and so does a second beginning, after the database was away
        pace.begin(100.0, minute)
        assert pace.wait("new", 100.0) <= pace.overall.period
    pace.begin(100.0, [("-1", 99.0)] * 20)
    assert pace.wait("-1", 100.0) > 1.0


def test_pace_of_a_person() -> None:
    """Four at once, then about one a second."""
    pace = Pace()
    assert _waits(pace, "7", 7) == [0, 0, 0, 0, 1.05, 2.1, 3.15]
    assert pace.wait("8", 0.0) == 0


def test_pace_of_a_group() -> None:
    """Twenty at once, then about twenty a minute."""
    assert _waits(Pace(overall=Rate(0.0, burst=1)), "-7", 22)[19:] == [0, 3.15, 6.3]


def test_pace_overall() -> None:
    """Within the first second no more than Telegram takes, to however many people."""
    pace = Pace()
    for person in range(14):
        pace.count(str(person), 0.0)
    assert pace.wait("new", 0.0) == pytest.approx(1 / 28)


def test_no_pace() -> None:
    """A server without limits is not waited for."""
    assert _waits(Pace.unlimited(), "7", 100) == [0] * 100


def _waits(pace: Pace, chat: str, messages: int) -> list[float]:
    """Return what each message has to wait if all want to leave at once."""
    found = []
    for _ in range(messages):
        found.append(pytest.approx(pace.wait(chat, 0.0), abs=0.001))
        pace.count(chat, 0.0)
    return found


def test_answers_to_a_press() -> None:
    """The press is answered first; one reply edits the pressed message, the others are new."""
    said = calls.answers([EDIT, EDIT], Place("7", pressed=3, press="1"))
    assert [call["method"] for call in said] == ["answerCallbackQuery", "editMessageText", "sendMessage"]
    assert said[1]["arguments"]["message_id"] == 3


def test_notice_without_a_press() -> None:
    """A notice nobody pressed for is said as a message."""
    [call] = calls.answers([Reply(lines=(), notice="anotado")], Place("7"))
    assert call["arguments"]["text"] == "anotado"


def test_notice_is_short() -> None:
    """A notice is cut to what a button can show."""
    assert len(calls.press_answered("1", "x" * 300)["arguments"]["text"]) == 200


def test_what_is_too_long_to_stand_under_a_photo_follows_it() -> None:
    reply = Reply(((Span("a " * 600),),), attachment=Attachment("photo", "AgAC"))
    photo, rest = calls.message(reply, Place("7"))
    assert photo["method"] == "sendPhoto"
    assert photo["arguments"]["photo"] == "AgAC"
    assert len(photo["arguments"]["caption"]) <= 1024
    assert rest["method"] == "sendMessage"
    assert (photo["arguments"]["caption"] + rest["arguments"]["text"]).split() == ["a"] * 600


def test_a_photo_is_corrected_under_it_and_made_new_as_words() -> None:
    attachment = Attachment("document", "BQAC")
    (sent,) = calls.message(Reply(((Span("hola"),),), attachment=attachment), Place("7"))
    assert calls.attachment(sent) == attachment
    edit = calls.corrected(sent, 5)
    assert edit["method"] == "editMessageCaption"
    assert edit["arguments"] == {"chat_id": 7, "caption": "hola", "parse_mode": "HTML", "message_id": 5}
    assert calls.as_new(edit)["arguments"]["text"] == "hola"


def test_a_file_of_our_own_is_nothing_the_server_has() -> None:
    (sent,) = calls.message(Reply((), document=Document("a.txt", b"a")), Place("7"))
    assert calls.attachment(sent) is None


def test_as_new_and_moved() -> None:
    """An edit can be sent as a message, and any call to the group's new number."""
    [edit] = calls.message(EDIT, Place("7", pressed=3))
    [new] = calls.message(EDIT, Place("7"))
    assert calls.as_new(edit) == new
    assert calls.moved(new, -100)["arguments"]["chat_id"] == -100


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        ({"update_id": 1, "message": {"chat": {"id": -5}, "from": {"id": 7}}}, "-5"),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -5}}}}, "-5"),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}}}, "7"),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 7}}}, "7"),
        ({"update_id": 1, "message": {"chat": "x"}}, NO_CHAT),
        ({"update_id": 1}, NO_CHAT),
    ],
)
def test_chat_of(update: dict[str, object], chat: str) -> None:
    """Every update is in somebody's turn."""
    assert chat_of(update) == chat


def test_token_is_hidden(caplog: pytest.LogCaptureFixture) -> None:
    """The token is in no line, neither as an argument nor in a traceback."""
    caplog.handler.addFilter(secrecy.Redaction("123:SECRET"))
    try:
        raise ValueError("https://api.telegram.org/bot123:SECRET/getMe")
    except ValueError:
        logging.getLogger("test").exception("POST %s", "/bot123:SECRET/getMe")
    assert "SECRET" not in caplog.text
    assert "POST /bot<token>/getMe" in caplog.text


async def test_rest_ends_with_its_task() -> None:
    """A task that is ended in the moment it is woken ends; it does not go on."""
    wake = asyncio.Event()

    async def forever() -> None:
        while True:
            wake.clear()
            await rested(wake, 60.0)

    task = asyncio.create_task(forever())
    await asyncio.sleep(0)
    wake.set()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_rest_is_over() -> None:
    """Nobody rests longer than was said, and nobody who is woken."""
    await rested(asyncio.Event(), 0.0)
    woken = asyncio.Event()
    woken.set()
    await rested(woken, 60.0)
