"""Signing in: one link, once, in time; sessions that end; nobody else's forms, hosts and frames."""

import re
import sqlite3
from pathlib import Path

import pytest
from office import STAFF, Office, enter

from bot.console.headers import POLICY
from bot.console.pace import Pace
from bot.console.site import PAGES, Action
from bot.console.tokens import Tokens
from bot.store import Store


async def test_a_link_signs_in_once(office: Office) -> None:
    link = await office.link("abel")
    assert (await enter(office.browser(), link)).status_code == 303
    assert (await enter(office.browser(), link)).status_code == 403


async def test_looking_at_a_link_does_not_use_it_up(office: Office) -> None:
    """A program that fetches links for a preview leaves it for the person."""
    link = await office.link("abel")
    seen = await office.browser().get(link)
    assert seen.status_code == 200
    assert "set-cookie" not in seen.headers
    assert (await enter(office.browser(), link)).status_code == 303


async def test_a_link_is_good_for_fifteen_minutes(office: Office) -> None:
    early, late = await office.link("abel"), await office.link("abel")
    office.clock.pass_by(minutes=14)
    assert (await enter(office.browser(), early)).status_code == 303
    office.clock.pass_by(minutes=2)
    assert (await enter(office.browser(), late)).status_code == 403


async def test_who_left_the_staff_has_no_link_and_no_session(office: Office) -> None:
    link = await office.link("abel")
    browser = await office.signed_in("abel")
    async with office.store.transaction() as t:
        await t.set_staff("abel", active=False)
    assert (await enter(office.browser(), link)).status_code == 403
    assert (await browser.get("/questions")).headers["location"] == "/sign-in"


async def test_nothing_kept_signs_in(tmp_path: Path, office: Office) -> None:
    """Neither the token of a link nor that of a session is in the database."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    async with store.transaction() as t:
        await t.add_staff(STAFF["abel"])
    tokens = Tokens(b"another secret that is long enough to be")
    assert tokens.kept("x") != office.house.tokens.kept("x")
    there = Office(
        office.house.__class__(**{**vars(office.house), "store": store, "tokens": tokens}), office.clock
    )
    link = await there.link("abel")
    browser = there.browser()
    await enter(browser, link)
    await store.close()
    held = "\n".join(sqlite3.connect(tmp_path / "bot.db").iterdump())
    assert link.partition("token=")[2] not in held
    assert browser.cookies["session"] not in held
    assert tokens.kept(browser.cookies["session"]) in held


async def test_a_session_in_use_lives_on_and_an_idle_one_ends(office: Office) -> None:
    browser = await office.signed_in("abel")
    for _ in range(3):
        office.clock.pass_by(hours=8)
        assert (await browser.get("/questions")).status_code == 200
    office.clock.pass_by(hours=12)
    assert (await browser.get("/questions")).headers["location"] == "/sign-in"


async def test_signing_out_ends_the_session_in_the_store_too(office: Office) -> None:
    browser = await office.signed_in("abel")
    stolen = browser.cookies["session"]
    left = await browser.post("/sign-out", data={"csrf": office.csrf(browser)})
    assert left.headers["location"].startswith("/sign-in")
    other = office.browser()
    other.cookies.set("session", stolen, domain="127.0.0.1")
    assert (await other.get("/questions")).headers["location"] == "/sign-in"


async def test_a_cookie_is_out_of_reach(office: Office) -> None:
    """No script reads it, no other site sends it; over https under a name only it may set."""
    entered = await enter(office.browser(), await office.link("abel"))
    assert re.match(r"session=\S+; HttpOnly; .*SameSite=lax$", entered.headers["set-cookie"])
    far = office.with_address("https://console.example.org")
    entered = await enter(far.browser(), await far.link("abel"))
    assert re.match(r"__Host-session=\S+; HttpOnly; .*SameSite=lax; Secure$", entered.headers["set-cookie"])


@pytest.mark.parametrize("page", [page for page in PAGES if page.role], ids=lambda page: page.path)
async def test_a_page_wants_its_role(page: object, office: Office) -> None:
    """Nobody gets in without a session, and nobody below the role."""
    path = re.sub(r"\{.*?\}", "x", page.path)
    method = "POST" if isinstance(page, Action) else "GET"
    refused = await office.browser().request(method, path)
    assert (refused.status_code, refused.headers["location"]) == (303, "/sign-in")
    below = {"viewer": None, "agent": "vera", "editor": "abel", "admin": "eda"}[page.role]
    if below:
        browser = await office.signed_in(below)
        answer = await browser.request(method, path, data={"csrf": office.csrf(browser)})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "page", [page for page in PAGES if isinstance(page, Action) and page.role], ids=lambda page: page.path
)
async def test_an_action_wants_its_own_form(page: Action, office: Office) -> None:
    path = re.sub(r"\{.*?\}", "x", page.path)
    browser = await office.signed_in("rosa")
    for fields in ({}, {"csrf": office.house.tokens.for_forms("another session")}):
        assert (await browser.post(path, data=fields)).status_code == 403


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:9999"])
async def test_a_form_of_another_site_is_refused(origin: str, office: Office) -> None:
    link = await office.link("abel")
    data = {"token": link.partition("token=")[2]}
    refused = await office.browser().post("/sign-in", data=data, headers={"origin": origin})
    assert refused.status_code == 403
    own = await office.browser().post("/sign-in", data=data, headers={"origin": "http://127.0.0.1:8080"})
    assert own.status_code == 303


async def test_another_name_of_this_machine_is_refused(office: Office) -> None:
    answer = await office.browser(address="http://rebound.example:8080").get("/sign-in")
    assert answer.status_code == 400


async def test_guessing_links_is_slowed_down_for_each_address(office: Office) -> None:
    guesser = office.browser(client=("192.0.2.7", 1))
    answers = [(await enter(guesser, "token=guess")).status_code for _ in range(11)]
    assert answers == [403] * 10 + [429]
    link = await office.link("abel")
    assert (await enter(guesser, link)).status_code == 429
    assert (await enter(office.browser(), link)).status_code == 303


def test_pace_lets_through_again_later() -> None:
    pace = Pace(times=2, seconds=60)
    for at in (0, 1):
        assert pace.allows("a", at)
        pace.missed("a", at)
    assert [at for at in (2, 59, 60, 61) if pace.allows("a", at)] == [60, 61]
    assert pace.allows("b", 2)


async def test_signing_in_rightly_is_never_slowed_down(office: Office) -> None:
    """A whole office may share one address."""
    for _ in range(12):
        await office.signed_in("abel")


@pytest.mark.parametrize("path", ["/sign-in", "/questions", "/nowhere", "/static/console.css"])
async def test_every_answer_says_what_a_page_may_do(path: str, office: Office) -> None:
    browser = await office.signed_in("abel")
    answer = await browser.get(path)
    assert answer.headers["content-security-policy"] == POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert "unsafe" not in POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["permissions-policy"]
    kept = answer.headers["cache-control"]
    assert kept == "no-store" if "static" not in path else "immutable" in kept


@pytest.mark.parametrize("template", ["door.html", "questions.html"])
async def test_pages_hold_no_inline_script_or_style(template: str, office: Office) -> None:
    """The policy forbids them, so that text of a stranger can never become one."""
    browser = await office.signed_in("abel")
    text = (await browser.get("/sign-in" if template == "door.html" else "/questions")).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text)


@pytest.mark.parametrize(
    "back", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", ""]
)
async def test_going_back_never_leads_elsewhere(back: str, office: Office) -> None:
    answer = await office.browser().post("/preferences", data={"language": "pt", "back": back})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("wished", "spoken"), [("pt-BR,pt;q=0.9", "pt"), ("de,en;q=0.5", "en"), ("de", "es"), ("", "es")]
)
async def test_the_door_speaks_the_language_of_the_browser(wished: str, spoken: str, office: Office) -> None:
    text = (await office.browser().get("/sign-in", headers={"accept-language": wished})).text
    assert f'<html lang="{spoken}"' in text


async def test_a_language_chosen_is_kept(office: Office) -> None:
    browser = await office.signed_in("abel")
    assert '<html lang="en"' in (await browser.get("/questions")).text
    await browser.post("/preferences", data={"language": "pt", "back": "/questions"})
    await browser.post("/preferences", data={"theme": "dark", "back": "/questions"})
    assert '<html lang="pt" data-theme="dark"' in (await browser.get("/questions")).text


async def test_signing_in_and_out_leave_a_trace(office: Office) -> None:
    browser = await office.signed_in("abel")
    await browser.post("/sign-out", data={"csrf": office.csrf(browser)})
    async with office.store.reading() as now:
        trail = await now.audit(limit=10)
    assert [(row.staff, row.what) for row in trail] == [("abel", "signed_out"), ("abel", "signed_in")]


def test_every_role_of_the_tests_is_one() -> None:
    assert sorted(member.role for member in STAFF.values()) == ["admin", "agent", "editor", "viewer"]
