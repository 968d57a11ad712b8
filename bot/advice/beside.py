"""Processes beside this one, in which heads are found; or this one, where there is one core alone.

One process imports what finds heads (a second, 70 MB), while this one still reads the knowledge; the others
are its forks. So each core is busy, and what is imported is imported once.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

# What the words say is learned in two parts; what else is learned takes less than one.
MOST = 2
IMPORTED = ["bot.advice.training"]
FORKS = "forkserver"


class Here(Executor):
    """What is asked of it is done at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return what `fn` found."""
        found: Future[Any] = Future()
        found.set_result(fn(*args, **kwargs))
        return found


HERE = Here()


@contextmanager
def workers() -> Iterator[Executor]:
    """Give what finds heads: processes that start when first asked, or `HERE`. They end with this one."""
    count = min(MOST, _cores())
    if count == 1 or FORKS not in multiprocessing.get_all_start_methods():
        yield HERE
        return
    context = multiprocessing.get_context(FORKS)
    context.set_forkserver_preload(IMPORTED)
    with ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent) as pool:
        yield pool


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _end_with_parent() -> None:
    """End as soon as the process does that asked, which may be killed without a word."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
