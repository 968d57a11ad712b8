"""What takes long to work out, kept for a while: made once, however many ask, and never waited for long."""

import asyncio
import datetime
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

Value = TypeVar("Value")
KEPT = datetime.timedelta(minutes=1)
MOST = 40
PATIENCE = 0.1


class Remembered:
    """Values by key, each with the moment it was made.

    What is older than `KEPT` is made anew, and shown as it was until then. What is not there yet is waited
    for, `patience` seconds: a page can say that it is being counted.
    """

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._values: OrderedDict[Hashable, tuple[datetime.datetime, Any]] = OrderedDict()
        self._making: dict[Hashable, asyncio.Task[None]] = {}

    async def get(
        self, key: Hashable, now: datetime.datetime, make: Callable[[], Awaitable[Value]]
    ) -> Value | None:
        """Return the value of `key`, None while `make` is still at its first one."""
        found = self._values.get(key)
        if found is None or now - found[0] >= KEPT:
            task = self._making.get(key)
            if task is None:
                task = self._making[key] = asyncio.create_task(self._make(key, now, make))
                task.add_done_callback(lambda _: self._making.pop(key, None))
            if found is None:
                await asyncio.wait((task,), timeout=self._patience)
                if task.done():
                    task.result()
        found = self._values.get(key)
        value: Value | None = found[1] if found else None
        return value

    async def _make(self, key: Hashable, now: datetime.datetime, make: Callable[[], Awaitable[Any]]) -> None:
        self._values[key] = (now, await make())
        while len(self._values) > MOST:
            self._values.popitem(last=False)

    async def made(self) -> None:
        """Wait until nothing is being made."""
        await asyncio.gather(*self._making.values())

    async def settle(self) -> None:
        """End what is being made: what it reads from is about to be closed."""
        making = list(self._making.values())
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)

    def forget(self) -> None:
        """Have everything made anew: something it rests on has changed."""
        self._values.clear()
