"""Tables as files: nothing in them runs."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.sheets import FORMULA, cell, csv_text, file, json_lines, workbook


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A"]
)
def test_every_kind_of_formula_is_a_text(text: str) -> None:
    assert cell(text) == "'" + text.replace("\r", "\n")


@given(st.text())
def test_no_csv_cell_begins_as_a_formula(text: str) -> None:
    (_, (said, after)) = list(
        csv.reader(io.StringIO(csv_text([{"a": text, "b": 1}], ["a", "b"]), newline=""))
    )
    assert not said.startswith(FORMULA)
    assert said in (plain := text.replace("\r\n", "\n").replace("\r", "\n"), "'" + plain)
    assert after == "1"


def test_numbers_stay_numbers() -> None:
    assert csv_text([{"a": -3, "b": 0.5}], ["a", "b"]) == "a,b\n-3,0.5\n"


@pytest.mark.parametrize(
    "text", ["=1+1", "{=1}", "https://example.org", "12", "a\x00b", "\ud800", "a" * 40_000]
)
def test_a_workbook_holds_any_text_as_a_text(text: str) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook({"rows": (["a"], [{"a": text}])}))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert sheet.count('t="s"') == 2


def test_each_format_has_its_file() -> None:
    rows = [{"a": "é", "b": 1}]
    assert file(rows, ["a"], format="csv") == "a\né\n"
    assert file(rows, ["a"], format="jsonl") == json_lines(rows) == '{"a": "é", "b": 1}\n'
    assert str(file(rows, ["a"], format="xlsx")[:2]) == "b'PK'"
