"""Health and figures over HTTP, from a store that answers, one that does not, and one that is behind."""

import asyncio
import dataclasses
import datetime

import httpx
import pytest

from bot.errors import BotError
from bot.listening import Listener
from bot.observing.health import Health
from bot.observing.metrics import Metrics, Queues

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
NOTHING = Queues(0, None, 0, None, 0, None)


class Database:
    """Says what waits, or fails."""

    def __init__(self, queues: Queues = NOTHING, fault: BotError | None = None):
        self.queues = queues
        self.fault = fault

    async def look(self) -> Queues:
        if self.fault:
            raise self.fault
        return self.queues


async def got(path: str, database: Database, metrics: Metrics | None = None) -> httpx.Response:
    health = Health(database.look, metrics or Metrics(), now=lambda: NOON)
    transport = httpx.ASGITransport(app=health.application())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get(path)


async def test_alive_without_a_database() -> None:
    answer = await got("/healthz", Database(fault=BotError("gone")))
    assert (answer.status_code, answer.text) == (200, "ok\n")


@pytest.mark.parametrize(
    ("database", "status", "said"),
    [
        (Database(), 200, "ok\n"),
        (Database(fault=BotError("gone")), 503, "the database does not answer\n"),
        (Database(dataclasses.replace(NOTHING, inbox=1, inbox_since=NOON)), 200, "ok\n"),
        (
            Database(dataclasses.replace(NOTHING, inbox=1, inbox_since=NOON - datetime.timedelta(minutes=5))),
            503,
            "messages wait since 11:55:00 UTC\n",
        ),
    ],
)
async def test_ready_where_messages_are_answered(database: Database, status: int, said: str) -> None:
    answer = await got("/readyz", database)
    assert (answer.status_code, answer.text) == (status, said)


async def test_figures_are_counted_and_shown() -> None:
    metrics = Metrics()
    metrics.update("message", "done", 0.03)
    metrics.request("answer", "es", None)
    metrics.send("sendMessage", "sent")
    metrics.delivered(0.04)
    waiting = Queues(3, NOON - datetime.timedelta(seconds=9), 0, None, 2, NOON)
    text = (await got("/metrics", Database(waiting), metrics)).text
    for line in (
        'bot_updates_total{kind="message",result="done"} 1.0',
        'bot_requests_total{country="unknown",language="es",outcome="answer"} 1.0',
        'bot_sends_total{method="sendMessage",result="sent"} 1.0',
        'bot_waiting{queue="inbox"} 3.0',
        'bot_oldest_seconds{queue="inbox"} 9.0',
        'bot_oldest_seconds{queue="outbox"} 0.0',
        "bot_delivery_seconds_count 1.0",
    ):
        assert line in text.splitlines()


async def test_no_figures_where_the_database_does_not_answer() -> None:
    assert (await got("/metrics", Database(fault=BotError("gone")))).status_code == 503


async def test_it_is_served_and_ends_when_cancelled() -> None:
    listener = Listener("127.0.0.1:0", "monitoring.listen")
    health = Health(Database().look, Metrics(), now=lambda: NOON)
    serving = asyncio.create_task(listener.serve(health.application()))
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{listener.address}/healthz")
    assert answer.text == "ok\n"
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving


@pytest.mark.parametrize("listen", ["nowhere", "127.0.0.1:", "127.0.0.1:99999", ":80", "127.0.0.1:http"])
def test_what_is_no_address_is_named(listen: str) -> None:
    with pytest.raises(BotError, match=rf"monitoring\.listen {listen} is not an address"):
        Listener(listen, "monitoring.listen")


def test_a_port_in_use_is_named() -> None:
    first = Listener("127.0.0.1:0", "console.listen")
    with pytest.raises(BotError, match=r"console\.listen .* cannot be listened on: Address already in use"):
        Listener(f"127.0.0.1:{first.port}", "console.listen")
    first.close()
