"""Time and memory of the core on this machine, one process a figure.

    python benchmarks/measure.py                 everything, as a table
    python benchmarks/measure.py --only speed    first-fill | cold | load | speed | memory | scale | reload
    python benchmarks/measure.py --encoder none  without the encoder

Each figure is taken in a process of its own, so that one does not warm the next. Questions are those
of tests/questions/guard.jsonl, which are no phrases. On a busy machine compare medians, not minima; CPU
time beside wall time says how much of it was waiting for others.
"""

import argparse
import contextlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bot.advice import apart, encoders  # noqa: E402
from bot.advice.advisor import Advisor  # noqa: E402
from bot.advice.batch import profile_of, questions  # noqa: E402
from bot.advice.knowledge import load  # noqa: E402
from bot.advisors import Advisors  # noqa: E402
from bot.cli.parts import today  # noqa: E402
from bot.settings import AdviceSettings, KnowledgeSettings, Settings  # noqa: E402

QUESTIONS = ROOT / "tests" / "questions" / "guard.jsonl"
KNOWLEDGE = ROOT / "knowledge"
CACHE = ROOT / "data" / "cache"
FIGURES = ("first-fill", "cold", "load", "speed", "memory", "scale", "reload")
COLD_STARTS = 5
# What is kept however the knowledge is edited.
UNCHANGED = ("vectors-*.npz", "dictionary-*.npz")
ONE_MORE = "    - una frase de más"
TIMES_LARGER = 10


def built(encoder: str, folder: Path = KNOWLEDGE, cache: Path | None = CACHE) -> tuple[Advisor, float]:
    """Return an advisor and the seconds its making took in this process."""
    start = time.perf_counter()
    advisor = Advisor(load(folder, cache=cache), encoders=encoders.choose(encoder), cache=cache)
    return advisor, time.perf_counter() - start


def advisors(encoder: str, folder: Path, cache: Path) -> Advisors:
    """Return what builds advisors for the bot: learning in a process of its own."""
    return Advisors(
        Settings(
            knowledge=KnowledgeSettings(path=folder), advice=AdviceSettings(encoder=encoder, cache=cache)
        )
    )


def first_fill(encoder: str) -> dict[str, float]:
    """Seconds until an advisor stands with nothing kept, the texts encoded, and CPU seconds of it all."""
    told = [0]
    with tempfile.TemporaryDirectory() as empty:
        start = time.perf_counter()
        made = advisors(encoder, KNOWLEDGE, Path(empty))
        made.build(progress=lambda _, total: told.append(total))
        seconds = time.perf_counter() - start
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"seconds": seconds, "texts": told[-1], "cpu": children.ru_utime + children.ru_stime}


def cold(encoder: str) -> dict[str, float]:
    """Seconds of `python -m bot ask` with everything kept, the median of some, wall and CPU."""
    command = [sys.executable, "-m", "bot", "ask", "necesito una factura"]
    environment = os.environ | {"BOT_ADVICE__ENCODER": encoder}
    wall, cpu = [], []
    for _ in range(COLD_STARTS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True)
        wall.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {"seconds": statistics.median(wall[1:]), "cpu": statistics.median(cpu[1:])}


def kept_load(encoder: str) -> dict[str, float]:
    """Seconds until an advisor stands: with all kept, with what no edit changes, and with vectors alone."""
    built(encoder)
    kept = statistics.median(built(encoder)[1] for _ in range(3))
    edited, alone = (_learned(encoder, files) for files in (UNCHANGED, UNCHANGED[:1]))
    return {"seconds": kept, "after an edit": edited, "vectors alone": alone}


def _learned(encoder: str, files: Sequence[str]) -> float:
    """Return the seconds until an advisor stands with these files of the cache alone."""
    with tempfile.TemporaryDirectory() as folder:
        _borrow(Path(folder), files)
        start = time.perf_counter()
        advisors(encoder, KNOWLEDGE, Path(folder)).build()
        return time.perf_counter() - start


def _borrow(cache: Path, files: Sequence[str]) -> None:
    for file in (file for pattern in files for file in CACHE.glob(pattern)):
        shutil.copy(file, cache)


def speed(encoder: str, folder: Path = KNOWLEDGE, cache: Path | None = CACHE) -> dict[str, float]:
    """Milliseconds of one advice over the questions: median and 95th percentile, wall and CPU."""
    advisor, _ = built(encoder, folder, cache)
    rows = list(questions(QUESTIONS.read_text(encoding="utf-8").splitlines(), QUESTIONS.name))
    wall, cpu = [], []
    for row in [*rows[:20], *rows]:
        start, used = time.perf_counter(), time.process_time()
        advisor.advise(row["text"], day=today(), profile=profile_of(row))
        wall.append((time.perf_counter() - start) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    return {
        "p50": _at(wall[20:], 50),
        "p95": _at(wall[20:], 95),
        "cpu p50": _at(cpu[20:], 50),
        "cpu p95": _at(cpu[20:], 95),
    }


def memory(encoder: str) -> dict[str, float]:
    """Megabytes of a process that has advised on every question: now, and at most."""
    apart.learn(KNOWLEDGE, cache=CACHE, encoder=encoder)  # so that what follows is a usual start
    speed(encoder)
    now = (
        int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 2**20
    )
    return {"now": now, "most": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def scale(encoder: str) -> dict[str, float]:
    """How many times longer one advice takes with ten times the topics, phrases and resources."""
    small = speed(encoder)
    with tempfile.TemporaryDirectory() as folder:
        _enlarge(Path(folder))
        # The vectors of ten times the phrases would take ten minutes: words alone are compared.
        large = speed("none", Path(folder), None)
    return {"times": large["p50"] / small["p50"], "p50": small["p50"], "p50 of ten times": large["p50"]}


def reload(encoder: str) -> dict[str, float]:
    """Milliseconds of the longest pause of another thread while edited knowledge is put into use.

    `idle` is the longest pause in as long a time with nothing going on: what the machine itself adds.
    """
    with tempfile.TemporaryDirectory() as folder:
        knowledge, cache = Path(folder) / "knowledge", Path(folder) / "cache"
        shutil.copytree(KNOWLEDGE, knowledge)
        cache.mkdir()
        _borrow(cache, UNCHANGED)
        made = advisors(encoder, knowledge, cache)
        before = made.build()
        path = knowledge / "topics" / f"{next(iter(before.knowledge.topics))}.yaml"
        said = path.read_text(encoding="utf-8")
        path.write_text(
            said.replace("phrases:\n  es:", "phrases:\n  es:\n    - una frase de más", 1), encoding="utf-8"
        )
        assert path.read_text(encoding="utf-8") != said, "the first topic has no Spanish phrases"
        start = time.perf_counter()
        busy = _pauses(lambda: made.build(quietly=True))
        seconds = time.perf_counter() - start
        idle = _pauses(lambda: time.sleep(seconds))
    return {"longest pause": max(busy), "p99": _at(busy, 99), "idle": max(idle), "seconds": seconds}


def _pauses(work: Callable[[], object]) -> list[float]:
    """Return the milliseconds between two wakings of a thread that sleeps one, while `work` is done."""
    pauses: list[float] = []
    over = threading.Event()

    def tick() -> None:
        last = time.perf_counter()
        while not over.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            pauses.append((now - last) * 1000)
            last = now

    ticking = threading.Thread(target=tick)
    ticking.start()
    work()
    over.set()
    ticking.join()
    return pauses


def _enlarge(folder: Path) -> None:
    """Write the shipped folder ten times over, every word of a copy marked as that copy's own."""
    (folder / "topics").mkdir()
    (folder / "resources").mkdir()
    for path in sorted((KNOWLEDGE / "topics").glob("*.yaml")):
        topic = yaml.safe_load(path.read_text(encoding="utf-8"))
        for copy in range(TIMES_LARGER):
            own: dict[str, Any] = topic | {"id": f"{topic['id']}-{copy}", "related": []}
            own["phrases"] = {
                tag: [_marked(text, copy) for text in texts] for tag, texts in topic["phrases"].items()
            }
            _write(folder / "topics" / f"{own['id']}.yaml", own)
    for path in sorted((KNOWLEDGE / "resources").glob("*.yaml")):
        for copy in range(TIMES_LARGER):
            items = yaml.safe_load(path.read_text(encoding="utf-8"))
            for item in items:
                item["id"] = f"{item['id'][:40]}-{copy}"
                item["topics"] = [f"{topic}-{copy}" for topic in item["topics"]]
                item["aliases"] = [_marked(name, copy) for name in item["aliases"]]
            _write(folder / "resources" / f"{path.stem}-{copy}.yaml", items)
    for name in ("places", "synonyms", "smalltalk", "out_of_scope"):
        (folder / f"{name}.yaml").write_text(
            (KNOWLEDGE / f"{name}.yaml").read_text(encoding="utf-8"), encoding="utf-8"
        )


def _marked(text: str, copy: int) -> str:
    return (
        text
        if copy == 0
        else " ".join(f"{word}{'bcdfghjklm'[copy]}" if len(word) > 4 else word for word in text.split())
    )


def _write(path: Path, data: object) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def _at(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def _told(names: tuple[str, ...], encoder: str) -> Iterator[str]:
    for name in names:
        command = [sys.executable, __file__, "--inner", name, "--encoder", encoder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            yield f"{name:12s} failed: {done.stderr.strip().splitlines()[-1]}"
            continue
        figures = json.loads(done.stdout.splitlines()[-1])
        yield f"{name:12s} " + "  ".join(f"{key} {value:.1f}" for key, value in figures.items())


def main() -> None:
    """Print the figures asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=FIGURES)
    parser.add_argument("--encoder", choices=("auto", *encoders.KNOWN, "none"), default="auto")
    parser.add_argument("--inner", choices=FIGURES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inner:
        measures = dict(
            zip(FIGURES, (first_fill, cold, kept_load, speed, memory, scale, reload), strict=True)
        )
        print(json.dumps(measures[asked.inner](asked.encoder)))
        return
    with contextlib.suppress(KeyboardInterrupt):
        for line in _told((asked.only,) if asked.only else FIGURES, asked.encoder):
            print(line, flush=True)


if __name__ == "__main__":
    main()
