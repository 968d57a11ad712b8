"""The command line as its own process: exit codes, streams, a reader that leaves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def start(
    environment: dict[str, str], *arguments: str, **options: object
) -> subprocess.CompletedProcess[bytes]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "bot", *arguments],
        env={**plain, "PYTHONPATH": str(ROOT), **environment},
        timeout=60,
        check=False,
        **streams,
    )


def test_an_answer_on_standard_output(environment: dict[str, str]) -> None:
    ran = start(environment, "ask", "necesito un crédito", "--json")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert json.loads(ran.stdout)["outcome"] == "answer"


def test_a_fault_on_standard_error(environment: dict[str, str]) -> None:
    ran = start(environment, "ask", "hola", "--country", "ZZ")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr == b"error: --country ZZ is not one of AR, BO, CO, HN, UY\n"


@pytest.mark.usefixtures("filled")
def test_a_reader_that_leaves_is_no_fault(environment: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = start(environment, "requests", "export", stdout=writing)
    finally:
        os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.usefixtures("filled")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_one_line(environment: dict[str, str]) -> None:
    with open("/dev/full", "wb") as full:
        ran = start(environment, "requests", "export", stdout=full)
    assert ran.returncode == 1
    assert ran.stderr.startswith(b"error: ")
    assert b"No space left on device" in ran.stderr
    assert ran.stderr.count(b"\n") == 1
