"""Errors a person can act on: one line that names the thing and the way out."""

from pathlib import Path


class BotError(Exception):
    """A fault outside the code. `str(error)` is one line for a person; `exit_code` is 1 or 2.

    1: what was asked could not be done (the data, a service, a file). 2: it was asked wrongly
    (an option, the configuration).
    """

    exit_code = 1


class UsageError(BotError):
    """Asked wrongly: an option or a configuration key that does not fit."""

    exit_code = 2


def reason(error: OSError) -> str:
    """Return what the system says of `error`, without numbers and paths: "Permission denied"."""
    return error.strerror or type(error).__name__


def written(path: Path, content: str | bytes) -> None:
    """Write `content` to the file a person named; texts in UTF-8."""
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise BotError(f"{path} cannot be written: {reason(error)}; name another file") from None


def read_text(path: Path, what: str) -> str:
    """Return the text of the UTF-8 file `path`; `what` names it in the error's one line."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BotError(f"{what} {path} is not text in UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise BotError(
            f"{what} {path} cannot be read: {reason(error)}; check the path and its permissions"
        ) from None
