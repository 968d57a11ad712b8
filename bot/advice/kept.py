"""Trained heads kept in the cache folder, so that a start with the same knowledge trains nothing.

A head is kept under a digest of all it was trained from; whatever changes is simply trained anew.
The file holds plain arrays, is replaced whole, and may be deleted at any time.
"""

import contextlib
import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Head = tuple[list[str], NDArray[np.float64], NDArray[np.float64]]
FORMAT = "1"
# An organisation edits its knowledge often: so many heads are kept, the oldest go.
MOST_KEPT = 12


class KeptHeads:
    """The heads of earlier runs in `folder`; None keeps nothing."""

    def __init__(self, folder: Path | None):
        self._folder = folder

    def head(self, name: str, parts: Sequence[NDArray[np.generic] | str], train: Callable[[], Head]) -> Head:
        """Return the head trained from `parts`, from the folder where it is there, trained where not."""
        if self._folder is None:
            return train()
        path = self._folder / f"head-{name}-{_digest(parts)}.npz"
        found = _read(path)
        if found is None:
            found = train()
            self._write(path, found)
        return found

    def _write(self, path: Path, head: Head) -> None:
        labels, weights, offsets = head
        # A folder that cannot be written to costs time at the next start, nothing else.
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
            try:
                with os.fdopen(handle, "wb") as file:
                    np.savez(
                        file, labels=np.array(labels), weights=weights.astype(np.float32), offsets=offsets
                    )
                os.replace(temporary, path)
            except OSError:
                Path(temporary).unlink(missing_ok=True)
                raise
            for old in sorted(path.parent.glob("head-*.npz"), key=_age)[:-MOST_KEPT]:
                old.unlink(missing_ok=True)


def _read(path: Path) -> Head | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            labels, weights, offsets = kept["labels"].tolist(), kept["weights"], kept["offsets"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error):
        return None  # not there, or torn: trained anew
    if weights.ndim != 2 or weights.shape[1] != len(labels) or len(offsets) != len(labels):
        return None
    return [str(label) for label in labels], weights.astype(np.float64), offsets


def _digest(parts: Sequence[NDArray[np.generic] | str]) -> str:
    digest = hashlib.blake2b(FORMAT.encode(), digest_size=12)
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else np.ascontiguousarray(part).tobytes())
        digest.update(b"\0")
    return digest.hexdigest()


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
