"""The HTTP client: what it sends, and what its failures say about the server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import RequestData

from bot.telegram import faults
from bot.telegram.faults import Fault
from bot.telegram.http import Plain, Request, proxy_for

Serve = Callable[[Callable[[web.Request], Awaitable[web.StreamResponse]]], Awaitable[str]]
TOKEN = "123456:TEST-secret-half"


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Return what starts a server on loopback that answers everything with one function."""
    runners: list[web.AppRunner] = []

    async def start(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> str:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runners.append(runner := web.AppRunner(app, shutdown_timeout=0.1))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}/bot{TOKEN}/sendMessage"

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def request_() -> AsyncIterator[Request]:
    async with Request(address="http://127.0.0.1", connections=2, read=0.3) as client:
        yield client


async def failed(client: Request, address: str) -> TelegramError:
    with pytest.raises(TelegramError) as raised:
        await client.post(address, RequestData())
    assert "secret" not in str(raised.value)
    return raised.value


async def test_arguments_are_sent_as_json(serve: Serve, request_: Request) -> None:
    """Arguments arrive as they were given, in one body of JSON."""

    async def echo(request: web.Request) -> web.Response:
        assert request.content_type == "application/json"
        return web.json_response({"ok": True, "result": await request.json()})

    address = await serve(echo)
    given = {"chat_id": 7, "text": "ñandú", "reply_markup": {"inline_keyboard": []}}
    assert await request_.post(address, Plain(given)) == given  # type: ignore[arg-type]


async def test_files_are_sent_as_a_form(serve: Serve) -> None:
    """A file goes beside its arguments, with its name."""
    seen: dict[str, object] = {}

    async def keep(request: web.Request) -> web.Response:
        if not request.path.endswith("sendDocument"):
            return web.json_response({"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "b"}})
        form = await request.post()
        file = next(value for value in form.values() if isinstance(value, web.FileField))
        seen.update(chat=form["chat_id"], name=file.filename, content=file.file.read())
        chat = {"id": 7, "type": "private"}
        return web.json_response({"ok": True, "result": {"message_id": 1, "date": 1, "chat": chat}})

    address = (await serve(keep)).partition("/bot")[0]
    client = Request(address=address, connections=2, read=2)
    bot = Bot(TOKEN, base_url=f"{address}/bot", request=client, get_updates_request=client)
    async with bot:
        await bot.send_document(7, InputFile(b"a,b\n", filename="año.csv"))
    assert seen == {"chat": "7", "name": "año.csv", "content": b"a,b\n"}


async def test_nobody_listens(request_: Request) -> None:
    """What found no server was certainly not done."""
    error = await failed(request_, f"http://127.0.0.1:1/bot{TOKEN}/sendMessage")
    assert isinstance(error, NetworkError)
    assert faults.fault(error) is Fault.UNDONE


async def test_answer_that_does_not_come(serve: Serve, request_: Request) -> None:
    """What was sent and not answered in time may have been done."""

    async def hang(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    error = await failed(request_, await serve(hang))
    assert isinstance(error, TimedOut)
    assert faults.fault(error) is Fault.LOST


async def test_connection_cut(serve: Serve, request_: Request) -> None:
    """What was sent before the connection broke may have been done."""

    async def cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    assert faults.fault(await failed(request_, await serve(cut))) is Fault.LOST


async def test_no_free_connection(serve: Serve) -> None:
    """What never got a connection was certainly not done."""
    free = asyncio.Event()

    async def wait(_: web.Request) -> web.Response:
        await free.wait()
        return web.json_response({"ok": True, "result": True})

    address = await serve(wait)
    async with Request(address=address, connections=1, read=5, pool=0.05) as client:
        first = asyncio.create_task(client.post(address, RequestData()))
        await asyncio.sleep(0)
        with pytest.raises(TimedOut) as raised:
            await client.post(address, RequestData(), connect_timeout=0.05)
        free.set()
        assert await first is True
    assert faults.fault(raised.value) is Fault.UNDONE


@pytest.mark.parametrize("body", ["<html>portal</html>", "[1]", ""])
async def test_page_that_is_not_telegrams(
    serve: Serve, request_: Request, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A body that is no answer says so and is logged nowhere."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=body)

    error = await failed(request_, await serve(page))
    assert faults.fault(error) is Fault.UNDONE
    assert "portal" not in caplog.text + str(error)


def test_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy the environment names is used, but not for what it excepts."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://proxy.example.org:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    assert proxy_for("https://api.telegram.org/bot") == "http://proxy.example.org:3128"
    assert proxy_for("http://127.0.0.1:8081/bot") is None
