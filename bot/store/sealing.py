"""Encryption at rest: what people wrote, and the ids that lead to them, sealed with a key kept elsewhere.

Texts are sealed with Fernet (AES-128-CBC and HMAC-SHA256), each time another way. Ids are sealed with
AES-SIV (RFC 5297), which gives the same result for the same id: so they can still be looked up, and
nothing but their equality shows. Both keys are derived from the one secret with HKDF-SHA256 (RFC 5869).
"""

import base64
import binascii
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import BotError, UsageError

# As many letters as 32 random bytes have in base64, without their padding; a word or a name is refused.
SHORTEST_SECRET = 40


def new_secret() -> str:
    """Return a secret nobody can guess, 43 letters long."""
    return secrets.token_urlsafe(32)


class Sealing:
    """Seals and opens values with the keys derived from one secret."""

    def __init__(self, secret: str):
        if len(secret) < SHORTEST_SECRET:
            raise UsageError(
                f"privacy.encryption_key is shorter than {SHORTEST_SECRET} letters; "
                "`python -m bot seal --new-key` makes one"
            )
        self._texts = Fernet(base64.urlsafe_b64encode(_derived(secret, "texts", 32)))
        self._ids = AESSIV(_derived(secret, "ids", 64))
        self.mark = _derived(secret, "mark", 12).hex()
        """Says which key it is without giving it away."""

    def text(self, plain: str) -> str:
        """Return `plain` sealed."""
        return self._texts.encrypt(plain.encode("utf-8", "surrogatepass")).decode()

    def opened_text(self, sealed: str) -> str:
        """Return what was sealed."""
        try:
            return self._texts.decrypt(sealed).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise _other_key() from None

    def json(self, value: Any) -> str:
        """Return a value of JSON sealed."""
        return self.text(json.dumps(value, ensure_ascii=False))

    def opened_json(self, sealed: str) -> Any:
        """Return the value of JSON that was sealed."""
        return json.loads(self.opened_text(sealed))

    def id(self, plain: str) -> str:
        """Return `plain` sealed, always the same way."""
        sealed = self._ids.encrypt(plain.encode("utf-8", "surrogatepass"), None)
        return base64.urlsafe_b64encode(sealed).decode()

    def opened_id(self, sealed: str) -> str:
        """Return the id that was sealed."""
        try:
            plain = self._ids.decrypt(base64.urlsafe_b64decode(sealed), None)
        except (InvalidTag, ValueError, binascii.Error):
            raise _other_key() from None
        return plain.decode("utf-8", "surrogatepass")


def _derived(secret: str, purpose: str, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=b"sme-bot at rest", info=purpose.encode()).derive(secret.encode())


def _other_key() -> BotError:
    return BotError("the database holds what another key sealed; set the BOT_PRIVACY__ENCRYPTION_KEY it had")
