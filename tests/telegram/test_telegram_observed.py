"""What is seen from outside of one update: figures, and one id from its arrival to its delivery."""

import logging

import pytest
from echo_desk import TEXTS, EchoDesk
from users import served, texts
from world import World

from bot.observing import trace
from bot.observing.metrics import Metrics, Queues
from bot.settings import TelegramSettings
from bot.store import Store
from bot.telegram.channel import Telegram, utc_now


async def test_an_update_is_counted_and_traced_to_its_delivery(
    settings: TelegramSettings, store: Store, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    traces = set()

    class Desk(EchoDesk):
        async def handle(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            traces.add(trace.current())
            return await super().handle(*args, **kwargs)

    metrics = Metrics()
    with caplog.at_level(logging.WARNING):
        async with served(Telegram(settings, store, Desk(), TEXTS, metrics=metrics)):
            assert await texts(world.user(7), "hola") == ["hola"]
    async with store.reading() as now:
        sent = await now.message(1)
    assert sent is not None
    assert sent.state == "sent"
    assert traces == {sent.trace}
    shown = metrics.show(Queues(0, None, 0, None, 0, None), utc_now()).decode()
    for line in (
        'bot_updates_total{kind="message",result="done"} 1.0',
        'bot_sends_total{method="sendMessage",result="delivered"} 1.0',
        "bot_delivery_seconds_count 1.0",
    ):
        assert line in shown.splitlines()
