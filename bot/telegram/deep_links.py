"""What a link t.me/bot?start=... carries: at most 64 letters, digits, hyphens and low lines.

    loans                      a topic or a resource, by its id
    feria2026                  where somebody comes from: a campaign
    loans__feria2026           both
    b_bG9hbnMgZmVyaWEgMjAyNg   the same as base64url, for what those characters cannot say

The conversation reads `/start loans feria2026`.
"""

import base64
import binascii
import re

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ENCODED, _BOTH = "b_", "__"


def read(command: str) -> str:
    """Return the command with what its link carries as words of its own; without what no link carries."""
    name, _, payload = command.partition(" ")
    payload = payload.strip()
    if not _PAYLOAD.fullmatch(payload):
        return name
    said = _decoded(payload.removeprefix(_ENCODED)) if payload.startswith(_ENCODED) else payload
    opened, *source = said.replace(_BOTH, " ").split() or [""]
    return " ".join(word for word in (name, opened, "-".join(source)) if word)


def payload(*words: str) -> str:
    """Return what a link carries to say `words`; raise `ValueError` for more than it can."""
    plain = _BOTH.join(words)
    if _PAYLOAD.fullmatch(plain) and not plain.startswith(_ENCODED):
        return plain
    encoded = _ENCODED + base64.urlsafe_b64encode(" ".join(words).encode()).decode().rstrip("=")
    if not _PAYLOAD.fullmatch(encoded):
        raise ValueError(f"a link carries at most 64 characters, not {' '.join(words)!r}")
    return encoded


def _decoded(text: str) -> str:
    try:
        said = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return said if said.isprintable() else ""
