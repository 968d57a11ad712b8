"""What identifies a person in a text, masked before anyone but the one who answers sees it."""

import re

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Seven digits or more, with the marks people put between: phones, identity and tax numbers, accounts.
NUMBER = re.compile(r"(?<!\d)\+?\d(?:[\s.()/\u2010-\u2015-]{0,3}\d){6,}(?!\d)")
HANDLE = re.compile(r"(?<![\w.])@\w{4,32}")


def masked(text: str) -> str:
    """Return `text` with e-mail addresses, long numbers and user names replaced by what they are."""
    return HANDLE.sub("[user]", NUMBER.sub("[number]", EMAIL.sub("[e-mail]", text)))
