"""Processes in which heads are found: one a core, gone with the one that asked."""

import subprocess
import sys

import pytest

from bot.advice import beside

ASKING = """
import os, signal
from bot.advice import beside
beside.IMPORTED, beside._cores = [], lambda: 2
with beside.workers() as workers:
    print(workers.submit(os.getpid).result() != os.getpid(), flush=True)
    {}
"""


@pytest.mark.parametrize("end", ["pass", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_workers_end_with_the_process_that_asked(end: str) -> None:
    """Even where it is killed: all that held its standard output is gone once that is read to its end."""
    asked = subprocess.run(
        [sys.executable, "-c", ASKING.format(end)], capture_output=True, text=True, timeout=60, check=False
    )
    assert asked.stdout == "True\n"


def test_on_one_core_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_cores", lambda: 1)
    with beside.workers() as workers:
        assert workers is beside.HERE
        assert workers.submit(max, 1, 2).result() == 2


def test_where_processes_cannot_fork_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "FORKS", "no such way")
    with beside.workers() as workers:
        assert workers is beside.HERE
