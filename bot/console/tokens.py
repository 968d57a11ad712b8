"""Tokens: what a link or a cookie carries, what of it is kept, and what a form must bring back.

The secret makes what is kept useless without it: neither a copy of the database nor of a page is enough.
"""

import hashlib
import hmac
import secrets


class Tokens:
    """Makes and recognises tokens under one secret; 32 random bytes each."""

    def __init__(self, secret: bytes):
        self._secret = secret

    @staticmethod
    def new() -> str:
        """Return a token nobody can guess."""
        return secrets.token_urlsafe(32)

    def kept(self, token: str) -> str:
        """Return what is kept of `token` in the store."""
        return self._keyed("kept", token)

    def for_forms(self, token: str) -> str:
        """Return what every form of the session with this token carries."""
        return self._keyed("form", token)

    def from_form(self, token: str, brought: str) -> bool:
        """Say whether a form of this session brought what it was given."""
        return hmac.compare_digest(self.for_forms(token).encode(), brought.encode())

    def _keyed(self, purpose: str, token: str) -> str:
        message = f"{purpose}:{token}".encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()
