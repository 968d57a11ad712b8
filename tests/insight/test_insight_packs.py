"""Packs: what one organisation shares, and what another takes over as drafts."""

import datetime
from pathlib import Path

import pytest
import tiny_knowledge
import yaml
from logged import NOON

from bot.advice.knowledge import Knowledge, load
from bot.errors import BotError
from bot.insight import packs
from bot.insight.drafting import Drafts
from bot.insight.packs import Pack, difference, export, read

DAY = datetime.date(2026, 11, 23)


def exported(knowledge: Knowledge, *topics: str) -> Pack:
    return export(knowledge, organisation="Cámara del Sur", day=DAY, topics=topics or None)


def edited(folder: Path, name: str, old: str, new: str) -> Knowledge:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load(folder)


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    return tiny_knowledge.write(tmp_path / "theirs")


def test_a_pack_says_whose_it_is_and_comes_back_whole(tiny: Knowledge) -> None:
    pack = exported(tiny)
    data = yaml.safe_load(pack.as_text())
    assert (data["organisation"], data["date"], data["licence"]) == ("Cámara del Sur", DAY, "CC BY 4.0")
    assert data["fingerprint"] == pack.fingerprint
    assert read(pack.as_text()) == pack
    assert (len(pack.topics), len(pack.resources)) == (4, 6)


def test_a_pack_of_some_topics_names_no_others(tiny: Knowledge) -> None:
    pack = exported(tiny, "loans")
    assert [topic.id for topic in pack.topics] == ["loans"]
    assert pack.topics[0].related == []
    assert {tuple(item.topics) for item in pack.resources} == {("loans",)}
    with pytest.raises(BotError, match=r"^there is no topic nothing"):
        exported(tiny, "nothing")


def test_what_is_not_for_others_stays(theirs: Path) -> None:
    edited(
        theirs,
        "resources/hn.yaml",
        "  source: high\n- id: hn-factura",
        "  source: high\n  contact: Eva\n- id: hn-factura",
    )
    knowledge = edited(theirs, "resources/global.yaml", "  source: high", "  source: high\n  status: draft")
    pack = exported(knowledge)
    assert "Eva" not in pack.as_text()
    assert "guia-global" not in {item.id for item in pack.resources}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("pack: 1", "pack: 2", "this is no pack of format 1"),
        ("Banco del Valle", "Banco del Monte", "the pack of Cámara del Sur is not as it was exported"),
        ("date: 2026-11-23", "date: soon", "the pack does not say whose it is"),
        ("kind: network", "kind: club", "the pack holds an item that is not as knowledge is"),
        ("pack: 1", "pack: [", "not readable as YAML"),
    ],
)
def test_what_is_no_pack_is_refused(tiny: Knowledge, old: str, new: str, fault: str) -> None:
    text = exported(tiny).as_text()
    assert old in text
    with pytest.raises(BotError, match=f"^{fault}"):
        read(text.replace(old, new, 1))


def test_the_same_knowledge_does_not_differ(tiny: Knowledge) -> None:
    found = difference(exported(tiny), tiny)
    assert found == packs.Difference(same=10)


def test_what_differs_is_shown(tiny: Knowledge, theirs: Path) -> None:
    edited(theirs, "topics/loans.yaml", "necesito un crédito, ", "necesito un crédito, me fían plata, ")
    edited(theirs, "topics/loans.yaml", "Compara la tasa total.", "Compara.")
    edited(theirs, "resources/uy.yaml", "Banco Ceibo", "Banco Nuevo")
    edited(theirs, "resources/hn.yaml", "- id: hn-factura", "- id: hn-otra")
    knowledge = edited(theirs, "resources/global.yaml", "- id: guia-global", "- id: guia-nueva")
    path = theirs / "topics" / "export.yaml"
    path.with_name("honey.yaml").write_text(
        "id: honey\ngroup: growth\ntitle: {es: Miel}\nphrases: {es: [vender miel]}\n"
    )
    (theirs / "resources" / "global.yaml").write_text(
        (theirs / "resources" / "global.yaml")
        .read_text()
        .replace("example.org/guide", "example.org/new")
        .replace("Trade Guide", "Honey")
    )
    found = difference(exported(load(theirs)), tiny)
    assert [topic.id for topic in found.topics] == ["honey"]
    assert found.wordings == {"loans": {"es": ["me fían plata"]}}
    assert [(edit.item.id, sorted(edit.changes)) for edit in found.edited] == [
        ("loans", ["advice"]), ("uy-credito", ["organisation"]),
    ]  # fmt: skip
    assert [item.id for item in found.resources] == ["guia-nueva"]
    assert [(item.id, why) for item, why in found.duplicates] == [
        ("hn-otra", "the address is that of hn-factura")
    ]
    assert knowledge.resources


def test_test_questions_are_not_taken_over(tiny: Knowledge, theirs: Path) -> None:
    knowledge = edited(
        theirs, "topics/loans.yaml", "necesito un crédito, ", "necesito un crédito, me fían plata, "
    )
    assert difference(exported(knowledge), tiny, tested={"me fian plata"}).wordings == {}


def test_what_is_taken_over_is_drafted_and_can_be_published(folder: Path, theirs: Path) -> None:
    edited(theirs, "topics/loans.yaml", "necesito un crédito, ", "necesito un crédito, me fían plata, ")
    edited(theirs, "resources/uy.yaml", "Banco Ceibo", "Banco Nuevo")
    (theirs / "topics" / "honey.yaml").write_text(
        "id: honey\ngroup: growth\ntitle: {es: Miel}\nphrases: {es: [vender miel]}\nrelated: [export]\n"
    )
    pack, drafts = exported(load(theirs)), Drafts(folder)
    made = drafts.draft_pack(pack, difference(pack, load(folder)), by="staff-1", at=NOON)
    assert [draft.kind for draft in made] == ["topic", "wording", "resource"]
    assert {draft.origin.source for draft in made} == {pack.source}
    for draft in made:
        drafts.publish(draft.id, by="staff-2", at=NOON)
    now = load(folder)
    assert now.topics["honey"].related == ["export"]
    assert now.topics["loans"].phrases["es"][-1] == "me fían plata"
    assert now.resources["uy-credito"].organisation == "Banco Nuevo"
    assert difference(pack, now).same == 11
