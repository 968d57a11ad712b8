"""Turns: one at a time, first come, first served."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock that names the mistake instead of waiting for ever when its holder asks again.

    With `together` nobody waits for anybody, as where the database itself keeps writers apart; asking again
    is the same mistake there.
    """

    def __init__(self, *, together: bool = False) -> None:
        self._lock = None if together else asyncio.Lock()
        self._inside: set[asyncio.Task[object] | None] = set()

    async def __aenter__(self) -> None:
        self._enter()
        try:
            await self.acquire()
        except BaseException:
            self._inside.discard(asyncio.current_task())
            raise

    async def __aexit__(self, *_: object) -> None:
        self._inside.discard(asyncio.current_task())
        self.release()

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Note that this task is at work, for a turn that others take and give back."""
        self._enter()
        try:
            yield
        finally:
            self._inside.discard(asyncio.current_task())

    async def acquire(self) -> None:
        """Take the turn, whoever gives it back."""
        if self._lock is not None:
            await self._lock.acquire()

    def release(self) -> None:
        """Give the turn back."""
        if self._lock is not None:
            self._lock.release()

    def _enter(self) -> None:
        if (task := asyncio.current_task()) in self._inside:
            raise RuntimeError("this task is inside a transaction already; pass that one on")
        self._inside.add(task)
