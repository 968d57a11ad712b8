"""Looking words up: each must begin a word of what is read, accents and capitals aside."""

import re
import unicodedata

from bot.conversation.privacy import masked

WORD = re.compile(r"\w+")
# What may carry an accent: LIKE knows none, so these stand for any letter in its patterns.
ACCENTED = re.compile(r"[aceinouy]")


class Looked:
    """Words that are looked for."""

    def __init__(self, text: str):
        words = WORD.findall(folded(text))
        self._words = [f" {word}" for word in words]
        self.patterns = tuple(f"%{ACCENTED.sub('_', word)}%" for word in words)
        """Patterns for LIKE: whatever fits, fits these."""

    def fits(self, text: str) -> bool:
        """Say whether `text` has every word."""
        spaced = " " + " ".join(WORD.findall(folded(text)))
        return all(word in spaced for word in self._words)

    def fits_masked(self, question: str) -> bool:
        """Say whether a question has every word where identifiers are masked: those are not found."""
        return self.fits(question) and self.fits(masked(question))


def folded(text: str) -> str:
    """Return `text` in small letters without accents."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
