"""The Telegram edge: from updates to events of the conversation, and from its replies to messages."""
