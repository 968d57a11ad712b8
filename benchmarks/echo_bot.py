"""The barest bot python-telegram-bot can make: it says what it was told. What others are compared with.

    python benchmarks/echo_bot.py BASE_URL TOKEN

It keeps nothing: what it had fetched is lost when it is killed.
"""

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what was said."""
    if update.message is not None and update.message.text is not None:
        await update.message.reply_text(update.message.text)


def main(base_url: str, token: str) -> None:
    """Run until stopped."""
    application = Application.builder().token(token).base_url(base_url).concurrent_updates(True).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
