"""What takes long to work out, kept for a while: made in a thread, once, however many ask for it."""

import asyncio
import datetime
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

Value = TypeVar("Value")
KEPT = datetime.timedelta(minutes=1)
MOST = 40


class Remembered:
    """Values by key, each with the moment it was made. What is older than `KEPT` is made anew."""

    def __init__(self) -> None:
        self._values: OrderedDict[Hashable, tuple[datetime.datetime, Any]] = OrderedDict()
        self._making: dict[Hashable, asyncio.Lock] = {}

    async def get(self, key: Hashable, now: datetime.datetime, make: Callable[[], Awaitable[Value]]) -> Value:
        """Return the value of `key`, made by `make` where there is none or it is too old."""
        async with self._making.setdefault(key, asyncio.Lock()):
            found = self._values.get(key)
            if found is None or now - found[0] >= KEPT:
                found = self._values[key] = (now, await make())
                while len(self._values) > MOST:
                    self._making.pop(self._values.popitem(last=False)[0], None)
        value: Value = found[1]
        return value

    def forget(self) -> None:
        """Have everything made anew: something it rests on has changed."""
        self._values.clear()
