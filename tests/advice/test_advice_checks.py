"""`check`: what is weak in a folder that loads."""

import datetime
from pathlib import Path

import pytest
from tiny_knowledge import line_of

from bot.advice.checks import check
from bot.advice.knowledge import Knowledge

DAY = datetime.date(2026, 11, 23)
LONG = "muy largo " * 41


def told(folder: Path, day: datetime.date = DAY) -> set[str]:
    return {str(problem) for problem in check(folder, day=day)}


def edited(folder: Path, name: str, old: str, new: str) -> set[str]:
    """Return what is complained of after an edit and was not before."""
    before = told(folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return told(folder) - before


def test_the_shipped_folder_has_no_errors(shipped: Knowledge, day: datetime.date) -> None:
    problems = check(shipped.folder, day=day)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert sum(problem.severity == "wanted" for problem in problems) == 3


def test_the_tiny_folder_only_lacks_phrases(folder: Path) -> None:
    assert {line.rsplit(", ", 1)[1] for line in told(folder)} == {"25 are needed", "12 are needed"}


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "topics/export.yaml",
            "quiero exportar,",
            "quiero exportar, ¡Quiero EXPORTAR!,",
            "warning: phrase '¡Quiero EXPORTAR!' is there twice",
        ),
        (
            "topics/export.yaml",
            "quiero exportar,",
            "quiero exportar, microcredito,",
            "phrase 'microcrédito' of loans is also one of export",
        ),
        (
            "topics/export.yaml",
            "  en: Start with one country.\n",
            "",
            "warning: topic export: no advice in en",
        ),
        ("topics/export.yaml", "pt: Exportar}", "}", "warning: topic export: no title in pt"),
        (
            "topics/export.yaml",
            "Empieza por un país.",
            LONG,
            "warning: topic export: advice in es is longer than 400 characters",
        ),
        (
            "topics/export.yaml",
            "quiero exportar, ",
            "",
            "warning: topic export: 7 phrases in es, 25 are needed",
        ),
        (
            "resources/hn.yaml",
            "source: high",
            "source: wanted",
            "wanted: address wanted for hn-credito; it links https://example.org/hn/credito",
        ),
        (
            "resources/hn.yaml",
            "https://example.org/hn/factura",
            "https://example.org/hn/credito",
            "warning: hn-factura has the address of hn-credito",
        ),
        (
            "resources/hn.yaml",
            "source: high",
            "source: high\n  valid_until: 2026-11-22",
            "warning: hn-credito expired on 2026-11-22 and is not shown",
        ),
        (
            "resources/hn.yaml",
            "review_by: 2027-05-23",
            "review_by: 2026-11-22",
            "warning: hn-credito was to be reviewed by 2026-11-22",
        ),
        (
            "resources/hn.yaml",
            "review_by: 2027-05-23",
            "review_by: 2026-12-07",
            "warning: hn-credito is to be reviewed by 2026-12-07",
        ),
        ("resources/hn.yaml", ", pt: Crédito para começar.", "", "warning: hn-credito has no summary in pt"),
        (
            "resources/global.yaml",
            "topics: [export, loans, invoicing]",
            "topics: [loans, invoicing]",
            "warning: no resource for topic export",
        ),
        (
            "resources/global.yaml",
            "topics: [export, loans, invoicing]",
            "topics: [export, loans]",
            "warning: topic invoicing has no resource for AR, BO, CO, UY",
        ),
        (
            "resources/global.yaml",
            "source: high",
            "source: high\n  status: draft",
            "warning: no resource for topic export",
        ),
        (
            "resources/hn.yaml",
            "source: high",
            "source: high\n  status: draft",
            "warning: hn-credito is a draft: no topic reaches it",
        ),
        (
            "resources/hn.yaml",
            "aliases: [CAI]",
            "aliases: [creditos]",
            "warning: alias 'creditos' of hn-factura is the title of topic loans",
        ),
        ("messages/pt.yaml", "hello: Olá\n", "", "message hello is missing in pt"),
    ],
)
def test_what_is_weak_is_told(folder: Path, name: str, old: str, new: str, message: str) -> None:
    assert message in {line.split(": ", 1)[1] for line in edited(folder, name, old, new)}


def test_a_place_is_told(folder: Path) -> None:
    line = line_of("resources/hn.yaml", "hn-factura")
    added = edited(folder, "resources/hn.yaml", "aliases: [CAI]", "aliases: [créditos]")
    assert [told.split(" ")[0] for told in added] == [f"resources/hn.yaml:{line}:"]


def test_what_is_fresh_is_not_told(folder: Path) -> None:
    assert not edited(folder, "resources/hn.yaml", "review_by: 2027-05-23", "review_by: 2026-12-08")


def test_the_same_phrase_in_another_language_is_fine(folder: Path) -> None:
    assert "microcrédito" not in " ".join(told(folder))


def test_errors_come_first(folder: Path) -> None:
    edited(folder, "messages/pt.yaml", "hello: Olá\n", "")
    edited(folder, "resources/hn.yaml", "source: high", "source: wanted")
    graveness = [problem.severity for problem in check(folder, day=DAY)]
    assert graveness == sorted(graveness, key=["error", "warning", "wanted"].index)
    assert graveness[0] == "error"
    assert graveness[-1] == "wanted"


def test_a_folder_that_does_not_load_is_told_as_it_loads(folder: Path) -> None:
    added = edited(folder, "resources/hn.yaml", "kind: service", "kind: servise")
    assert len(added) == 1
    assert "resources/hn.yaml:2: kind: 'servise' is not one of guide" in added.pop()


@pytest.mark.parametrize("remove", ["places.yaml", "synonyms.yaml", "smalltalk.yaml", "messages/es.yaml"])
def test_optional_files_may_be_missing(folder: Path, remove: str) -> None:
    (folder / remove).unlink()
    assert not any(problem.severity == "error" for problem in check(folder, day=DAY))


def test_topics_alone_are_held_to_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "a.yaml").write_text("id: a\ngroup: g\ntitle: {es: Uno}\nphrases: {es: [uno]}\n")
    assert check(tmp_path, day=DAY) == []
