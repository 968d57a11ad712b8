"""`ask`, `check`, `evaluate`."""

import json
from pathlib import Path

import pytest
from ran import Run

QUESTIONS = [
    {"id": "a", "text": "necesito un crédito", "profile": {"country": "UY"}},
    {"id": "b", "text": "hola", "language": "es", "profile": {"country": None, "audience": None}},
]


@pytest.fixture
def questions(tmp_path: Path) -> str:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in QUESTIONS), encoding="utf-8")
    return str(path)


def test_ask(run: Run) -> None:
    ran = run("ask", "necesito un crédito", "--country", "uy")
    assert (ran.code, ran.err) == (0, "")
    head, topic, first, address, *_ = ran.out.splitlines()
    assert head.startswith("answer · es · UY · ")
    assert topic == "Créditos"
    assert first.startswith("  1. Crédito ")
    assert address.strip().startswith("https://example.org/uy/")
    assert ran.out.count("https://") == 3


def test_ask_speaks_the_language_of_the_question(run: Run) -> None:
    assert run("ask", "I want to export my products abroad").out.splitlines()[1] == "Exporting"


def test_ask_json(run: Run) -> None:
    ran = run(
        "ask", "necesito un crédito", "--country", "UY", "--audience", "women", "--language", "es", "--json"
    )
    told = json.loads(ran.out)
    assert (told["outcome"], told["country"], told["audience"], told["language"]) == (
        "answer",
        "UY",
        "women",
        "es",
    )
    assert told["resources"][0] == "uy-credito-mujeres"
    assert ran.code == 0


def test_ask_explain(run: Run) -> None:
    told = run("ask", "q necesito un prestamito en montevideo, Impulsa Seibo", "--explain").out
    for line in (
        "necesito un crédito en montevideo impulsa seibo",
        "clue       country UY: 'montevideo'",
        "name       'impulsa seibo' is 'impulsa ceibo'",
        "thresholds   answer 0.",
        "outcome      answer: confidence ",
        "candidates   confidence lexical semantic in-scope nearness",
        "loans                  1.00",
        "resources    score and what made it",
    ):
        assert line in told


def test_ask_json_and_explain_keep_the_json_readable(run: Run) -> None:
    ran = run("ask", "necesito un crédito", "--json", "--explain")
    assert ran.code in (0, 2)
    if ran.code == 0:
        assert json.loads(ran.out)["outcome"] == "answer"


def test_ask_another_folder(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_KNOWLEDGE__PATH", "nowhere")
    assert run("ask", "necesito un crédito", "--knowledge", str(folder)).out.startswith("answer")


@pytest.mark.parametrize("question", ["", "👍", "\x00", "<b>&", "'; DROP TABLE x;--", "-1", "a" * 100_000])
def test_ask_anything(run: Run, question: str) -> None:
    ran = run("ask", "--json", "--", question)
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["outcome"]


def test_batch(run: Run, questions: str) -> None:
    ran = run("ask", "--batch", questions, "--repeat", "2")
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert [(row["id"], row["outcome"]) for row in told] == [("a", "answer"), ("b", "smalltalk")]
    assert (ran.code, ran.err) == (0, "")


def test_batch_of_nothing_is_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n\n")
    ran = run("ask", "--batch", "none.jsonl")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_check(run: Run, folder: Path) -> None:
    ran = run("check")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == f"{folder}: 0 errors, 12 warnings, 0 addresses wanted"


def test_check_another_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other" / "topics").mkdir(parents=True)
    (tmp_path / "other" / "topics" / "a.yaml").write_text(
        "id: a\ngroup: g\ntitle: {es: A}\nphrases: {es: [b]}\n"
    )
    assert run("check", "other").out == "other: 0 errors, 0 warnings, 0 addresses wanted\n"


def test_check_with_an_error(run: Run, folder: Path) -> None:
    (folder / "topics" / "loans.yaml").write_text("id: loans\n")
    ran = run("check")
    assert ran.code == 1
    assert "topics/loans.yaml:1: group: field required" in ran.out
    errors = sum(line.startswith(("topics/", "resources/")) for line in ran.out.splitlines())
    assert ran.out.splitlines()[-1].startswith(f"{folder}: {errors} errors, 0 warnings")


def test_check_phrases(run: Run) -> None:
    ran = run("check", "--phrases")
    assert ran.code == 0
    assert "addresses wanted" in ran.out.splitlines()[-1]


@pytest.fixture
def labelled(tmp_path: Path) -> str:
    gold = {"language": "es", "country": "UY", "audience": None, "resources_any": ["uy-credito"]}
    rows = [
        {**QUESTIONS[0], "gold": {"outcome": "answer", "topics": ["loans"], **gold}, "tags": ["short"]},
        {**QUESTIONS[1], "gold": {"outcome": "smalltalk", "topics": [], **gold}, "tags": []},
    ]
    path = tmp_path / "labelled.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_evaluate(run: Run, labelled: str) -> None:
    ran = run("evaluate", labelled)
    assert (ran.code, ran.err) == (0, "")
    assert "all: top1 100.0 (n=1)" in ran.out
    assert "tag short: " in ran.out


def test_evaluate_json(run: Run, labelled: str) -> None:
    told = json.loads(run("evaluate", labelled, "--json").out)
    assert told["figures"]["all"]["right"] == [100.0, 1]
    assert told["misses"] == []


def test_evaluate_draws_a_diagram(run: Run, labelled: str, tmp_path: Path) -> None:
    assert run("evaluate", labelled, "--diagram", "curve.svg").code == 0
    assert (tmp_path / "curve.svg").read_text(encoding="utf-8").startswith("<svg")


def test_calibrate(run: Run, tmp_path: Path) -> None:
    gold = {"language": "es", "country": None, "audience": None, "resources_any": []}
    right = [
        ("necesito un crédito", "loans"),
        ("hacer una factura", "invoicing"),
        ("quiero exportar", "export"),
    ]
    rows = [
        *({"text": text, "gold": {"outcome": "answer", "topics": [topic], **gold}} for text, topic in right),
        {"text": "quién ganó el partido", "gold": {"outcome": "no_match", "topics": [], **gold}},
        {"text": "hola", "gold": {"outcome": "smalltalk", "topics": [], **gold}},
    ]
    lines = "".join(json.dumps({"id": n, **row}) + "\n" for n, row in enumerate(rows))
    (tmp_path / "q.jsonl").write_text(lines, encoding="utf-8")
    ran = run("calibrate", "q.jsonl", "--precision", "0.9")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("5 questions; curve: ")
    assert "all  threshold  answered  right" in ran.out
    assert "es   threshold  answered  right" in ran.out
    assert "for 90% right: advice.answer_threshold: 0." in ran.out
