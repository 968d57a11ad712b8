"""Keeping the token out of the logs: Telegram wants it in every address."""

import logging

HIDDEN = "<token>"


class Redaction(logging.Filter):
    """Hides `secret` in each record, in its traceback too."""

    def __init__(self, secret: str):
        super().__init__()
        self._secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record where it holds the secret; let every record through."""
        message = record.getMessage()
        if self._secret in message:
            record.msg, record.args = message.replace(self._secret, HIDDEN), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text and self._secret in record.exc_text:
            record.exc_text = record.exc_text.replace(self._secret, HIDDEN)
        return True


def hide(token: str) -> None:
    """Hide `token` in whatever is logged from now on, and silence the client that logs each address."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.addFilter(Redaction(token))
