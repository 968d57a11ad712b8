"""What was learned, kept in the cache folder, so that a start with the same knowledge trains nothing.

Each part (a head with its features, the readings of the phrases) is one file of plain arrays under a
digest of all it was made from; whatever changes is simply made anew. A file is replaced whole, and
may be deleted at any time.
"""

import contextlib
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

FORMAT = "4"
# An organisation edits its knowledge often: of each part so many are kept, the oldest go.
MOST_KEPT = 4
TEXT = "text"


class Kept:
    """What earlier runs left in `folder`; None keeps nothing."""

    def __init__(self, folder: Path | None):
        self._folder = folder

    def arrays(self, name: str, made_from: Iterable[str], make: Callable[[], Arrays]) -> Arrays:
        """Return the arrays made from these texts: those of the folder, or made and left there."""
        if self._folder is None:
            return make()
        path = self._folder / f"{name}-{_digest(made_from)}.npz"
        found = _read(path)
        if found is None:
            found = make()
            self._write(name, path, found)
        return found

    def data(self, name: str, made_from: Iterable[str], make: Callable[[], Any]) -> Any:
        """Return plain data (lists, texts, numbers) in the same way."""

        def encoded() -> Arrays:
            written = json.dumps(make(), ensure_ascii=False, separators=(",", ":"))
            return {TEXT: np.frombuffer(written.encode(), dtype=np.uint8)}

        return json.loads(self.arrays(name, made_from, encoded)[TEXT].tobytes())

    def has(self, name: str, made_from: Iterable[str]) -> bool:
        """Say whether what is made from these texts is there."""
        return self._folder is not None and (self._folder / f"{name}-{_digest(made_from)}.npz").exists()

    def _write(self, name: str, path: Path, arrays: Arrays) -> None:
        # A folder that cannot be written to costs time at the next start, nothing else.
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
            try:
                with os.fdopen(handle, "wb") as file:
                    np.savez(file, allow_pickle=False, **arrays)
                os.replace(temporary, path)
            except OSError:
                Path(temporary).unlink(missing_ok=True)
                raise
            for old in sorted(path.parent.glob(f"{name}-*.npz"), key=_age)[:-MOST_KEPT]:
                old.unlink(missing_ok=True)


NOTHING_KEPT = Kept(None)


def written(*modules: ModuleType) -> str:
    """Return the source of some modules: what they make is made anew once they are written otherwise."""
    return "\n".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in modules)


def _read(path: Path) -> Arrays | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error):
        return None  # not there, or torn: made anew


def _digest(made_from: Iterable[str]) -> str:
    parts = list(made_from)
    digest = hashlib.blake2b(FORMAT.encode(), digest_size=12)
    digest.update(",".join([str(len(part)) for part in parts]).encode())  # where each ends
    digest.update("".join(parts).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
