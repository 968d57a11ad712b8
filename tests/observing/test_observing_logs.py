"""Logs: each line carries the correlation id, for a person or for a machine."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.observing import logs, trace


@pytest.fixture
def root() -> Iterator[None]:
    """Put back what pytest had set up for logs."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("root")
def test_a_plain_line_names_level_place_and_trace() -> None:
    stream = io.StringIO()
    logs.configure(stream, level=logging.INFO)
    with trace.traced("t1x"):
        logging.getLogger("bot.telegram").info("message %s sent", 7)
    logging.getLogger("bot.telegram").debug("too small to tell")
    assert stream.getvalue() == "INFO bot.telegram [t1x]: message 7 sent\n"


@pytest.mark.usefixtures("root")
def test_a_line_of_json_holds_the_same() -> None:
    stream = io.StringIO()
    logs.configure(stream, format="json")
    logging.getLogger("bot").warning("día %s", "uno")
    line = json.loads(stream.getvalue())
    assert line.pop("timestamp").startswith("20")
    assert line == {"level": "WARNING", "logger": "bot", "trace": "-", "message": "día uno"}


async def test_each_task_has_its_own_trace() -> None:
    async def work(name: str) -> tuple[str, str]:
        with trace.traced(name):
            await asyncio.sleep(0)
            return trace.current(), await asyncio.to_thread(trace.current)

    found = await asyncio.gather(work("a"), work("b"))
    assert found == [("a", "a"), ("b", "b")]
    assert trace.current() == trace.NOTHING
