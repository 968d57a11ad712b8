"""The queue and one case: who waits, what the staff do, and what happens to the second of two."""

import datetime
import re

import httpx
import pytest
from asked import case, question
from office import NOON, Office

from bot.console import queue


def found(text: str) -> list[str]:
    return re.findall(r'href="/cases/(\w+)"', text)


async def act(office: Office, browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """Send a form of the case's page as it was seen at first, unless the test says otherwise."""
    return await browser.post(path, data={"csrf": office.csrf(browser), "seen": "0", **fields})


async def steps(office: Office, id: str = "c1") -> list[tuple[str, str, str | None]]:
    async with office.store.reading() as now:
        return [(step.who, step.what, step.text) for step in await now.steps(id)]


@pytest.fixture
async def one(office: Office) -> Office:
    """An office with one case of ana, who writes Spanish from a terminal."""
    await question(
        office.store, "q1", "mi tel es 099 123 456, ¿cómo facturo?", channel="terminal", country="UY"
    )
    await case(office.store, "c1", "q1")
    return office


@pytest.fixture
async def several(office: Office) -> Office:
    for number in range(1, 6):
        await question(office.store, f"q{number}", country="UY" if number % 2 else "AR", topics=("loans",))
    yesterday = NOON.date() - datetime.timedelta(days=1)
    await case(office.store, "c1", "q1", ago=5, promised=yesterday)
    await case(office.store, "c2", "q2", ago=4, state="assigned", assigned_to="abel", promised=NOON.date())
    await case(office.store, "c3", "q3", ago=3, state="answered", assigned_to="eda", promised=yesterday)
    await case(office.store, "c4", "q4", ago=2, state="closed", reason="feedback")
    await case(office.store, "c5", "q5", ago=1, reason="sensitive")
    return office


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ("", ["c1", "c2"]),
        ("view=mine", ["c2"]),
        ("view=overdue", ["c1"]),
        ("view=open", ["c1"]),
        ("view=answered", ["c3"]),
        ("view=closed", ["c4"]),
        ("view=nothing", ["c1", "c2"]),
        ("country=AR", ["c2"]),
        ("country=AR&view=closed&reason=feedback", ["c4"]),
        ("language=pt", []),
        ("assigned=nobody", ["c1"]),
        ("assigned=abel", ["c2"]),
    ],
)
async def test_the_queue_shows_who_waits_longest_first(
    filter: str, expected: list[str], several: Office
) -> None:
    browser = await several.signed_in("abel")
    assert found((await browser.get(f"/queue?{filter}")).text) == expected


async def test_the_queue_counts_each_kind(several: Office) -> None:
    browser = await several.signed_in("abel")
    counts = re.findall(r">([A-Z][\w ]+) <b>(\d+)</b>", (await browser.get("/queue")).text)
    assert counts[0] == ("To answer", "2")
    ones = ["Mine", "Overdue", "Open", "In hand", "Answered", "Closed"]
    assert counts[1:] == [(name, "1") for name in ones]


async def test_sensitive_cases_are_for_those_named(several: Office) -> None:
    """The others neither see nor count them, and cannot open or act on them."""
    for id, listed, status in (("abel", False, 403), ("eda", False, 403), ("rosa", True, 200)):
        browser = await several.signed_in(id)
        assert ("c5" in found((await browser.get("/queue")).text)) is listed
        assert (await browser.get("/cases/c5")).status_code == status
    abel = await several.signed_in("abel")
    assert (await act(several, abel, "/cases/c5/take")).status_code == 403
    assert await steps(several, "c5") == [("person", "opened", None)]


async def test_the_queue_goes_on_page_by_page(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "A_PAGE", 2)
    await question(office.store, "q1")
    for number in range(5):
        await case(office.store, f"c{number}", "q1", ago=9)
    browser, address, seen = await office.signed_in("abel"), "/queue", []
    while address:
        text = (await browser.get(address)).text
        seen.append(found(text))
        later = re.search(r'href="([^"]+)" rel="next"', text)
        address = later[1].replace("&amp;", "&") if later else ""
    assert seen == [["c0", "c1"], ["c2", "c3"], ["c4"]]


async def test_a_viewer_sees_the_queue_masked_and_no_case(one: Office) -> None:
    browser = await one.signed_in("vera")
    text = (await browser.get("/queue")).text
    assert "[number]" in text
    assert "099 123 456" not in text
    assert (await browser.get("/cases/c1")).status_code == 403


async def test_a_case_shows_all_and_leaves_a_trace(one: Office) -> None:
    browser = await one.signed_in("abel")
    assert "099 123 456" in (await browser.get("/cases/c1")).text
    async with one.store.reading() as now:
        [entry] = await now.audit(person="ana", limit=5)
    assert (entry.staff, entry.what, entry.subject) == ("abel", "case.seen", "c1")


async def test_a_reply_is_stored_and_the_case_answered(one: Office) -> None:
    browser = await one.signed_in("abel")
    sent = await act(one, browser, "/cases/c1/reply", act="send", text="Te paso la guía.")
    assert sent.headers["location"] == "/cases/c1?said=case.reply"
    assert (await steps(one))[-1] == ("Abel Example", "reply", "Te paso la guía.")
    page = (await browser.get(sent.headers["location"])).text
    assert "Reply sent." in page
    assert "Te paso la guía." in page
    async with one.store.reading() as now:
        assert [row.state for row in await now.cases()] == ["answered"]
        assert [row.what for row in await now.audit(staff="abel", limit=9)][1] == "case.reply"


async def test_of_two_who_answer_one_wins_and_the_other_is_told(one: Office) -> None:
    """The second loses nothing: who was first and what they wrote is shown, and so is the own text."""
    abel, eda = await one.signed_in("abel"), await one.signed_in("eda")
    first = await act(one, eda, "/cases/c1/reply", act="send", text="Lo hace la DGI.")
    second = await act(one, abel, "/cases/c1/reply", act="send", text="Mira la <guía>.")
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Somebody was first." in second.text
    assert "Eda Example: Replied" in second.text
    assert "Lo hace la DGI." in second.text
    assert "Mira la &lt;guía&gt;.</textarea>" in second.text
    assert [what for _, what, _ in await steps(one)] == ["opened", "reply"]
    # With what is there now in view, the second may go on.
    again = re.search(r'name="seen" value="(\d+)"', second.text)
    assert again is not None
    sent = await act(one, abel, "/cases/c1/reply", act="send", text="Y también…", seen=again[1])
    assert sent.status_code == 303


async def test_the_last_reply_is_corrected_and_the_old_words_stay(one: Office) -> None:
    browser = await one.signed_in("abel")
    await act(one, browser, "/cases/c1/reply", act="send", text="Ven el lunes.")
    page = (await browser.get("/cases/c1")).text
    step = re.search(r'name="step" value="(\d+)"', page)
    assert step is not None
    assert "Ven el lunes.</textarea>" in page
    done = await act(one, browser, "/cases/c1/correct", step=step[1], correction="Ven el martes.")
    assert done.headers["location"] == "/cases/c1?said=case.correct"
    assert [(what, text) for _, what, text in await steps(one)][1:] == [
        ("reply", "Ven el lunes."),
        ("edited", "Ven el martes."),
    ]
    page = (await browser.get("/cases/c1")).text
    assert '<p class="bubble">Ven el martes.</p>' in page
    assert "Ven el martes.</textarea>" in page
    async with one.store.reading() as now:
        assert "case.correct" in [row.what for row in await now.audit(staff="abel", limit=9)]


async def test_only_the_reply_that_was_shown_last_is_corrected(one: Office) -> None:
    """A reply that came since is somebody's: nothing is changed, and what was typed is kept."""
    browser = await one.signed_in("abel")
    await act(one, browser, "/cases/c1/reply", act="send", text="Ven el lunes.")
    told = await act(one, browser, "/cases/c1/correct", step="1", correction="Ven el martes.")
    assert told.status_code == 409
    assert "cannot be changed any more" in told.text
    assert "Ven el martes.</textarea>" in told.text
    empty = await act(one, browser, "/cases/c1/correct", step="2", correction=" ")
    assert (empty.status_code, "There is no text." in empty.text) == (400, True)
    assert [what for _, what, _ in await steps(one)] == ["opened", "reply"]


async def test_a_reply_of_another_is_corrected_by_editors_alone(one: Office) -> None:
    eda, abel = await one.signed_in("eda"), await one.signed_in("abel")
    await act(one, eda, "/cases/c1/reply", act="send", text="Ven el lunes.")
    assert 'name="correction"' not in (await abel.get("/cases/c1")).text
    fields = {"step": "2", "correction": "Ven el martes."}
    assert (await act(one, abel, "/cases/c1/correct", **fields)).status_code == 403
    rosa = await one.signed_in("rosa")
    assert (await act(one, rosa, "/cases/c1/correct", **fields)).status_code == 303


async def test_a_draft_is_made_of_what_a_reply_says_now(one: Office) -> None:
    browser = await one.signed_in("eda")
    await act(one, browser, "/cases/c1/reply", act="send", text="Mira https://example.org/antes")
    await act(one, browser, "/cases/c1/correct", step="2", correction="Mira https://example.org/ahora")
    made = await act(one, browser, "/cases/c1/draft", topic="invoicing", title="Guía", seen="1")
    page = (await browser.get(made.headers["location"])).text
    assert "https://example.org/ahora" in page
    assert "https://example.org/antes" not in page


async def test_only_one_takes_a_case(one: Office) -> None:
    abel, eda = await one.signed_in("abel"), await one.signed_in("eda")
    assert (await act(one, abel, "/cases/c1/take")).status_code == 303
    told = await act(one, eda, "/cases/c1/take")
    assert told.status_code == 409
    assert "Abel Example: Taken" in told.text


async def test_a_case_goes_through_every_hand(one: Office) -> None:
    abel, eda = await one.signed_in("abel"), await one.signed_in("eda")
    for browser, path, fields in (
        (abel, "take", {}),
        (abel, "note", {"note": "llamar el lunes"}),
        (abel, "reassign", {"to": "eda"}),
        (eda, "release", {}),
        (eda, "close", {"outcome": "referred"}),
        (eda, "reopen", {}),
    ):
        page = (await browser.get("/cases/c1")).text
        seen = re.search(r'name="seen" value="(\d+)"', page)
        assert seen is not None
        done = await act(one, browser, f"/cases/c1/{path}", seen=seen[1], **fields)
        assert done.status_code == 303, path
    assert [(who, what) for who, what, _ in await steps(one)] == [
        ("person", "opened"),
        ("Abel Example", "taken"),
        ("Abel Example", "note"),
        ("Abel Example", "reassigned"),
        ("Eda Example", "released"),
        ("Eda Example", "closed"),
        ("Eda Example", "reopened"),
    ]


async def test_a_preview_sends_nothing_and_keeps_the_text(one: Office) -> None:
    browser = await one.signed_in("abel")
    page = await act(one, browser, "/cases/c1/reply", act="preview", text="Primera línea\nSegunda")
    assert page.status_code == 200
    assert 'class="preview"' in page.text
    assert "Primera línea\nSegunda</textarea>" in page.text
    assert [what for _, what, _ in await steps(one)] == ["opened"]


async def test_a_resource_is_found_and_put_into_the_text(one: Office) -> None:
    browser = await one.signed_in("abel")
    resource = next(each for each in one.house.knowledge().resources.values() if each.status == "published")
    word = resource.organisation.split()[0]
    page = await act(one, browser, "/cases/c1/reply", act="look", words=word, text="Hola.")
    assert f'value="resource:{resource.id}"' in page.text
    assert "Hola.</textarea>" in page.text
    page = await act(one, browser, "/cases/c1/reply", act=f"resource:{resource.id}", text="Hola.")
    assert (
        f"Hola.\n\n{next(iter(resource.title.values()))} ({resource.organisation}): {resource.url}</textarea>"
        in page.text
    )


async def test_a_reply_becomes_a_draft_that_names_its_case(one: Office) -> None:
    browser = await one.signed_in("eda")
    assert (await act(one, browser, "/cases/c1/draft", topic="invoicing")).status_code == 404
    text = "Se hace en https://example.org/cae con tu clave."
    await act(one, browser, "/cases/c1/reply", act="send", text=text)
    made = await act(one, browser, "/cases/c1/draft", topic="invoicing", title="Pedir el CAE")
    page = (await browser.get(made.headers["location"])).text
    assert "https://example.org/cae" in page
    assert 'href="/cases/c1"' in page
    who, what, draft = (await steps(one))[-1]
    assert (who, what) == ("Eda Example", "draft")
    assert draft in made.headers["location"]


async def test_an_empty_reply_says_so(one: Office) -> None:
    browser = await one.signed_in("abel")
    refused = await act(one, browser, "/cases/c1/reply", act="send", text="  ")
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert [what for _, what, _ in await steps(one)] == ["opened"]


async def test_a_closed_case_wants_to_be_reopened_first(one: Office) -> None:
    abel, eda = await one.signed_in("abel"), await one.signed_in("eda")
    await act(one, eda, "/cases/c1/close", outcome="answered")
    told = await act(one, abel, "/cases/c1/reply", act="send", text="Tarde")
    assert told.status_code == 409
    assert "was closed" in told.text
    assert (await act(one, abel, "/cases/c1/reopen", seen="1")).status_code == 303


async def test_who_blocked_the_bot_is_marked(one: Office) -> None:
    async with one.store.transaction() as t:
        await t.mark_blocked("terminal", "chat-ana", NOON)
    browser = await one.signed_in("abel")
    assert "Blocked the bot" in (await browser.get("/cases/c1")).text


async def test_a_page_that_is_open_notices_changes(one: Office) -> None:
    browser = await one.signed_in("abel")
    before = (await browser.get("/cases/c1/changes")).json()["changes"]
    await act(one, browser, "/cases/c1/note", note="mañana")
    assert (await browser.get("/cases/c1/changes")).json()["changes"] > before


async def test_a_case_that_is_gone_is_not_here(office: Office) -> None:
    browser = await office.signed_in("abel")
    assert (await browser.get("/cases/c9")).status_code == 404
    assert (await act(office, browser, "/cases/c9/take")).status_code == 404
