"""Edits of knowledge files: what is not edited stays as it was written."""

import datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BotError
from bot.insight.editing import document, read, with_phrases, with_resource

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
TOPIC = """\
# A need. Format: docs/knowledge.md.
id: loans
title: {es: 'Créditos', en: Loans}  # as on the menu
phrases:
  es:
    # one to three words
    - un crédito
    - "plata: ya"   # quoted
  en: [a loan]
related: []
"""
RESOURCES = """\
# Guides.
- id: a
  title: {es: Uno}
  topics: [loans, export]
  valid_until: null   # open

- id: b
  title: {es: Dos}
  topics: [loans]
  valid_until: null
"""
NEW = {
    "id": "c",
    "title": {"es": "Tres: el último"},
    "topics": ["loans"],
    "reviewed": datetime.date(2026, 11, 23),
    "valid_until": None,
}


@pytest.mark.parametrize("path", sorted(KNOWLEDGE.glob("topics/*.yaml"))[::9], ids=lambda path: path.stem)
def test_a_shipped_topic_changes_by_the_phrase_alone(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    after = with_phrases(before, {"es": ["una frase nueva"]})
    lines = after.splitlines()
    lines.remove("    - una frase nueva")
    assert lines == before.splitlines()


@pytest.mark.parametrize("path", sorted(KNOWLEDGE.glob("resources/*.yaml"))[::3], ids=lambda path: path.stem)
def test_a_shipped_resource_changes_by_its_line_alone(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    item = yaml.safe_load(before)[3]
    after = with_resource(before, item | {"organisation": "Otra"})
    changed = set(after.splitlines()) ^ set(before.splitlines())
    assert "  organisation: Otra" in changed
    assert {line.split(":")[0] for line in changed} == {"  organisation"}
    assert with_resource(before, NEW).startswith(before.rstrip("\n"))


def test_a_phrase_goes_to_the_end_of_its_language() -> None:
    after = with_phrases(TOPIC, {"es": ["me prestan"], "en": ["borrow"], "pt": ["crédito"]})
    assert '    - "plata: ya"   # quoted\n    - me prestan\n' in after
    assert "  en: [a loan, borrow]\n" in after
    assert yaml.safe_load(after)["phrases"]["pt"] == ["crédito"]
    assert after.startswith(TOPIC.partition("    - un")[0])


def test_a_new_resource_goes_to_the_end() -> None:
    after = with_resource(RESOURCES, NEW)
    assert after.startswith(RESOURCES)
    assert yaml.safe_load(after)[2] == NEW
    assert "  topics: [loans]\n" in after.partition("- id: c")[2]
    assert "valid_until: null" in after.partition("- id: c")[2]


def test_a_resource_is_changed_where_it_stands() -> None:
    after = with_resource(RESOURCES, {"id": "a", "title": {"es": "Uno"}, "topics": ["export"], "url": "x"})
    assert after.startswith("# Guides.\n- id: a\n  title: {es: Uno}\n  topics: [export]\n")
    assert after.endswith(RESOURCES.partition("- id: b")[2])
    assert yaml.safe_load(after)[0] == {"id": "a", "title": {"es": "Uno"}, "topics": ["export"], "url": "x"}


@pytest.mark.parametrize("text", ["", "# Guides.\n", "[]\n", "# Guides.\n[]\n"])
def test_a_file_without_resources_gets_its_first(text: str) -> None:
    after = with_resource(text, NEW)
    assert yaml.safe_load(after) == [NEW]
    assert after.startswith(text.replace("[]\n", ""))


def test_a_list_laid_out_otherwise_takes_one_more() -> None:
    assert yaml.safe_load(with_resource("  - id: a\n  - id: b\n", {"id": "c"})) == [
        {"id": "a"}, {"id": "b"}, {"id": "c"},
    ]  # fmt: skip
    assert yaml.safe_load(with_resource("[{id: a}]\n", {"id": "c"})) == [{"id": "a"}, {"id": "c"}]


@settings(max_examples=50)
@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1))
def test_any_phrase_is_read_back_as_it_was(phrase: str) -> None:
    phrase = phrase.strip() or "x"
    assert yaml.safe_load(with_phrases(TOPIC, {"es": [phrase]}))["phrases"]["es"][-1] == phrase


@pytest.mark.parametrize(
    "text", ["no", "12:30", "2026-11-23", "1_000", "null", "~", "on", "0x1f", "- a", "a: b", "#"]
)
def test_what_looks_like_something_else_stays_a_text(text: str) -> None:
    assert yaml.safe_load(document({"title": {"es": text}, "topics": [text]})) == {
        "title": {"es": text},
        "topics": [text],
    }


def test_lines_stay_lines() -> None:
    assert document({"advice": {"es": "Uno.\nDos.\n"}}) == "advice:\n  es: |\n    Uno.\n    Dos.\n"


@pytest.mark.parametrize("text", ["a: [", "a: {b", "\t- x", "%YAML 9\n---\na: *b"])
def test_what_is_no_yaml_is_one_line(text: str) -> None:
    with pytest.raises(BotError, match=r"^not readable as YAML: [^\n]+$"):
        read(text)
