"""Loading the knowledge folder: all of it, or every problem as `file:line: message`."""

import datetime
import os
from pathlib import Path

import pytest
from tiny_knowledge import line_of

from bot.advice.knowledge import Knowledge, KnowledgeError, Problem, fingerprint, load
from bot.errors import BotError


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace `old`, which must be there, once."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> list[str]:
    """Return what loading the folder complains of, each as its one line."""
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    assert "\n" not in str(caught.value)
    return [str(problem) for problem in caught.value.problems]


def test_a_whole_folder_loads(folder: Path) -> None:
    knowledge = load(folder)
    assert set(knowledge.topics) == {"loans", "invoicing", "export", "women-networks"}
    assert len(knowledge.resources) == 6
    assert set(knowledge.places) == {"AR", "BO", "CO", "HN", "UY"}
    assert knowledge.elsewhere == {"CL": ["Chile"]}
    assert knowledge.synonyms["es"][1] == ["que", "q", "k"]
    assert knowledge.messages["pt"] == {"hello": "Olá", "thanks.long": "Obrigado"}
    assert knowledge.languages == ("es", "en", "pt")


def test_the_shipped_folder_loads_whole(shipped: Knowledge) -> None:
    assert len(shipped.topics) == 36


def test_each_item_knows_its_line(folder: Path) -> None:
    knowledge = load(folder)
    assert knowledge.at("topic", "loans") == ("topics/loans.yaml", 1)
    at = line_of("resources/uy.yaml", "uy-credito-mujeres")
    assert knowledge.at("resource", "uy-credito-mujeres") == ("resources/uy.yaml", at)
    at = line_of("topics/loans.yaml", "dónde consigo")
    assert knowledge.at("phrase", "dónde consigo financiamiento") == ("topics/loans.yaml", at)
    assert knowledge.at("topic", "nowhere") == (str(folder), 1)


def test_topics_alone_in_one_language_load(tmp_path: Path) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "a.yaml").write_text("id: a\ngroup: g\ntitle: {es: Uno}\nphrases: {es: [uno]}\n")
    knowledge = load(tmp_path)
    assert knowledge.languages == ("es",)
    assert not knowledge.resources


def test_a_change_changes_the_fingerprint(folder: Path) -> None:
    before = load(folder).fingerprint
    assert load(folder).fingerprint == before
    edit(folder, "topics/loans.yaml", "microcrédito,", "microcréditos,")
    assert load(folder).fingerprint != before


def test_numbers_and_dates_are_phrases_too(folder: Path) -> None:
    edit(folder, "topics/loans.yaml", "microcrédito,", "1500, 2.5,")
    assert {"1500", "2.5"} <= set(load(folder).topics["loans"].phrases["es"])


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("topics/loans.yaml", "group: money\n", "", "group: field required"),
        (
            "topics/loans.yaml",
            "id: loans",
            "id: Loans!",
            "id: an id is lower-case letters and digits joined by hyphens",
        ),
        ("topics/loans.yaml", "id: loans", "id: credit", "topic credit belongs in topics/credit.yaml"),
        ("topics/loans.yaml", "microcrédito,", "' ',", "phrases.es.3: the text is empty"),
        ("topics/loans.yaml", "group: money", "groop: money", "groop: is not a known key"),
        (
            "topics/invoicing.yaml",
            "notice: tax",
            "notice: taxes",
            "notice: input should be 'none', 'tax' or 'legal'",
        ),
        (
            "topics/loans.yaml",
            "related: [women-networks]",
            "related: [weddings]",
            "topic loans is related to weddings, which is no topic",
        ),
        (
            "resources/hn.yaml",
            "topics: [loans]",
            "topics: [lones]",
            "resource hn-credito names topic lones, which is no topic",
        ),
        (
            "resources/hn.yaml",
            "https://example.org/hn/credito",
            "www.example.org",
            "url: an address begins with http:// or https:// and has no spaces",
        ),
        (
            "resources/hn.yaml",
            "https://example.org/hn/credito",
            "javascript:alert(1)",
            "url: an address begins with http:// or https:// and has no spaces",
        ),
        (
            "resources/hn.yaml",
            "https://example.org/hn/credito",
            "https://a b.org",
            "url: an address begins with http:// or https:// and has no spaces",
        ),
        (
            "resources/hn.yaml",
            "kind: service",
            "kind: servise",
            "kind: 'servise' is not one of guide, course",
        ),
        ("resources/hn.yaml", "countries: [HN]", "countries: [XX]", "countries.0: 'XX' is not one of AR"),
        (
            "resources/hn.yaml",
            "countries: [HN]",
            "countries: []",
            "countries: list should have at least 1 item",
        ),
        ("resources/hn.yaml", "audience: [sme]", "audience: [men]", "audience.0: 'men' is not one of sme"),
        (
            "resources/hn.yaml",
            "reviewed: 2026-11-23",
            "reviewed: ayer",
            "reviewed: input should be a valid date",
        ),
        ("resources/hn.yaml", "source: high", "source: rumour", "source: input should be 'high'"),
        (
            "resources/hn.yaml",
            "id: hn-factura",
            "id: hn-credito",
            "resource hn-credito is already at resources/hn.yaml:1",
        ),
        (
            "resources/uy.yaml",
            "id: uy-credito\n",
            "id: hn-credito\n",
            "resource hn-credito is already at resources/hn.yaml:1",
        ),
        (
            "resources/hn.yaml",
            "id: hn-credito",
            f"id: {'a' * 49}",
            f"resource id {'a' * 49} is longer than 48 letters",
        ),
        (
            "resources/hn.yaml",
            "countries: [HN]",
            "countries: [HN]\n  place: [Atlantis]",
            "names place Atlantis, which places.yaml has not in its country",
        ),
        ("places.yaml", "AR:", "ZZ:", "ZZ is not one of AR, BO, CO, HN, UY"),
        ("places.yaml", "names: [Argentina]", "name: [Argentina]", "names: field required"),
        ("synonyms.yaml", "[que, q, k]", "[que]", "a group is a list of two words or more"),
        ("synonyms.yaml", "[que, q, k]", "que", "a group is a list of two words or more"),
        ("smalltalk.yaml", "phrases: {es: [hola,", "phrase: {es: [hola,", "phrases: field required"),
        ("sensitive.yaml", "UY: [red-regional]", "UY: [nobody]", "helpline nobody is no resource"),
    ],
)
def test_a_problem_names_file_and_line(folder: Path, name: str, old: str, new: str, message: str) -> None:
    edit(folder, name, old, new)
    told = problems(folder)
    matching = [line for line in told if message in line]
    assert len(matching) == 1, told
    file, number, said = matching[0].split(":", 2)
    assert file == name
    # A missing key is told at the item it is missing from; everything else within its own item.
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    assert 1 <= int(number) <= len(lines)
    assert said.startswith(" ")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("topics/loans.yaml", "microcrédito,", "' ',"),
        ("topics/invoicing.yaml", "notice: tax", "notice: taxes"),
        ("resources/hn.yaml", "https://example.org/hn/factura", "www.example.org"),
        ("resources/uy.yaml", "audience: [women, sme]", "audience: [women, men]"),
        ("resources/uy.yaml", "id: uy-credito-mujeres", "id: uy-credito"),
        ("synonyms.yaml", "[que, q, k]", "[que]"),
        ("places.yaml", "weak: [Salto]", "weak: Salto"),
    ],
)
def test_the_line_is_that_of_the_value(folder: Path, name: str, old: str, new: str) -> None:
    line = line_of(name, old)
    edit(folder, name, old, new)
    assert any(told.startswith(f"{name}:{line}: ") for told in problems(folder))


def test_every_problem_is_told_at_once(folder: Path) -> None:
    edit(folder, "topics/loans.yaml", "group: money\n", "")
    edit(folder, "topics/export.yaml", "id: export", "id: export\n\tgroup: x")
    edit(folder, "resources/hn.yaml", "kind: service", "kind: servise")
    edit(folder, "resources/hn.yaml", "kind: procedure", "kind: prosedure")
    edit(folder, "places.yaml", "AR:", "ZZ:")
    (folder / "synonyms.yaml").write_bytes(b"es: \xff")
    files = [told.split(":")[0] for told in problems(folder)]
    assert {"topics/loans.yaml", "topics/export.yaml", "places.yaml", "synonyms.yaml"} <= set(files)
    assert files.count("resources/hn.yaml") >= 2
    assert files == sorted(files)


def test_the_error_counts_what_it_does_not_show(folder: Path) -> None:
    edit(folder, "resources/hn.yaml", "kind: service", "kind: servise")
    edit(folder, "resources/hn.yaml", "kind: procedure", "kind: prosedure")
    with pytest.raises(KnowledgeError, match=r"and 1 more: run `python -m bot check"):
        load(folder)


@pytest.mark.parametrize(
    "name", ["topics/loans.yaml", "resources/hn.yaml", "places.yaml", "messages/es.yaml"]
)
def test_a_binary_file_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"a: b\n\x89PNG\r\n\xff\xfe")
    assert any(told == f"{name}:2: not text in UTF-8; save it as UTF-8" for told in problems(folder))


def test_a_tab_is_named(folder: Path) -> None:
    (folder / "topics" / "loans.yaml").write_text("id: loans\ntitle:\n\tes: Créditos\n", encoding="utf-8")
    assert "topics/loans.yaml:3: a tab stands where YAML allows only spaces; indent with spaces" in problems(
        folder
    )


@pytest.mark.parametrize(
    "name", ["topics/loans.yaml", "resources/hn.yaml", "smalltalk.yaml", "messages/es.yaml"]
)
def test_a_folder_in_place_of_a_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    assert f"{name}:1: cannot be read: Is a directory; check its permissions" in problems(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_named(folder: Path) -> None:
    (folder / "topics" / "loans.yaml").chmod(0)
    assert "topics/loans.yaml:1: cannot be read: Permission denied; check its permissions" in problems(folder)


@pytest.mark.parametrize(
    "name",
    [
        "topics/loans.yaml",
        "resources/hn.yaml",
        "places.yaml",
        "synonyms.yaml",
        "smalltalk.yaml",
        "out_of_scope.yaml",
        "sensitive.yaml",
        "messages/es.yaml",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "just a word\n",
        "5\n",
        "- a\n- b\n",
        "a: b\n",
        "es: 5\n",
        "es: [5]\n",
        "elsewhere: 5\n",
        "AR:\n",
    ],
)
def test_any_shape_is_read_or_named(folder: Path, name: str, text: str) -> None:
    """A file of another shape never raises anything but the one error that names it."""
    (folder / name).write_text(text, encoding="utf-8")
    found: list[Problem] = []
    try:
        load(folder)
    except KnowledgeError as error:
        found = error.problems
    assert all(problem.file.endswith(".yaml") for problem in found)


def test_an_empty_folder_says_what_it_needs(tmp_path: Path) -> None:
    assert problems(tmp_path) == ["topics:1: no topic here; a knowledge folder needs topics/<id>.yaml"]


@pytest.mark.parametrize("make", [False, True])
def test_a_missing_folder_is_one_line(tmp_path: Path, make: bool) -> None:
    place = tmp_path / "nowhere"
    if make:
        place.write_text("a file")
    with pytest.raises(BotError, match=f"knowledge folder {place} is not there; name it with --knowledge"):
        load(place)


def test_problems_say_how_grave_they_are() -> None:
    assert str(Problem("a.yaml", 3, "wrong")) == "a.yaml:3: wrong"
    assert str(Problem("a.yaml", 3, "weak", "warning")) == "a.yaml:3: warning: weak"
    assert str(Problem("a.yaml", 3, "no address", "wanted")) == "a.yaml:3: wanted: no address"


def test_a_resource_is_shown_up_to_its_last_day(folder: Path) -> None:
    edit(folder, "resources/hn.yaml", "source: high", "source: high\n  valid_until: 2026-12-01")
    resource = load(folder).resources["hn-credito"]
    assert resource.shown_on(datetime.date(2026, 12, 1))
    assert not resource.shown_on(datetime.date(2026, 12, 2))


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_only_what_is_published_is_shown(folder: Path, status: str) -> None:
    edit(folder, "resources/hn.yaml", "source: high", f"source: high\n  status: {status}")
    assert not load(folder).resources["hn-credito"].shown_on(datetime.date(2026, 12, 1))


def test_who_a_resource_serves(folder: Path) -> None:
    resources = load(folder).resources
    assert resources["hn-credito"].serves("HN")
    assert resources["hn-credito"].serves(None)
    assert not resources["hn-credito"].serves("UY")
    assert resources["red-regional"].serves("UY")
    assert resources["guia-global"].serves("HN")


def test_what_is_kept_is_all_that_was_read(shipped: Knowledge, tmp_path: Path) -> None:
    """Every field of the knowledge comes back, and the folder's digest is the one it is kept under."""
    folder = shipped.folder
    load(folder, cache=tmp_path)
    kept = load(folder, cache=tmp_path)
    assert {name for name in vars(shipped) if getattr(kept, name) != getattr(shipped, name)} == set()
    assert kept.fingerprint == fingerprint(folder)
    assert kept.canned
