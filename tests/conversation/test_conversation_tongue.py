"""Who asks for another language has the last answer again, in that language."""

import pytest
from talk import Talk

from bot.conversation.leaning import tongue


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("in english please", "en"),
        ("English?", "en"),
        ("¿Puedes hablar en inglés, por favor?", "en"),
        ("en español porfa", "es"),
        ("castellano", "es"),
        ("em português por favor", "pt"),
        ("portugués", "pt"),
        ("clases de inglés para vender", None),
        ("quiero exportar en español", None),
        ("inglés o español", None),
        ("please", None),
        ("", None),
    ],
)
def test_a_message_that_asks_for_a_language_and_nothing_else(text: str, tag: str | None) -> None:
    assert tongue(text) == tag


def test_the_last_answer_comes_again_in_that_language(talk: Talk) -> None:
    talk.say("necesito un crédito en uruguay")
    question, topic = talk.person.question, talk.person.topic
    talk.say("in english please")
    assert talk.person.language == "en"
    assert (talk.person.question, talk.person.topic) == (question, topic)
    (request,) = talk.requests
    assert (request.outcome, request.language, request.topics) == ("answer", "en", (topic,))
    assert "Talk to a person" in talk.labels


def test_before_any_answer_it_is_kept_and_said(talk: Talk) -> None:
    talk.say("em português, por favor")
    assert talk.person.language == "pt"
    assert talk.requests[0].kind == "language"
    talk.say("👍")
    assert talk.requests[0].kind == "thanks"
