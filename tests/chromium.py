"""The Chromium of this machine, and the flags with which it asks nothing but this machine for anything."""

import shutil
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What is looked at in a picture, nobody scrolls.
FLAGS_FOR_PICTURES = [*FLAGS, "--hide-scrollbars"]


def found() -> str | None:
    """Return where the browser is, None if there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
    return path if Path(path).exists() else None
