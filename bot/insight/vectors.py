"""The vectors of logged questions: each made once by the encoder at hand, and kept while it is asked for."""

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from bot.advice.advisor import LONGEST_MET
from bot.advice.encoders import Encoder, Progress, Vectors

# A page that waits for groups waits so much longer, and some 1,500 questions are read meanwhile (USE), or 200
# (e5). What is not read yet is compared by its letters, and read when groups are made next.
SECONDS = 5.0
# Vectors of 512 numbers: 20 MB.
KEPT = 10_000
# Seconds between two questions. Whoever answers people waits for the same encoder, and without a pause does
# not get its turn: an answer that needs e5 then took 305 ms in the median and 4.2 s at worst, and takes 19
# and 29 ms with it, beside 11 alone (40 questions beside a thread that reads, two cores).
PAUSE = 0.001


class QuestionVectors:
    """Reads questions with the encoder there is by then, for so many `seconds` a call; None reads them all.

    It blocks, and may be called from several threads: one reads at a time.
    """

    def __init__(
        self,
        encoder: Callable[[], Encoder | None],
        *,
        seconds: float | None = SECONDS,
        progress: Progress | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._encoder = encoder
        self._seconds = math.inf if seconds is None else seconds
        self._progress = progress
        self._clock = clock
        self._known: dict[str, Vectors] = {}
        self._name = ""
        self._turn = threading.Lock()

    def of(self, questions: Sequence[str]) -> Mapping[str, Vectors]:
        """Return the vectors of the questions read by now, the first ones first; none without an encoder."""
        encoder = self._encoder()
        if encoder is None:
            return {}
        with self._turn:
            self._keep(encoder, questions)
            missing = [text for text in dict.fromkeys(questions) if text not in self._known]
            until = self._clock() + self._seconds
            for done, text in enumerate(missing, start=1):
                self._known[text] = encoder.encode([" ".join(text.split()[:LONGEST_MET])])[0]
                if self._progress is not None:
                    self._progress(done, len(missing))
                if self._clock() >= until:
                    break
                time.sleep(PAUSE)
            return {text: self._known[text] for text in questions if text in self._known}

    def _keep(self, encoder: Encoder, questions: Sequence[str]) -> None:
        """Let go of what another encoder read, and of what nobody asks for once there is too much."""
        if encoder.name != self._name:
            self._known, self._name = {}, encoder.name
        if len(self._known) > KEPT:
            self._known = {text: self._known[text] for text in questions if text in self._known}
