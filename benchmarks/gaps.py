"""How well unanswered questions are grouped, and how long it takes: `python benchmarks/gaps.py [--meaning]`.

With `--meaning` each encoder that is installed reads them, too.
Twelve needs that the knowledge does not cover, asked by different people (tests/insight/needs.py), among
300 phrases of the knowledge. Counted are pairs: of those put together, how many belong together; of those
that belong together, how many are found. Then 10,000 questions varied from all phrases, for the time.
"""

import datetime
import random
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

from bot.advice import encoders
from bot.advice.knowledge import load
from bot.insight.asked import Asked
from bot.insight.gaps import Read, gaps
from bot.insight.vectors import QuestionVectors

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "insight"))
from needs import NEEDS  # noqa: E402

NOW = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
AROUND = ("por favor", "gracias", "urgente", "para mi negocio", "soy de acá")


def main() -> None:
    """Print the figures."""
    chance = random.Random(5)  # noqa: S311
    phrases = [
        text for topic in load(ROOT / "knowledge").topics.values() for text in topic.phrases.get("es", ())
    ]
    chance.shuffle(phrases)
    needs = {question: n for n, need in enumerate(NEEDS) for question in need}
    questions = [*needs, *phrases[:300]]
    random.Random(7).shuffle(questions)  # noqa: S311
    print(f"{len(needs)} questions of {len(NEEDS)} needs among 300 phrases")
    _told("by letters", questions, needs, None)
    if "--meaning" in sys.argv:
        for name in encoders.KNOWN:
            encoder = encoders.quickest(name)
            read = QuestionVectors(lambda encoder=encoder: encoder, seconds=None).of
            read(["hola"])  # what the encoder reads from its files at first
            began, used = time.perf_counter(), time.process_time()
            known = read(questions)
            took, cpu = time.perf_counter() - began, time.process_time() - used
            _told(f"and by meaning, {name}", questions, needs, lambda _, known=known: known)
            print(f"    read in {took:.1f} s ({1000 * cpu / len(known):.0f} ms of processor each)")
    many = [_varied(chance.choice(phrases), chance) for _ in range(10_000)]
    began, used = time.perf_counter(), time.process_time()
    found = gaps(_rows(many))
    took, cpu = time.perf_counter() - began, time.process_time() - used
    print(f"10,000 questions: {len(found)} groups in {took:.1f} s ({cpu:.1f} s of processor)")


def _told(way: str, questions: Sequence[str], needs: Mapping[str, int], read: Read | None) -> None:
    group_of: dict[str, str] = {}
    for group in gaps(_rows(questions), read=read):
        for place in group.requests:
            group_of[questions[int(place)]] = group.id
    together = right = belong = 0
    for one, other in combinations(questions, 2):
        if one in needs or other in needs:
            alike = needs.get(one, -1) == needs.get(other, -2)
            grouped = group_of[one] == group_of[other]
            belong, together, right = belong + alike, together + grouped, right + (alike and grouped)
    print(f"{way}: {100 * right / together:.0f} % of pairs right, {100 * right / belong:.0f} % found")


def _rows(questions: Sequence[str]) -> list[Asked]:
    return [
        Asked(id=str(n), person=f"p{n}", time=NOW, question=text, outcome="no_match", language="es")
        for n, text in enumerate(questions)
    ]


def _varied(phrase: str, chance: random.Random) -> str:
    words = phrase.split()
    if len(words) > 3 and chance.random() < 0.5:
        del words[chance.randrange(len(words))]
    return " ".join([*words, chance.choice(AROUND)] if chance.random() < 0.5 else words)


if __name__ == "__main__":
    main()
