"""People, the trail and exports: pseudonyms, masked texts, and a trace of every look."""

import csv
import io
import re
import zipfile

import pytest
from asked import case, question
from office import Office


async def trail(office: Office) -> list[tuple[str, str, str | None]]:
    async with office.store.reading() as now:
        return [(row.staff, row.what, row.subject) for row in await now.audit(limit=20)]


async def test_a_person_is_shown_by_pseudonym_alone(office: Office) -> None:
    await question(office.store, "q1", "¿cómo exporto?")
    await case(office.store, "c1", "q1")
    browser = await office.signed_in("abel")
    text = (await browser.get("/people/p-ana")).text
    assert "¿cómo exporto?" in text
    assert 'href="/cases/c1"' in text
    assert "chat-ana" not in text
    assert (await trail(office))[0] == ("abel", "person.seen", "p-ana")
    assert (await browser.get("/people/p-nobody")).status_code == 404


async def test_what_needs_care_is_left_out_of_a_person(office: Office) -> None:
    await question(office.store, "q1", "words that need care", outcome="sensitive")
    await case(office.store, "c1", "q1", reason="sensitive")
    for id, seen in (("abel", False), ("rosa", True)):
        text = (await (await office.signed_in(id)).get("/people/p-ana")).text
        assert ("need care" in text) is seen
        assert ('href="/cases/c1"' in text) is seen


async def test_an_admin_bans_and_lets_back_in(office: Office) -> None:
    await question(office.store, "q1")
    browser = await office.signed_in("rosa")
    for banned in ("yes", "no"):
        fields = {"csrf": office.csrf(browser), "banned": banned}
        assert (await browser.post("/people/p-ana/ban", data=fields)).status_code == 303
        async with office.store.reading() as now:
            person = await now.person_by_id("ana")
        assert person is not None
        assert (person.banned_at is not None) is (banned == "yes")
    assert [what for _, what, _ in await trail(office)][:2] == ["person.allowed", "person.banned"]


async def test_the_trail_is_shown_to_admins(office: Office) -> None:
    await question(office.store, "q1")
    await (await office.signed_in("abel")).get("/questions/q1")
    browser = await office.signed_in("rosa")
    text = (await browser.get("/trail")).text
    assert "Saw a question" in text
    assert "Saw a question" not in (await browser.get("/trail?staff=eda")).text


async def test_a_new_role_ends_the_sessions_it_was_not_made_for(office: Office) -> None:
    abel, rosa = await office.signed_in("abel"), await office.signed_in("rosa")
    fields = {"csrf": office.csrf(rosa), "staff": "abel", "role": "viewer"}
    assert (await rosa.post("/trail/staff", data=fields)).headers["location"] == "/trail?said=staff_changed"
    assert (await abel.get("/queue")).headers["location"] == "/sign-in"
    abel = await office.signed_in("abel")
    assert (await abel.get("/questions/q1")).status_code == 403


async def test_nobody_changes_their_own_role(office: Office) -> None:
    rosa = await office.signed_in("rosa")
    fields = {"csrf": office.csrf(rosa), "staff": "rosa", "role": "viewer"}
    await rosa.post("/trail/staff", data=fields)
    assert (await rosa.get("/trail")).status_code == 200


async def test_questions_are_exported_masked_and_as_filtered(office: Office) -> None:
    await question(office.store, "q1", "=llámame al 099 123 456", country="UY")
    await question(office.store, "q2", "words that need care", outcome="sensitive", country="UY", ago=2)
    await question(office.store, "q3", country="AR")
    browser = await office.signed_in("abel")
    answer = await browser.get("/export/requests.csv?country=UY")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["id"], row["person"], row["question"]) for row in rows] == [
        ("q1", "p-ana", "'=llámame al [number]"),
        ("q2", "p-ana", "[sensitive]"),
    ]
    assert (await trail(office))[0] == ("abel", "requests.exported", "2")


async def test_cases_are_exported_without_those_kept_close(office: Office) -> None:
    await question(office.store, "q1")
    await case(office.store, "c1", "q1", state="closed")
    await case(office.store, "c2", "q1", reason="sensitive")
    browser = await office.signed_in("abel")
    answer = await browser.get("/export/cases.csv")
    assert re.findall(r"^\ufeff?(c\d)", answer.text, re.MULTILINE) == ["c1"]


async def test_a_workbook_is_a_workbook(office: Office) -> None:
    await question(office.store, "q1", "¿cómo facturo?")
    browser = await office.signed_in("abel")
    answer = await browser.get("/export/requests.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert "¿cómo facturo?" in book.read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize("format", ["pdf", "html"])
async def test_no_other_format_is_exported(format: str, office: Office) -> None:
    browser = await office.signed_in("abel")
    assert (await browser.get(f"/export/requests.{format}")).status_code == 404
