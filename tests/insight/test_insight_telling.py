"""Replay of one edit, and who is told that there is an answer now."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from logged import NOON, asked

from bot.advice.advisor import Advisor
from bot.advice.knowledge import load
from bot.advice.setting import Profile
from bot.insight.drafting import Drafts
from bot.insight.replaying import Change, Logged, Replay, compare, effect, logged
from bot.insight.telling import to_tell

DAY = datetime.timedelta(1)
NOW = NOON + DAY


def found(*ids: str, topics: tuple[str, ...] = ("export",)) -> Replay:
    changes = [Change(Logged(id, "q", "no_match", (), Profile()), "answer", topics) for id in ids]
    return Replay(newly_answered=changes)


def told(rows: list, replay: Replay, **values: object) -> list[str]:  # type: ignore[type-arg]
    given = {"now": NOW, "agreed": {"p-ana", "p-eva"}, "told": set(), **values}
    return [news.request for news in to_tell(replay, rows, **given)]  # type: ignore[arg-type]


def test_who_asked_is_told() -> None:
    (news,) = to_tell(found("r1"), [asked("miel", country="UY")], now=NOW, agreed={"p-ana"}, told=set())
    assert (news.request, news.person, news.language, news.country, news.topics) == (
        "r1", "p-ana", "es", "UY", ("export",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "values"),
    [
        ({}, {"agreed": set()}),
        ({}, {"told": {"r1"}}),
        ({}, {"in_hand": {"r1"}}),
        ({"time": NOW - 31 * DAY}, {}),
        ({"time": NOW + DAY}, {}),
        ({"outcome": "answer"}, {}),
    ],
)
def test_who_is_not(row: dict[str, object], values: dict[str, object]) -> None:
    assert told([asked("miel", **row)], found("r1"), **values) == []


def test_a_person_is_told_of_a_topic_once_for_their_latest_question() -> None:
    rows = [
        asked("miel", id="r1"),
        asked("mieles", id="r2", time=NOON + DAY / 2),
        asked("x", id="r3", person="p-eva"),
    ]
    assert told(rows, found("r1", "r2", "r3")) == ["r2", "r3"]


def test_who_was_answered_since_is_not_told() -> None:
    rows = [
        asked("miel", id="r1"),
        asked("exportar miel", id="r2", time=NOW, outcome="answer", topics=("export",)),
    ]
    assert told(rows, found("r1")) == []


def test_one_edit_is_compared_with_the_knowledge_before_it(folder: Path) -> None:
    before = Advisor(load(folder))
    path = folder / "topics" / "export.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "quiero exportar,", "quiero exportar, permiso para drones, volar drones,"
    )
    path.write_text(text, encoding="utf-8")
    rows = [
        logged(asked("quiero volar drones", id="r1")),
        logged(asked("necesito un crédito", id="r2")),
    ]
    changed = compare(before, Advisor(load(folder)), rows, day=NOON.date())
    assert [(change.logged.id, change.topics) for change in changed.newly_answered] == [("r1", ("export",))]
    assert (changed.no_longer_answered, changed.changed, changed.same) == ([], [], 1)
    assert (changed.asked, changed.different) == (2, 1)


def test_other_links_for_the_same_topic_are_a_difference(folder: Path) -> None:
    before = Advisor(load(folder))
    path = folder / "resources" / "global.yaml"
    text = path.read_text(encoding="utf-8").replace("[export, loans, invoicing]", "[export, invoicing]")
    path.write_text(text, encoding="utf-8")
    loan = asked("necesito un crédito", id="r1", country="UY")
    rows = [logged(loan), logged(asked("quién ganó el partido", id="r2"))]
    changed = compare(before, Advisor(load(folder)), rows, day=NOON.date())
    [change] = changed.other_links
    assert change.logged.id == "r1"
    assert change.logged.resources == ("uy-credito", "uy-credito-mujeres", "guia-global")
    assert change.resources == ("uy-credito", "uy-credito-mujeres", "red-regional")
    assert (changed.different, changed.same) == (1, 1)


def test_the_effect_of_a_draft_is_told_without_publishing_it(folder: Path) -> None:
    drafts, before = Drafts(folder), Advisor(load(folder))
    gone = "guia-global"
    before.demote({gone})
    draft = drafts.draft_wording("export", "es", "volar drones", by="eda", at=NOON)
    built: list[Advisor] = []

    @contextmanager
    def trial(place: Path) -> Iterator[Advisor]:
        assert place != folder
        built.append(Advisor(load(place)))
        yield built[0]

    questions = [logged(asked("quiero volar drones", id="r1"))]
    found = effect(draft.id, drafts, questions, before=before, trial=trial, day=NOON.date())
    assert [change.logged.id for change in found.newly_answered] == ["r1"]
    assert "volar drones" not in (folder / "topics/export.yaml").read_text(encoding="utf-8")
    assert not built[0].knowledge.folder.exists()
    assert built[0].demoted == {gone}
