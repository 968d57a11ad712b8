"""Tables as files: CSV, JSON lines and XLSX, none of which runs as a formula in a spreadsheet."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

FORMATS = ("csv", "xlsx", "jsonl")
# A spreadsheet runs a CSV cell that begins like this as a formula (OWASP, CSV injection); the wide
# forms are what some input methods write, and Excel reads them alike.
FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
# What XML, and so a workbook, cannot hold.
CONTROLS = {
    code: None for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000))
}
LONGEST_CELL = 32_767

Row = Mapping[str, Any]


def cell(value: Any) -> Any:
    """Return `value` as a CSV cell may hold it: a text that would be a formula begins with an apostrophe."""
    if not isinstance(value, str):
        return value
    # The writer quotes only the line break it writes itself: a lone carriage return would end the row.
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + value if value.startswith(FORMULA) else value


def file(rows: Sequence[Row], columns: Sequence[str], *, format: str) -> str | bytes:
    """Return the rows as a file of one of `FORMATS`."""
    if format == "xlsx":
        return workbook({"rows": (columns, rows)})
    return json_lines(rows) if format == "jsonl" else csv_text(rows, columns)


def csv_text(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return the rows as CSV, with a heading."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: cell(row.get(name, "")) for name in columns})
    return out.getvalue()


def json_lines(rows: Sequence[Row]) -> str:
    """Return the rows as JSON, one object a line."""
    return "".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows)


def workbook(sheets: Mapping[str, tuple[Sequence[str], Sequence[Row]]]) -> bytes:
    """Return an XLSX file: each sheet's name with its columns and rows. Every text stays a text."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        for name, (columns, rows) in sheets.items():
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(columns):
                sheet.write_string(0, place, column, bold)
                for line, row in enumerate(rows, start=1):
                    _put(sheet, (line, place), row.get(column, ""))
    return out.getvalue()


def _put(sheet: Any, place: tuple[int, int], value: Any) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(*place, value)
    elif value not in (None, ""):
        sheet.write_string(*place, str(value).translate(CONTROLS)[:LONGEST_CELL])
