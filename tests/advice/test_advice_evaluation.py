"""The figures, against a list of outcomes computed by hand."""

import datetime
from pathlib import Path
from typing import Any

import pytest
import tiny_knowledge
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.advice import Advice, Answer, Candidate, Clarify, NoMatch, Smalltalk
from bot.advice.advisor import Advisor
from bot.advice.evaluation import Outcome, area_under_curve, evaluate, figures_of, misplaced_phrases
from bot.advice.knowledge import load
from bot.advice.setting import Setting


def row(outcome: str = "answer", topics: tuple[str, ...] = ("loans",), **values: Any) -> dict[str, Any]:
    gold = {
        "outcome": outcome,
        "topics": list(topics),
        "language": "es",
        "country": "UY",
        "audience": None,
        "resources_any": [],
        **values,
    }
    return {"id": "x", "text": "x", "gold": gold, "tags": gold.pop("tags", [])}


def answer(topic: str, *resources: str, topics: tuple[str, ...] = (), **values: Any) -> Answer:
    candidates = (Candidate(topic, 0.9), Candidate("second", 0.1), Candidate("third", 0.05))
    given = {"setting": Setting("es", "UY"), "candidates": candidates, "confidence": 0.9, **values}
    return Answer(**given, topics=topics or (topic,), resources=resources)


HERE = Setting("es", "UY")
UNSURE = (Candidate("grants", 0.3), Candidate("loans", 0.2))


def outcomes(*pairs: tuple[dict[str, Any], Advice]) -> list[Outcome]:
    return [Outcome(asked, advice, ms=float(n)) for n, (asked, advice) in enumerate(pairs, start=1)]


MADE_UP = outcomes(
    (row(resources_any=["a"]), answer("loans", "x", "y", "a", "b")),  # right, with a fitting resource
    (row(resources_any=["b"]), answer("loans", "x", "y", "z", "b")),  # right, the fitting one only fourth
    (row(resources_any=["a"]), answer("grants", "a")),  # another topic, but a fitting resource
    (row(), answer("grants", "x", setting=Setting("en", "HN", "women"))),  # wrong
    (row(), Clarify(HERE, UNSURE, 0.3, options=("grants", "loans"))),  # the right topic offered
    (row(), Clarify(HERE, UNSURE[:1], 0.3, options=("grants", "export"))),  # not offered
    (row(), NoMatch(HERE)),  # nothing at all
    (
        row(topics=("loans", "second"), tags=["multi"]),
        answer("loans", topics=("loans", "second")),
    ),  # both needs
    (row(topics=("loans", "second"), tags=["multi"]), answer("loans")),  # one of two needs
    (row("no_match", ()), NoMatch(HERE)),
    (row("no_match", ()), answer("loans", confidence=0.95)),  # a false answer
    (row("clarify", ("loans", "grants")), Clarify(HERE, options=("loans", "grants"))),
    (row("clarify", ("loans", "grants")), answer("grants")),  # answered right: as good
    (row("clarify", ("loans", "grants")), NoMatch(HERE)),
    (row("smalltalk", ()), Smalltalk(HERE, kind="greeting")),
)


@pytest.mark.parametrize(
    ("name", "hits", "count"),
    [
        ("right", 4, 9),
        ("helped", 6, 9),
        ("wrong", 1, 9),
        ("top1", 4, 9),
        ("top3", 5, 9),
        ("resources@3", 2, 3),
        ("multi", 1, 2),
        ("false answer", 1, 2),
        ("clarify", 2, 3),
        ("smalltalk", 1, 1),
        ("country", 11, 12),
        ("language", 11, 12),
        ("audience", 11, 12),
    ],
)
def test_a_figure_is_a_share_in_per_cent(name: str, hits: int, count: int) -> None:
    assert figures_of(MADE_UP)[name] == (pytest.approx(100 * hits / count), count)


def test_the_median_time() -> None:
    assert figures_of(MADE_UP)["ms p50"] == (8.0, 15)


def test_auroc_compares_what_is_in_scope_with_what_is_not() -> None:
    inside = [0.9, 0.9, 0.9, 0.9, 0.3, 0.3, 0.0, 0.9, 0.9]
    assert figures_of(MADE_UP)["auroc"][0] == pytest.approx(100 * area_under_curve(inside, [0.0, 0.95]))
    assert area_under_curve(inside, [0.0, 0.95]) == pytest.approx((8 + 0.5) / 18)


def test_nothing_counted_is_no_figure() -> None:
    assert figures_of([]) == {}
    assert set(figures_of(MADE_UP[-1:])) == {"smalltalk", "ms p50"}


SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=12)


@given(SCORES, SCORES)
def test_area_under_curve_is_the_share_of_pairs_in_order(inside: list[float], outside: list[float]) -> None:
    pairs = [(a > b) + (a == b) / 2 for a in inside for b in outside]
    assert area_under_curve(inside, outside) == pytest.approx(sum(pairs) / len(pairs))


def labelled(id: str, text: str, *, tags: tuple[str, ...] = (), **gold: Any) -> dict[str, Any]:
    return {**row(**gold), "id": id, "text": text, "tags": list(tags), "profile": {"country": "UY"}}


def test_a_report(tiny_advisor: Advisor, day: datetime.date) -> None:
    rows = [
        labelled("q1", "necesito un crédito", tags=("short",), resources_any=["uy-credito"]),
        labelled("q2", "cómo hago una factura electrónica", topics=("loans",)),
        labelled("q3", "quién ganó el partido", outcome="no_match", topics=()),
        labelled("q4", "hola", outcome="smalltalk", topics=()),
    ]
    report = evaluate(tiny_advisor, rows, day=day)
    assert report.figures["all"]["right"] == (50.0, 2)
    assert report.figures["all"]["false answer"] == (0.0, 1)
    assert report.figures["tag short"]["resources@3"] == (100.0, 1)
    assert report.figures["language es"]["smalltalk"] == (100.0, 1)
    assert report.per_topic == {"loans": (50.0, 2)}
    assert report.confusions == [("loans", "invoicing", 1)]
    assert report.misses == ["q2 answer"]
    assert sum(count for _, _, count in report.reliability) == 3
    assert "loans -> invoicing 1" in report.as_text()
    assert report.as_data()["misses"] == ["q2 answer"]


def test_a_misplaced_phrase_is_found(tmp_path: Path) -> None:
    folder = tiny_knowledge.write(tmp_path)
    many = ", ".join(f"cómo hago una factura número {n}" for n in range(20))
    file = folder / "topics" / "invoicing.yaml"
    file.write_text(file.read_text().replace("emitir facturas,", f"emitir facturas, {many},"))
    file = folder / "topics" / "export.yaml"
    file.write_text(
        file.read_text().replace("quiero exportar,", "quiero exportar, cómo hago una factura ahora,")
    )
    found = misplaced_phrases(load(folder))
    told = [str(problem) for problem in found]
    line = tiny_knowledge.line_of("topics/export.yaml", "quiero exportar")
    said = "phrase 'cómo hago una factura ahora' of export wins for invoicing"
    assert f"topics/export.yaml:{line}: warning: {said}" in told
    assert {problem.severity for problem in found} == {"warning"}
