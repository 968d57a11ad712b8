"""Public intent benchmarks as knowledge folders: how the core does on topics that are not ours.

    python benchmarks/public.py FOLDER [FOLDER ...] [--noise 0.06] [--encoder none] [--limit N]

Each FOLDER holds `knowledge/topics/*.yaml` and `questions.jsonl`, such as BANKING77 (Casanueva et al.
2020) or CLINC150 (Larson et al. 2019) drawn to ten phrases a topic; one folder a seed. Printed are the
first guess (top1), the first three, and how well confidence parts what is in scope from what is not, for
each folder and their mean. `--noise` disturbs that share of the letters: dropped, doubled, swapped or
replaced by a neighbour, the same for every run. Questions are encoded once for all folders.
"""

import argparse
import json
import random
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bot.advice import encoders  # noqa: E402
from bot.advice.advisor import Advisor  # noqa: E402
from bot.advice.encoders import Encoder, Vectors  # noqa: E402
from bot.advice.evaluation import evaluate  # noqa: E402
from bot.advice.knowledge import load  # noqa: E402
from bot.cli.parts import today  # noqa: E402

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SHOWN = ("top1", "top3", "auroc")


class Remembering:
    """An encoder that encodes each text once."""

    def __init__(self, encoder: Encoder, known: dict[str, Vectors] | None = None):
        self.name, self.size, self.as_typed = encoder.name, encoder.size, encoder.as_typed
        self.asked_below, self.words_taught = encoder.asked_below, encoder.words_taught
        self.quick, self.languages = encoder.quick, encoder.languages
        self._encoder = encoder
        self._known: dict[str, Vectors] = {} if known is None else known

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])

    def clone(self) -> "Remembering":
        """Return another with an engine of its own and the same memory."""
        return Remembering(self._encoder.clone(), self._known)


def disturbed(text: str, share: float, draw: random.Random) -> str:
    """Return `text` with about that share of its letters dropped, doubled, swapped or replaced."""
    letters, done = list(text), []
    n = 0
    while n < len(letters):
        letter = letters[n]
        if letter.isalpha() and draw.random() < share:
            slip = draw.choice(("drop", "double", "swap", "replace"))
            if slip == "double":
                done += [letter, letter]
            elif slip == "swap" and n + 1 < len(letters):
                done += [letters[n + 1], letter]
                n += 1
            elif slip == "replace":
                done.append(_neighbour(letter, draw))
        else:
            done.append(letter)
        n += 1
    return "".join(done)


def _neighbour(letter: str, draw: random.Random) -> str:
    for row in ROWS:
        place = row.find(letter.lower())
        if place >= 0:
            return row[max(0, min(len(row) - 1, place + draw.choice((-1, 1))))]
    return letter


def main() -> None:
    """Measure every folder and print a line each, and the mean."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--noise", type=float, default=0.0, help="share of letters disturbed")
    parser.add_argument("--encoder", default="auto")
    parser.add_argument("--limit", type=int, help="a fixed sample of so many questions")
    options = parser.parse_args()
    found = [Remembering(encoder) for encoder in encoders.choose(options.encoder)]
    results = []
    for folder in options.folders:
        lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        if options.limit:
            rows = random.Random(0).sample(  # noqa: S311
                rows, min(options.limit, len(rows))
            )
        draw = random.Random(0)  # noqa: S311
        if options.noise:
            rows = [{**row, "text": disturbed(row["text"], options.noise, draw)} for row in rows]
        advisor = Advisor(load(folder / "knowledge"), encoders=found)
        figures = evaluate(advisor, rows, day=today()).figures["all"]
        results.append({name: figures[name][0] for name in SHOWN if name in figures})
        _tell(folder.name, results[-1], len(rows))
    if len(results) > 1:
        told = [name for name in SHOWN if all(name in result for result in results)]
        mean = {name: statistics.fmean(result[name] for result in results) for name in told}
        _tell("mean", mean, len(results))


def _tell(name: str, result: dict[str, float], count: int) -> None:
    figures = "  ".join(f"{key} {value:.1f}" for key, value in result.items())
    print(f"{name:16s} {figures}  (n={count})")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
