"""Why an advice is what it is, taken apart for a terminal and a test pane."""

import datetime

import pytest

from bot.advice.advisor import Advisor
from bot.advice.explaining import Explanation, explain, lines, tried
from bot.advice.setting import Profile

DAY = datetime.date(2026, 11, 23)


def asked(advisor: Advisor, question: str, **profile: str) -> Explanation:
    return tried(advisor, question, day=DAY, profile=Profile(**profile))


def test_a_winner_and_a_runner_up_with_their_phrases(tiny_advisor: Advisor) -> None:
    told = asked(tiny_advisor, "necesito un crédito para mi tienda", country="UY")
    assert (told.outcome, told.topics) == ("answer", ("loans",))
    assert told.winner is not None
    assert (told.winner.topic, told.winner.title, told.winner.phrase) == (
        "loans",
        "Créditos",
        "necesito un crédito",
    )
    assert told.winner.place[0] == "topics/loans.yaml"
    assert told.runner_up is not None
    assert told.runner_up.confidence <= told.winner.confidence


def test_resources_say_what_made_their_score(tiny_advisor: Advisor) -> None:
    told = asked(tiny_advisor, "necesito un crédito", country="UY", audience="women")
    assert told.resources[0].id == "uy-credito-mujeres"
    assert told.resources[0].shown
    assert told.resources[0].score == pytest.approx(sum(told.resources[0].parts.values()))
    assert told.setting.country == "UY"


@pytest.mark.parametrize(
    ("question", "outcome", "reason"),
    [
        ("necesito un crédito", "answer", "is enough"),
        ("hola", "smalltalk", "reads as greeting"),
        ("quién ganó el partido", "no_match", "which is not ours"),
        ("😡", "smalltalk", "reads as nonsense"),
    ],
)
def test_the_reason_of_an_outcome(tiny_advisor: Advisor, question: str, outcome: str, reason: str) -> None:
    told = asked(tiny_advisor, question)
    assert told.outcome == outcome
    assert reason in told.reason


def test_a_question_that_leans_says_so(tiny_advisor: Advisor) -> None:
    told = tried(tiny_advisor, "cuánto cuesta?", day=DAY, previous="loans")
    assert told.reason == "leans on the question before it"


def test_thresholds_are_told_where_the_calibration_is_given(tiny_advisor: Advisor) -> None:
    advice = tiny_advisor.advise("necesito un crédito", day=DAY)
    assert explain(advice, tiny_advisor.knowledge).thresholds is None
    told = explain(advice, tiny_advisor.knowledge, calibration=tiny_advisor.calibration)
    assert told.thresholds == (
        tiny_advisor.calibration.answer_threshold,
        tiny_advisor.calibration.clarify_threshold,
    )


def test_the_lines_name_file_and_line_of_the_phrase_that_won(tiny_advisor: Advisor) -> None:
    told = "\n".join(lines(asked(tiny_advisor, "necesito un crédito")))
    assert "(topics/loans.yaml:" in told
    assert "resources    score and what made it" in told
