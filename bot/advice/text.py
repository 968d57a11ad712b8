"""What is done to a text before anything is compared: cleaning, folding, words."""

import re
import unicodedata
from functools import lru_cache

# What a phone sends between visible letters: zero-width and direction marks, joiners, the byte-order
# mark, tags. Replaced by nothing, since people never typed them as spaces.
INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
SPACES = re.compile(r"\s{2,}|[^\S ]")  # all but a space alone, which stays as it is
WORD = re.compile(r"[^\W_]+(?:[.&'][^\W_]+)*")
INNER = re.compile(r"[.&']")
LETTERS_RUN = re.compile(r"([a-z])\1{2,}")

# Longer questions are read up to here: what is needed is said before, and the time of one advice
# stays bounded. Telegram's own limit is 4,096 UTF-16 units.
LONGEST_READ = 2_000


def clean(text: str) -> str:
    """Return `text` on one line, without control and invisible characters, in composed form (NFC)."""
    text = CONTROL.sub(" ", INVISIBLE.sub("", text.encode("utf-8", "ignore").decode()))
    return unicodedata.normalize("NFC", SPACES.sub(" ", text).strip())


def folded(text: str) -> str:
    """Return `text` in lower case without accents: "Señorío" becomes "senorio"."""
    if text.isascii():
        return text.lower()
    return without_marks(unicodedata.normalize("NFKD", text).casefold()).casefold()


# A question is folded by each of its readers.
fold = lru_cache(2_048)(folded)


def without_marks(text: str) -> str:
    """Return `text` taken apart (NFKD) without accents and other marks."""
    apart = unicodedata.normalize("NFKD", text)
    for mark in filter(unicodedata.combining, set(apart)):
        apart = apart.replace(mark, "")
    return apart


def words(text: str) -> list[str]:
    """Return the words of `text` folded, dots, ampersands and apostrophes inside a word kept out."""
    return list(_words(text))


@lru_cache(2_048)  # each of a question's readers looks at its words
def _words(text: str) -> tuple[str, ...]:
    plain = fold(text)
    found = WORD.findall(plain)
    return tuple(found if INNER.search(plain) is None else [INNER.sub("", word) for word in found])


def squeeze(word: str) -> str:
    """Return `word` with letters repeated three times or more said once: "holaaaa" becomes "hola"."""
    return LETTERS_RUN.sub(r"\1", word)


def is_blank(text: str) -> bool:
    """Say whether `text` holds no letter and no digit: emoji, punctuation, nothing."""
    return not any(letter.isalnum() for letter in text)
