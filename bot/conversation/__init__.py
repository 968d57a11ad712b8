"""What is said, on any channel, and what must be recorded. Knows no Telegram and no SQL."""
