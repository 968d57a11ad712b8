"""Gaps: which questions count as unanswered, and which are alike."""

import datetime
import random
import time
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logged import NOON, asked, several
from needs import NEEDS

from bot.advice.knowledge import Knowledge
from bot.insight.asked import Outcomes
from bot.insight.gaps import gaps, unanswered

DRONES = ("permiso para volar drones", "¿qué permiso necesito para volar un drone?", "Permisos de drones")
HONEY = ("vender miel de abeja", "quiero vender miel de abejas en la feria")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"outcome": "no_match"}, "no_match"),
        ({"outcome": "clarify"}, "not_chosen"),
        ({"outcome": "clarify", "feedback": "none"}, "none_of_these"),
        ({"outcome": "no_match", "feedback": "none"}, "none_of_these"),
        ({"outcome": "answer", "feedback": "down"}, "not_helpful"),
        ({"outcome": "answer", "feedback": "up"}, None),
        ({"outcome": "answer"}, None),
        ({"outcome": "smalltalk"}, None),
        ({"outcome": "handoff"}, None),
        ({"outcome": "sensitive"}, None),
        ({"outcome": "no_match", "question": "", "kind": "photo"}, None),
        ({"outcome": "answer", "kind": "chosen", "feedback": "down"}, None),
    ],
)
def test_what_counts_as_unanswered(row: dict[str, str], why: str | None) -> None:
    assert [reason for _, reason in unanswered([asked(**{"question": "hola", **row})])] == [why] * bool(why)


def test_a_question_whose_words_were_let_go_of_is_counted_but_no_gap() -> None:
    row = asked("", person="p-nobody")
    assert Outcomes([row]).questions == [row]
    assert unanswered([row]) == []


def test_an_option_chosen_afterwards_is_an_answer() -> None:
    question = asked("mi marca", id="r1", outcome="clarify")
    chosen = asked("Mi marca", id="r2", outcome="answer", kind="chosen", time=NOON + datetime.timedelta(0, 9))
    assert unanswered([question, chosen]) == []
    assert Outcomes([question, chosen]).answered(question)


def test_a_choice_of_another_person_or_before_is_none() -> None:
    question = asked("mi marca", id="r1", outcome="clarify", person="p-eva")
    other = asked("mi marca", id="r2", outcome="answer", kind="chosen")
    before = asked(
        "mi marca",
        id="r3",
        person="p-eva",
        outcome="answer",
        kind="chosen",
        time=NOON - datetime.timedelta(1),
    )
    assert [row.id for row, _ in unanswered([question, other, before])] == ["r1"]


def test_what_is_known_not_to_be_ours_is_no_gap() -> None:
    rows = [asked("quién ganó", kind="sports"), asked("quién vende drones", kind=None)]
    assert [row.question for row, _ in unanswered(rows, out_of_scope=["sports"])] == ["quién vende drones"]


def test_ignored_wordings_never_return() -> None:
    rows = several(*DRONES)
    left = gaps(rows, ignored=["permiso para volar drones", "permisos de drones"])
    assert [group.wordings for group in left] == [(DRONES[1],)]


def test_alike_questions_are_one_group() -> None:
    found = gaps(several(*DRONES, *HONEY))
    assert [(group.count, group.people, set(group.wordings)) for group in found] == [
        (3, 3, set(DRONES)),
        (2, 2, set(HONEY)),
    ]
    assert found[0].requests == ("r2", "r1", "r0")
    assert (found[0].first, found[0].last) == (NOON, NOON + datetime.timedelta(minutes=2))


def test_the_same_words_are_counted_whatever_their_marks() -> None:
    (group,) = gaps(several("Drones", "¿drones?", "DRONES!!", "drones"))
    assert (group.count, group.reasons) == (4, {"no_match": 4})


def test_each_language_has_its_own_groups_and_countries_are_counted() -> None:
    rows = [
        *several(*DRONES, country="UY"),
        *several("permiso de drones", country="HN"),
        *several("permiso para drones", language="pt"),
    ]
    found = gaps(rows)
    assert [(group.language, group.countries) for group in found] == [
        ("es", {"UY": 3, "HN": 1}),
        ("pt", {"": 1}),
    ]
    assert [group.count for group in gaps(rows, country="HN")] == [1]
    assert [group.language for group in gaps(rows, language="pt")] == ["pt"]


def test_a_group_names_the_nearest_topic() -> None:
    rows = [
        asked(DRONES[0], id="a", candidates=(("licences", 0.4), ("export", 0.1))),
        asked(DRONES[2], id="b", candidates=(("licences", 0.2),)),
        asked(DRONES[1], id="c", candidates=(("export", 0.3),)),
    ]
    (group,) = gaps(rows)
    assert (group.topic, group.confidence) == ("licences", 0.2)
    (none,) = gaps([asked("xyz")])
    assert (none.topic, none.confidence) == (None, 0.0)


def test_names_are_masked() -> None:
    (group,) = gaps([asked("alquilo drones, escriban a ana@example.org")])
    assert group.name == "alquilo drones, escriban a [e-mail]"
    assert "example.org" not in str(group.as_data())


@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(shuffler: random.Random) -> None:
    rows = several(*DRONES, *HONEY, "drones de miel", "permiso", "miel")
    mixed = list(rows)
    shuffler.shuffle(mixed)
    assert [(group.id, group.count) for group in gaps(mixed)] == [
        (group.id, group.count) for group in gaps(rows)
    ]


def test_a_group_keeps_its_id_while_it_grows() -> None:
    before, after = gaps(several(*DRONES)), gaps(several(*DRONES, DRONES[0], DRONES[0]))
    assert before[0].id == after[0].id


@settings(max_examples=30)
@given(st.lists(st.text(max_size=30), max_size=12))
def test_every_unanswered_question_is_in_exactly_one_group(questions: list[str]) -> None:
    rows = several(*questions)
    grouped = [id for group in gaps(rows) for id in group.requests]
    assert sorted(grouped) == sorted(row.id for row, _ in unanswered(rows))


def test_meaning_joins_what_words_do_not() -> None:
    questions = ("alquiler de carpas", "toldos para fiestas", "semillas de soja", "semillas de trigo duro")
    tents, seeds = np.eye(4, dtype=np.float32)[0], np.eye(4, dtype=np.float32)[1]
    vectors = dict(zip(questions, (tents, tents, seeds, seeds), strict=True))
    assert sorted(group.count for group in gaps(several(*questions), read=lambda _: vectors)) == [2, 2]
    assert sorted(group.count for group in gaps(several(*questions[:2]))) == [1, 1]


def test_ten_thousand_questions_take_seconds() -> None:
    """Every word is drawn from 2,000: more variety than people have, in one language."""
    drawn = random.Random(7)  # noqa: S311
    vocabulary = ["".join(drawn.choices("aeioulnrstcdmp", k=drawn.randint(3, 9))) for _ in range(2000)]
    needs = [drawn.choices(vocabulary, k=5) for _ in range(1500)]
    rows = several(*(" ".join(drawn.sample(drawn.choice(needs), k=4)) for _ in range(10_000)))
    began = time.process_time()
    found = gaps(rows)
    assert time.process_time() - began < 20
    assert sum(group.count for group in found) == 10_000
    assert len(found) < 3000


def test_a_group_holds_one_need(shipped: Knowledge) -> None:
    """Among phrases of other topics, most pairs in a group belong together, and a fair share is found."""
    needs = {question: n for n, need in enumerate(NEEDS) for question in need}
    others = [text for topic in shipped.topics.values() for text in topic.phrases["es"][::7]]
    group_of = {
        wording: group.id
        for group in gaps(several(*needs, *others))
        for wording in group.wordings
        if wording in needs or wording in others
    }
    together = right = belong = 0
    for one, other in combinations([*needs, *others], 2):
        if one in needs or other in needs:
            alike = needs.get(one, -1) == needs.get(other, -2)
            grouped = group_of.get(one, one) == group_of.get(other, other)
            belong, together, right = belong + alike, together + grouped, right + (alike and grouped)
    assert right / together > 0.6
    assert right / belong > 0.2


def test_a_group_is_called_by_its_shortest_saying() -> None:
    (group,) = gaps(several("hola, permiso para drones por favor", "permiso para drones, mi cel 099 123 456",
                            "permiso para drones"))  # fmt: skip
    assert group.name == "permiso para drones"
