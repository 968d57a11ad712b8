"""The guard's questions, one test each; their figures; and that no question is a phrase."""

import json

import guard
import pytest

from bot.advice.advisor import Advisor, training_phrases
from bot.advice.evaluation import Report
from bot.advice.knowledge import Knowledge
from bot.advice.text import words

ROWS = {row["id"]: row for row in guard.rows()}
KNOWN = guard.known_failures()
RECORDED = json.loads(guard.FIGURES.read_text(encoding="utf-8"))
# By how much a figure may fall, in points, before it counts as worse.
SLACK = 0.5
# So short, two people who know the trade type the same ("huella de carbono"), and talk is all formulas.
SHORT = 3
TALK = ("smalltalk", "handoff")


@pytest.fixture(scope="module")
def report(advisor: Advisor) -> Report:
    return guard.report(advisor)


@pytest.fixture(scope="module")
def missed(report: Report) -> dict[str, str]:
    return guard.missed(report)


@pytest.mark.parametrize("id", ROWS)
def test_question(missed: dict[str, str], id: str) -> None:
    gold = ROWS[id]["gold"]
    if id in KNOWN:
        assert id in missed, f"{ROWS[id]['text']!r} passes now: run python tests/questions/record.py"
        pytest.xfail(f"{missed[id]} instead of {gold['outcome']}")
    wanted = f"{gold['outcome']} {' '.join(gold['topics'])}"
    assert id not in missed, f"{ROWS[id]['text']!r} got {missed[id]} instead of {wanted}"


@pytest.mark.parametrize("name", guard.BETTER_HIGH)
def test_a_figure_has_not_fallen(report: Report, name: str) -> None:
    assert guard.figures(report)[name] >= RECORDED[name] - SLACK


@pytest.mark.parametrize("name", guard.BETTER_LOW)
def test_a_figure_has_not_risen(report: Report, name: str) -> None:
    assert guard.figures(report)[name] <= RECORDED[name] + SLACK


def test_every_known_failure_is_a_question() -> None:
    assert KNOWN - set(ROWS) == set()


def asked(file: str) -> dict[tuple[str, ...], str]:
    """Return the questions of a file that could not be the same by chance."""
    said = {
        tuple(words(row["text"])): row["text"]
        for row in guard.rows(file)
        if row["gold"]["outcome"] not in TALK
    }
    return {key: text for key, text in said.items() if len(key) > SHORT}


@pytest.mark.parametrize("file", ["guard.jsonl", "calibration.jsonl"])
def test_no_question_is_a_phrase(shipped: Knowledge, file: str) -> None:
    phrases = {tuple(words(text)) for _, text, _ in training_phrases(shipped)}
    assert [text for key, text in asked(file).items() if key in phrases] == []


def test_the_two_sets_share_no_question() -> None:
    assert asked("guard.jsonl").keys() & asked("calibration.jsonl").keys() == set()


@pytest.mark.parametrize("file", ["guard.jsonl", "calibration.jsonl"])
def test_labels_name_what_is_there(shipped: Knowledge, file: str) -> None:
    for row in guard.rows(file):
        gold = row["gold"]
        assert set(gold["topics"]) <= set(shipped.topics), row["id"]
        assert set(gold["resources_any"]) <= set(shipped.resources), row["id"]
        assert bool(gold["topics"]) == (gold["outcome"] in ("answer", "clarify")), row["id"]
