"""What is said to who asked and was not answered, once there is an answer: their question, and its topics."""

from collections.abc import Sequence

from bot.advice.knowledge import Knowledge
from bot.conversation.actions import action
from bot.conversation.messages import Messages, lines
from bot.conversation.replies import Button, Reply

ANSWERS = "answers"
"""The segment of news of those who wish to be told."""
LONGEST_QUOTE = 120


def known_now(
    question: str, topics: Sequence[str], *, language: str, knowledge: Knowledge, messages: Messages
) -> Reply:
    """Return the message: a button for each topic, and one that stops such messages."""
    said = " ".join(question.split())
    quoted = said if len(said) <= LONGEST_QUOTE else said[: LONGEST_QUOTE - 1].rstrip() + "…"
    titles = [(topic, knowledge.topics[topic].title) for topic in topics if topic in knowledge.topics]
    rows = [
        (Button(title.get(language) or next(iter(title.values())), action("t", topic)),)
        for topic, title in titles
    ]
    stop = (Button(messages.say(language, "news.stop"), "news_stop"),)
    return Reply(lines(messages.say(language, "news.known", question=quoted)), (*rows, stop))
