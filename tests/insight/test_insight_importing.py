"""Resources from a table: each row is read, named where it is wrong, and known where it is a duplicate."""

import datetime

import pytest

from bot.advice.knowledge import Knowledge
from bot.errors import BotError
from bot.insight.importing import Imported, address, decoded, read

DAY = datetime.date(2026, 11, 23)
HEAD = "title_es,summary_es,url,organisation,topics,countries"
HONEY = "Vender miel,Cómo se vende.,https://example.org/miel,Cooperativa,export;loans,hn"


def table(*rows: str, head: str = HEAD) -> str:
    return "\n".join([head, *rows]) + "\n"


@pytest.fixture
def imported(tiny: Knowledge) -> object:
    def run(text: str, **values: object) -> Imported:
        return read(text, tiny, day=DAY, **values)  # type: ignore[arg-type]

    return run


def test_a_row_becomes_a_resource(imported) -> None:  # type: ignore[no-untyped-def]
    (row,) = imported(table(HONEY)).rows
    assert row.line == 2
    assert row.item["id"] == "hn-vender-miel"
    assert (row.item["title"], row.item["summary"]) == ({"es": "Vender miel"}, {"es": "Cómo se vende."})
    assert (row.item["topics"], row.item["countries"]) == (["export", "loans"], ["HN"])
    assert (row.item["reviewed"], row.item["review_by"]) == (DAY, datetime.date(2027, 5, 24))


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("Miel,x,example.org,Coop,export,HN", "line 2: url: an address begins with http"),
        ("Miel,x,https://example.org/m,Coop,exportar,HN", "line 2: topics: exportar is no topic"),
        ("Miel,x,https://example.org/m,Coop,export,XX", "line 2: countries.0: 'XX' is not one of"),
        (",x,https://example.org/m,Coop,export,HN", "line 2: title: none given"),
        ("Miel,,https://example.org/m,Coop,export,HN", "line 2: summary: none given"),
        ("Miel,x,https://example.org/m,,export,HN", "line 2: organisation: field required"),
        ("Miel,x,https://example.org/m,Coop,,HN", "line 2: topics: field required"),
    ],
)
def test_a_bad_row_is_named_with_its_line(imported, row: str, fault: str) -> None:  # type: ignore[no-untyped-def]
    found = imported(table(row, HONEY))
    assert [str(item)[: len(fault)] for item in found.faults] == [fault]
    assert [item.line for item in found.rows] == [3]


def test_lines_are_counted_across_texts_with_line_breaks(imported) -> None:  # type: ignore[no-untyped-def]
    long = HONEY.replace("Cómo se vende.", '"Cómo\nse\nvende."')
    found = imported(table(long, "", "Miel,x,no,Coop,export,HN"))
    assert ([row.line for row in found.rows], [fault.line for fault in found.faults]) == ([2], [6])


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Otra,x,http://www.EXAMPLE.org/hn/credito/#top,Otro,loans,HN", "the address is that of hn-credito"),
        (
            "Otra,x,https://example.org/hn/credito?utm_source=x,Otro,loans,HN",
            "the address is that of hn-credito",
        ),
        ("Credito SEMILLA,x,https://example.org/n,Banco del Valle,loans,HN", "nearly those of hn-credito"),
        (HONEY.replace("/miel", "/otra"), "id hn-vender-miel is there already"),
    ],
)
def test_duplicates_are_found(imported, row: str, why: str) -> None:  # type: ignore[no-untyped-def]
    found = imported(table(HONEY, row))
    assert [(item.line, item.message.endswith(why)) for item in found.duplicates] == [(3, True)]
    assert len(found.rows) == 1


def test_drafts_are_known_too(imported) -> None:  # type: ignore[no-untyped-def]
    found = imported(table(HONEY), known=[{"id": "d", "url": "https://example.org/miel"}])
    assert [str(item) for item in found.duplicates] == ["line 2: the address is that of d"]


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("title_es,url,organisation", "line 1: no column topics"),
        (HEAD + ",colour", "line 1: column 'colour' is not one of"),
        (HEAD + ",url", "line 1: column url is there twice"),
        ("url,organisation,topics", "line 1: no column title_es"),
    ],
)
def test_columns_that_are_none_are_named(imported, head: str, fault: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BotError, match=f"^{fault}"):
        imported(table(HONEY, head=head))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators(imported, separator: str) -> None:  # type: ignore[no-untyped-def]
    text = table(HONEY.replace(";", "|")).replace(",", separator)
    assert imported(text).rows[0].item["topics"] == ["export", "loans"]


def test_a_day_that_is_none_is_named(imported) -> None:  # type: ignore[no-untyped-def]
    found = imported(table(HONEY + ",31/12/2026", head=HEAD + ",valid_until"))
    assert str(found.faults[0]) == "line 2: valid_until: 31/12/2026 is not a day; write it as 2026-11-23"


def test_an_empty_table_holds_nothing(imported) -> None:  # type: ignore[no-untyped-def]
    assert imported(table()).rows == []
    with pytest.raises(BotError, match="line 1: no column"):
        imported("")


def test_what_windows_writes_is_read() -> None:
    assert (
        decoded("Créditos".encode("cp1252")) == decoded(b"\xef\xbb\xbf" + "Créditos".encode()) == "Créditos"
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.example.org/a/", "https://example.org/a", True),
        ("https://example.org/a?b=1&a=2&utm_x=3", "https://example.org/a?a=2&b=1", True),
        ("https://example.org/a?id=1", "https://example.org/a?id=2", False),
        ("https://example.org/A", "https://example.org/a", False),
        ("https://example.org/a", "https://example.com/a", False),
    ],
)
def test_addresses_are_compared_by_what_they_lead_to(one: str, other: str, same: bool) -> None:
    assert (address(one) == address(other)) is same
