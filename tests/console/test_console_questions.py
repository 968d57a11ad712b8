"""All questions: filtered, searched, page by page; nobody recognised in a list."""

import re

import pytest
from asked import question
from office import Office

from bot.console import questions
from bot.console.looking import Looked


def found(text: str) -> list[str]:
    return re.findall(r'href="/questions/(\w+)"', text)


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ("", ["q1", "q2", "q3"]),
        ("country=UY", ["q2"]),
        ("language=pt", ["q3"]),
        ("outcome=no_match", ["q2"]),
        ("topic=loans", ["q1"]),
        ("topic=loan", []),
        ("feedback=down", ["q3"]),
        ("audience=women", ["q1"]),
        ("resource=hn-sar", ["q3"]),
        ("since=2026-11-23", ["q1", "q2"]),
        ("until=2026-11-22", ["q3"]),
        ("country=UY&language=pt", []),
        ("country=XX&outcome=nothing&since=yesterday", ["q1", "q2", "q3"]),
        ("words=CREDITO+panad", ["q1"]),
        ("words=redito", []),
        ("words=credito&country=UY", []),
    ],
)
async def test_each_filter_keeps_what_fits(filter: str, expected: list[str], office: Office) -> None:
    await question(office.store, "q1", "Un crédito, para mi panadería", topics=("loans",), audience="women")
    await question(office.store, "q2", "¿qué es esto?", ago=2, country="UY", outcome="no_match")
    await question(
        office.store, "q3", "nota fiscal", ago=30, language="pt", feedback="down", resources=("hn-sar",)
    )
    browser = await office.signed_in("abel")
    assert found((await browser.get(f"/questions?{filter}")).text) == expected


async def test_pages_follow_each_other_without_a_gap(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where several were asked at the same moment, and one arrives in between."""
    monkeypatch.setattr(questions, "A_PAGE", 3)
    for number in range(8):
        await question(office.store, f"q{number}", ago=1 + number // 4)
    browser = await office.signed_in("abel")
    seen, address = [], "/questions"
    while address:
        text = (await browser.get(address)).text
        seen.append(found(text))
        older = re.search(r'href="([^"]+)" rel="next"', text)
        address = older[1].replace("&amp;", "&") if older else ""
        await question(office.store, f"new{len(seen)}", ago=0)
    assert seen == [["q3", "q2", "q1"], ["q0", "q7", "q6"], ["q5", "q4"]]


async def test_a_list_shows_nobody(office: Office) -> None:
    await question(office.store, "q1", "soy ana, mi correo es ana@example.org y mi tel 099 123 456")
    browser = await office.signed_in("vera")
    text = (await browser.get("/questions")).text
    assert "[e-mail]" in text
    assert "[number]" in text
    assert "p-ana" in text
    assert "ana@example.org" not in text


async def test_what_is_masked_is_not_found(office: Office) -> None:
    """Searching for a number would tell who asked."""
    await question(office.store, "q1", "llámame al 099 123 456 por favor")
    browser = await office.signed_in("abel")
    assert found((await browser.get("/questions?words=099")).text) == []
    assert found((await browser.get("/questions?words=llamame")).text) == ["q1"]


async def test_what_needs_care_is_kept_close(office: Office) -> None:
    """It is counted, but neither shown nor found; only those named for such cases read it."""
    await question(office.store, "q1", "words that need care", outcome="sensitive")
    for id, status in (("abel", 403), ("eda", 403), ("rosa", 200)):
        browser = await office.signed_in(id)
        for address in ("/questions", "/questions?words=care"):
            assert "need care" not in (await browser.get(address)).text
        assert (await browser.get("/questions/q1")).status_code == status


async def test_text_of_a_stranger_is_text(office: Office) -> None:
    await question(office.store, "q1", "<script>alert(1)</script>")
    browser = await office.signed_in("abel")
    for address in ("/questions", "/questions/q1", "/questions?words=%3Cscript%3E"):
        text = (await browser.get(address)).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text


async def test_reading_one_question_leaves_a_trace(office: Office) -> None:
    await question(office.store, "q1")
    browser = await office.signed_in("abel")
    assert "¿cómo facturo?" in (await browser.get("/questions/q1")).text
    async with office.store.reading() as now:
        [entry] = await now.audit(person="ana", limit=5)
    assert (entry.staff, entry.what, entry.subject) == ("abel", "question.seen", "q1")


async def test_an_unknown_question_is_not_here(office: Office) -> None:
    browser = await office.signed_in("abel")
    answer = await browser.get("/questions/nobody")
    assert answer.status_code == 404
    assert "It is not here" in answer.text


@pytest.mark.parametrize(
    ("words", "question", "fits"),
    [
        ("credito", "¿Crédito?", True),
        ("cred pan", "Mi PANADERÍA pide crédito", True),
        ("pan cred", "acreditar", False),
        ("", "anything", True),
        ("ñandu", "Ñandú", True),
    ],
)
def test_words_are_found_at_their_beginning(words: str, question: str, fits: bool) -> None:
    assert Looked(words).fits(question) is fits
