"""What leaves the house of a request and of a case."""

import csv
import datetime
import io
import json

import pytest

from bot.casework.exports import CASE_COLUMNS, REQUEST_COLUMNS, case_row, request_row
from bot.insight import sheets
from bot.store import ListedRequest, QueuedCase

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
REQUEST = ListedRequest(
    id="r1",
    person="ana",
    pseudonym="p-ana",
    case=None,
    time=NOON,
    channel="telegram",
    question="=llámame al 099 123 456",
    outcome="answer",
    confidence=0.5,
)
CASE = QueuedCase(
    id="c1",
    person="ana",
    pseudonym="p-ana",
    reason="person",
    opened_at=NOON,
    language="es",
    country="UY",
    question="mi correo es ana@example.org",
    office="loans",
)


def test_a_row_has_its_columns_in_their_order() -> None:
    assert tuple(request_row(REQUEST)) == REQUEST_COLUMNS
    assert tuple(case_row(CASE)) == CASE_COLUMNS


def test_a_confidence_is_a_number_in_every_format() -> None:
    row = request_row(REQUEST)
    assert json.loads(sheets.json_lines([row]))["confidence"] == 0.5
    assert ",0.5," in sheets.csv_text([row], REQUEST_COLUMNS)


def test_a_row_is_masked_and_runs_as_no_formula() -> None:
    text = sheets.csv_text([request_row(REQUEST)], REQUEST_COLUMNS)
    [row] = csv.DictReader(io.StringIO(text))
    assert row["question"] == "'=llámame al [number]"
    assert case_row(CASE)["question"] == "mi correo es [e-mail]"


@pytest.mark.parametrize("case", [True, False])
def test_what_needs_care_never_leaves(case: bool) -> None:
    row = (
        case_row(QueuedCase(**vars(CASE) | {"reason": "sensitive"}))
        if case
        else request_row(ListedRequest(**vars(REQUEST) | {"outcome": "sensitive"}))
    )
    assert row["question"] == "[sensitive]"


def test_a_case_without_a_question_has_an_empty_one() -> None:
    assert case_row(QueuedCase(**vars(CASE) | {"question": None}))["question"] == ""
