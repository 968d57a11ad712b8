"""Drafts: made without personal data, published whole or not at all, never over a person's edit."""

import datetime
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from logged import NOON, several

from bot.advice import checks
from bot.advice.knowledge import load
from bot.errors import BotError
from bot.insight import drafting
from bot.insight.drafting import Conflict, Drafts
from bot.insight.drafts import Draft, Origin, phrase_of, resource_from_reply, topic_from_group
from bot.insight.gaps import gaps

DAY = NOON.date()
WHO = {"by": "staff-1", "at": NOON}
LATER = {"by": "staff-2", "at": NOON + datetime.timedelta(1)}


@pytest.fixture
def drafts(folder: Path) -> Drafts:
    return Drafts(folder)


@pytest.fixture
def loans(folder: Path) -> Path:
    return folder / "topics" / "loans.yaml"


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of the knowledge but the drafts."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "drafts" not in path.parts
    }


def resource(**values: object) -> dict[str, object]:
    return {
        "id": "hn-miel",
        "kind": "guide",
        "title": {"es": "Vender miel"},
        "url": "https://example.org/hn/miel",
        "organisation": "Cooperativa",
        "topics": ["export"],
        "countries": ["HN"],
        "languages": ["es"],
        "summary": {"es": "Cómo se vende miel."},
        "reviewed": DAY,
        "review_by": DAY + datetime.timedelta(180),
        "source": "medium",
        **values,
    }


# -- wordings ------------------------------------------------------------------------------------


def test_a_wording_is_drafted_and_published(drafts: Drafts, loans: Path) -> None:
    before = loans.read_text(encoding="utf-8")
    draft = drafts.draft_wording("loans", "es", "me fían plata?", **WHO, origin=Origin(case="c1", gap="g1"))
    assert loans.read_text(encoding="utf-8") == before
    assert (draft.kind, draft.target, draft.topic, draft.wordings) == (
        "wording", "topics/loans.yaml", "loans", [("es", "me fían plata?")],
    )  # fmt: skip
    assert drafts.listed() == [draft]

    published = drafts.publish(draft.id, **LATER)
    assert published.file == loans
    assert load(drafts.knowledge).topics["loans"].phrases["es"][-1] == "me fían plata?"
    assert drafts.listed() == []
    (kept,) = drafts.listed(state="published")
    assert (kept.decided_by, kept.decided_at, kept.origin) == (
        "staff-2",
        LATER["at"],
        Origin(case="c1", gap="g1"),
    )


def test_a_draft_is_a_file_that_says_where_it_came_from(drafts: Drafts) -> None:
    draft = drafts.draft_wording("loans", "en", "borrow cash", **WHO, origin=Origin(request="r1"))
    text = (drafts.folder / f"{draft.id}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# A draft")
    assert yaml.safe_load(text) == {
        "id": draft.id,
        "kind": "wording",
        "target": "topics/loans.yaml",
        "state": "open",
        "from": {"request": "r1"},
        "by": "staff-1",
        "at": NOON.isoformat(),
        "replaces": None,
        "content": {"phrases": {"en": ["borrow cash"]}},
    } | {"at": yaml.safe_load(text)["at"]}
    assert Draft.of(text, "x") == draft


def test_the_same_wording_is_drafted_once(drafts: Drafts) -> None:
    first = drafts.draft_wording("loans", "es", "me fían plata", **WHO)
    assert drafts.draft_wording("loans", "es", "me fían plata", **LATER) == first
    assert len(drafts.listed()) == 1


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("préstamo, mi cel es +598 99 123 456 gracias", "préstamo, mi cel es gracias"),
        ("escriban a ana@example.org\npor un crédito", "escriban a por un crédito"),
        ("soy @ana_perez y quiero plata", "soy y quiero plata"),
    ],
)
def test_a_phrase_holds_nothing_that_identifies_by_its_form(question: str, phrase: str) -> None:
    assert phrase_of(question) == phrase


@pytest.mark.parametrize(
    ("topic", "language", "question", "fault"),
    [
        ("nothing", "es", "hola", "there is no topic nothing"),
        ("loans", "fr", "prêt", "language fr is not one of es, en, pt"),
        ("loans", "es", "+598 99 123 456", "nothing is left of the wording"),
        ("loans", "es", "a" * 201, "the wording has 201 characters"),
        ("loans", "es", "¿Necesito un CRÉDITO?", "the wording is already a phrase of loans"),
        ("loans", "es", "quiero exportar", "the wording is already a phrase of export"),
        ("loans", "es", "quién ganó el partido", "the wording is already a phrase of sports"),
    ],
)
def test_what_cannot_be_a_phrase_is_refused(
    drafts: Drafts, topic: str, language: str, question: str, fault: str
) -> None:
    with pytest.raises(BotError, match=f"^{fault}"):
        drafts.draft_wording(topic, language, question, **WHO)
    assert drafts.listed() == []


def test_a_test_question_never_becomes_a_phrase(drafts: Drafts, tmp_path: Path) -> None:
    (tmp_path / "tests" / "questions").mkdir(parents=True)
    row = json.dumps({"id": "q1", "text": "¿Me fían plata?"})
    (tmp_path / "tests" / "questions" / "guard.jsonl").write_text(row + "\n\nno json\n", encoding="utf-8")
    with pytest.raises(BotError, match="one of the test questions"):
        drafts.draft_wording("loans", "es", "me fian plata", **WHO)


# -- publishing ----------------------------------------------------------------------------------


def test_an_edit_in_between_is_kept(drafts: Drafts, loans: Path) -> None:
    draft = drafts.draft_wording("loans", "es", "me fían plata", **WHO)
    loans.write_text(
        loans.read_text(encoding="utf-8").replace("microcrédito,", "microcréditos,"), encoding="utf-8"
    )
    drafts.publish(draft.id, **LATER)
    phrases = load(drafts.knowledge).topics["loans"].phrases["es"]
    assert "microcréditos" in phrases
    assert phrases[-1] == "me fían plata"


def test_an_edit_while_publishing_wins(
    drafts: Drafts, folder: Path, loans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saves the file between the check and the write: nothing of theirs is lost."""
    draft = drafts.draft_wording("loans", "es", "me fían plata", **WHO)

    def slow_check(place: Path, *, day: datetime.date) -> list[object]:
        loans.write_bytes(loans.read_bytes() + b"# by hand\n")
        return []

    monkeypatch.setattr(drafting.checks, "check", slow_check)
    with pytest.raises(Conflict, match=r"^topics/loans.yaml was edited meanwhile"):
        drafts.publish(draft.id, **LATER)
    assert loans.read_bytes().endswith(b"# by hand\n")
    assert drafts.listed() == [draft]


def test_a_draft_that_would_break_the_folder_writes_nothing(drafts: Drafts, folder: Path) -> None:
    draft = drafts.draft_resource(resource(topics=["nothing"]), **WHO)
    before = contents(folder)
    with pytest.raises(
        BotError, match=f"^draft {draft.id} cannot be published: .*names topic nothing, which is no"
    ):
        drafts.publish(draft.id, **LATER)
    assert contents(folder) == before
    assert drafts.listed() == [draft]


def test_a_phrase_another_topic_got_meanwhile_is_refused(drafts: Drafts, folder: Path) -> None:
    first = drafts.draft_wording("loans", "es", "me fían plata", **WHO)
    second = drafts.draft_wording("export", "es", "me fían plata", **WHO)
    drafts.publish(first.id, **LATER)
    before = contents(folder)
    with pytest.raises(BotError, match="already a phrase of loans"):
        drafts.publish(second.id, **LATER)
    assert contents(folder) == before


def test_a_write_that_fails_leaves_the_file_whole(
    drafts: Drafts, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafts.draft_wording("loans", "es", "me fían plata", **WHO)
    before = contents(folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(BotError, match=r"loans.yaml cannot be written: No space left on device"):
        drafts.publish(draft.id, **LATER)
    assert contents(folder) == before


def test_two_who_publish_at_once_lose_nothing(drafts: Drafts, folder: Path) -> None:
    """One after the other: each draft once, and both phrases are there."""
    made = [
        drafts.draft_wording("loans", "es", text, **WHO) for text in ("me fían plata", "quiero que me fíen")
    ]

    def publish(draft_id: str) -> str:
        try:
            return Drafts(folder).publish(draft_id, **LATER).draft.id
        except BotError as fault:
            return str(fault)

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(publish, [draft.id for draft in made] * 2))
    assert sorted(line for line in said if line.startswith("d")) == sorted(draft.id for draft in made)
    assert sum(line.startswith("there is no open draft") for line in said) == 2
    assert set(load(folder).topics["loans"].phrases["es"][-2:]) == {"me fían plata", "quiero que me fíen"}


def test_line_breaks_and_marks_of_the_file_stay(drafts: Drafts, loans: Path) -> None:
    loans.write_bytes(b"\xef\xbb\xbf" + loans.read_bytes().replace(b"\n", b"\r\n"))
    draft = drafts.draft_wording("loans", "es", "me fían plata", **WHO)
    drafts.publish(draft.id, **LATER)
    text = loans.read_bytes()
    assert text.startswith(b"\xef\xbb\xbfid: loans\r\n")
    assert text.count(b"\n") == text.count(b"\r\n")


def test_a_draft_is_decided_once(drafts: Drafts) -> None:
    draft = drafts.draft_wording("loans", "es", "me fían plata", **WHO)
    drafts.publish(draft.id, **LATER)
    for decide in (drafts.publish, drafts.reject):
        with pytest.raises(BotError, match=f"^there is no open draft {draft.id}"):
            decide(draft.id, **LATER)


def test_a_draft_of_a_topic_that_is_gone_is_refused(drafts: Drafts, loans: Path) -> None:
    draft = drafts.draft_wording("loans", "es", "me fían plata", **WHO)
    loans.unlink()
    with pytest.raises(Conflict, match="topic loans is no longer there"):
        drafts.publish(draft.id, **LATER)


def test_a_rejected_draft_is_kept_with_its_reason(drafts: Drafts, folder: Path) -> None:
    before = contents(folder)
    draft = drafts.draft_wording("loans", "es", "me fían plata", **WHO)
    rejected = drafts.reject(draft.id, **LATER, note="not ours")
    assert (rejected.state, rejected.note, rejected.wordings) == (
        "rejected",
        "not ours",
        [("es", "me fían plata")],
    )
    assert drafts.listed(state="rejected") == [rejected]
    assert contents(folder) == before


@pytest.mark.parametrize("name", ["../x", "d/../../x", "", "d1"])
def test_an_id_that_is_none_is_refused(drafts: Drafts, name: str) -> None:
    with pytest.raises(BotError, match="there is no open draft"):
        drafts.publish(name, **LATER)


@pytest.mark.parametrize(
    "target", ["../evil.yaml", "messages/es.yaml", "topics/../../x.yaml", "topics/X.yaml"]
)
def test_a_draft_reaches_topics_and_resources_alone(drafts: Drafts, target: str) -> None:
    draft = drafts.draft_wording("loans", "es", "me fían plata", **WHO)
    path = drafts.folder / f"{draft.id}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("topics/loans.yaml", target), encoding="utf-8")
    with pytest.raises(BotError, match=f"^draft {draft.id}.yaml is not one"):
        drafts.publish(draft.id, **LATER)
    assert drafts.listed() == []
    assert len(drafts.faults()) == 1


# -- resources and topics ------------------------------------------------------------------------


def test_a_resource_is_published_at_the_end_of_its_countrys_file(drafts: Drafts, folder: Path) -> None:
    before = (folder / "resources" / "hn.yaml").read_text(encoding="utf-8")
    draft = drafts.draft_resource(resource(), **WHO)
    drafts.publish(draft.id, **LATER)
    assert (folder / "resources" / "hn.yaml").read_text(encoding="utf-8").startswith(before)
    assert load(folder).resources["hn-miel"].organisation == "Cooperativa"


def test_a_resource_is_replaced_unless_somebody_edited_it(drafts: Drafts, folder: Path) -> None:
    item = load(folder).resources["hn-factura"].model_dump()
    first = drafts.draft_resource({**item, "organisation": "SAR Honduras"}, **WHO)
    second = drafts.draft_resource({**item, "organisation": "El SAR"}, **WHO)
    drafts.publish(first.id, **LATER)
    assert load(folder).resources["hn-factura"].organisation == "SAR Honduras"
    with pytest.raises(Conflict, match="hn-factura was edited since the draft was made"):
        drafts.publish(second.id, **LATER)


def test_a_reply_of_the_staff_becomes_a_draft_to_complete(drafts: Drafts, folder: Path) -> None:
    reply = (
        "La cooperativa compra miel: https://example.org/miel. Llame a Ana al 2222-3333 o ana@example.org."
    )
    draft = drafts.draft_reply(
        reply, language="es", topics=["export"], country="HN", **WHO, origin=Origin(case="c1")
    )
    assert draft.target == "resources/hn.yaml"
    assert draft.content["url"] == "https://example.org/miel"
    assert "2222" not in draft.as_text()
    assert "ana@" not in draft.as_text()
    with pytest.raises(BotError, match="organisation: field required"):
        drafts.publish(draft.id, **LATER)
    drafts.amend(draft.id, {**draft.content, "organisation": "Cooperativa"})
    drafts.publish(draft.id, **LATER)
    assert load(folder).resources[draft.content["id"]].url == "https://example.org/miel"


def test_a_reply_without_an_address_says_what_it_has() -> None:
    item = resource_from_reply("Vaya a la alcaldía", language="es", day=DAY)
    assert "url" not in item
    assert (item["title"], item["countries"]) == ({"es": "Vaya a la alcaldía"}, ["regional"])


def test_a_group_becomes_a_topic(drafts: Drafts, folder: Path) -> None:
    rows = several("permiso de drones", "¿permiso para drones?", "volar drones, mi tel 099 123 456",
                   candidates=(("export", 0.3),))  # fmt: skip
    (group, *_) = gaps(rows)
    draft = drafts.draft_group(group, **WHO)
    assert (draft.kind, draft.origin.gap) == ("topic", group.id)
    assert (draft.content["group"], draft.content["related"]) == ("growth", ["export"])
    published = drafts.publish(draft.id, **LATER)
    assert load(folder).topics[str(draft.topic)].phrases["es"][0] == "permiso de drones"
    assert published.file.read_text(encoding="utf-8").startswith("# A need")
    assert "099" not in published.file.read_text(encoding="utf-8")


def test_a_group_keeps_back_test_questions_and_phrases_there_are(tiny: object) -> None:
    (group,) = gaps(several("permiso de drones", "permiso drones", "permisos de drones"))
    item = topic_from_group(group, tiny, tested={"permiso drones"})  # type: ignore[arg-type]
    assert item["phrases"]["es"] == ["permiso de drones", "permisos de drones"]


def test_a_topic_that_is_there_is_not_drafted_anew(drafts: Drafts) -> None:
    with pytest.raises(BotError, match="there is a topic loans already"):
        drafts.draft_topic({"id": "loans"}, **WHO)
    with pytest.raises(BotError, match="is no place for a draft"):
        drafts.draft_topic({"id": "../x"}, **WHO)


def test_phrases_of_an_amended_draft_are_masked(drafts: Drafts) -> None:
    draft = drafts.draft_wording("loans", "es", "me fían plata", **WHO)
    amended = drafts.amend(draft.id, {"phrases": {"es": ["fíenme, soy el 099 123 456"]}})
    assert amended.wordings == [("es", "fíenme, soy el")]
    assert amended.id == draft.id


def test_drafts_are_no_part_of_the_knowledge(drafts: Drafts, folder: Path) -> None:
    before = load(folder).fingerprint
    drafts.draft_wording("loans", "es", "me fían plata", **WHO)
    assert load(folder).fingerprint == before
    assert [item for item in checks.check(folder, day=DAY) if item.severity == "error"] == []
