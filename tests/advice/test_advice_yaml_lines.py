"""YAML with lines: where each value stands, and faults that name a line instead of raising."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.yaml_lines import parse

TEXT = """\
id: loans

title:
  es: Créditos
phrases:
  es:
    - uno
    - dos
more: [a,
  b]
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("id",), 1),
        (("title",), 3),
        (("title", "es"), 4),
        (("phrases", "es", 0), 7),
        (("phrases", "es", 1), 8),
        (("more", 1), 10),
    ],
)
def test_each_value_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert parse(TEXT).line(path) == line


def test_what_is_missing_has_the_line_around_it() -> None:
    assert parse(TEXT).line(("phrases", "en", 3)) == 5
    assert parse(TEXT).line(("nothing",)) == 1


def test_data_is_plain() -> None:
    assert parse(TEXT).data == {
        "id": "loans",
        "title": {"es": "Créditos"},
        "phrases": {"es": ["uno", "dos"]},
        "more": ["a", "b"],
    }


def test_keys_are_names() -> None:
    assert parse("no: Norsk\n2026: año\n").data == {"no": "Norsk", "2026": "año"}


def test_nothing_is_no_fault() -> None:
    document = parse("# only a comment\n")
    assert (document.data, document.faults) == (None, [])


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "the key a is there twice"),
        ("a:\n  b: 1\n  b: 2\n", 3, "the key b is there twice"),
        ("a:\n\tb: 1\n", 2, "a tab stands where YAML allows only spaces; indent with spaces"),
        ("a: [1, 2\n", 2, "not readable as YAML"),
        ("a: 'open\n", 2, "not readable as YAML"),
        ("? [1, 2]\n: x\n", 1, "a key must be a word"),
        ("a: *nobody\n", 1, "not readable as YAML"),
        ("a: 1\n--- \nb: 2\n", 2, "not readable as YAML"),
        ("a: \x07\n", 1, "not readable as YAML"),
        ("a: !!python/object:os.system x\n", 1, "not readable as YAML"),
        ("b: 1\na: 2026-13-45\n", 2, "not readable as YAML"),
        ("[" * 5000 + "]" * 5000, 1, "nested too deeply"),
    ],
)
def test_a_fault_names_its_line(text: str, line: int, message: str) -> None:
    found = parse(text).faults
    assert [(at, said[: len(message)]) for at, said in found] == [(line, message)]


@given(st.text(st.sampled_from("ab:-[]{}#&*!|>'\"%@` \n\t0,?")))
def test_any_text_is_data_or_faults(text: str) -> None:
    document = parse(text)
    assert all(at >= 1 and said and "\n" not in said for at, said in document.faults)
