"""Staff, cases and news from the command line."""

from pathlib import Path

import pytest
from ran import Ran, Run

pytestmark = pytest.mark.usefixtures("filled")


def hired(run: Run, name: str = "Mia Ejemplo", number: str = "21", *more: str) -> Ran:
    return run("staff", "add", name, number, *more)


def test_added_listed_and_removed(run: Run) -> None:
    assert hired(run).out == "Mia Ejemplo is on the staff as mia-ejemplo (agent)\n"
    assert run("staff", "list").out.splitlines()[1].split()[:3] == ["mia-ejemplo", "Mia", "Ejemplo"]
    assert run("staff", "remove", "mia-ejemplo").code == 0
    assert len(run("staff", "list").out.splitlines()) == 1
    assert "no" in run("staff", "list", "--all").out.splitlines()[1].split()


def test_who_comes_back_keeps_their_id(run: Run) -> None:
    hired(run)
    run("staff", "remove", "mia-ejemplo")
    assert (
        hired(run, "Mia E.", "21", "--role", "editor").out
        == "Mia E. is on the staff as mia-ejemplo (editor)\n"
    )


def test_two_of_one_name_get_two_ids(run: Run) -> None:
    hired(run)
    assert "as mia-ejemplo-2 " in hired(run, "Mia Ejemplo", "22").out


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("Mia", "mia"), "mia is not a Telegram number"),
        (("Mia", "21", "--role", "boss"), "--role boss is not one of viewer, agent, editor, admin"),
        (("Mia", "21", "--countries", "ZZ"), "--countries ZZ is not one of"),
    ],
)
def test_what_is_wrong_is_named(run: Run, arguments: tuple[str, ...], fault: str) -> None:
    ran = run("staff", "add", *arguments)
    assert ran.code == 2
    assert ran.fault.startswith(fault)


def test_an_address_is_one_persons(run: Run) -> None:
    hired(run)
    assert "has that address already" in hired(run, "Eva", "21").fault


def test_the_life_of_a_case(run: Run) -> None:
    hired(run)
    hired(run, "Eva", "22")
    assert run("cases", "take", "c1", "--as", "eva").out == "case c1 taken\n"
    assert "Eva was first" in run("cases", "take", "c1", "--as", "mia-ejemplo").fault
    assert run("cases", "assign", "c1", "mia-ejemplo", "--as", "eva").code == 0
    assert run("cases", "note", "c1", "ojo", "--as", "eva").code == 0
    assert "was first" in run("cases", "reply", "c1", "hola", "--as", "eva").fault
    assert run("cases", "reply", "c1", "hola", "--as", "mia-ejemplo").out == "case c1 answered\n"
    assert run("cases", "list", "--of", "mia-ejemplo").out.splitlines()[1].split()[0] == "c1"
    assert run("cases", "close", "c1", "--outcome", "referred").code == 0
    assert "is closed; reopen it first" in run("cases", "reply", "c1", "otra").fault
    assert run("cases", "reopen", "c1").code == 0
    assert run("cases", "release", "c1").code == 0
    told = run("cases", "show", "c1").out
    assert "Mia Ejemplo reply hola (waiting)" in told
    assert "operator closed referred" in told


def test_what_was_in_hand_of_who_leaves_is_free_again(run: Run) -> None:
    hired(run)
    run("cases", "take", "c1", "--as", "mia-ejemplo")
    run("staff", "remove", "mia-ejemplo")
    assert run("cases", "list", "--state", "open").out.splitlines()[1].split()[0] == "c1"


def test_nobody_of_that_id(run: Run) -> None:
    assert "no one of the staff with the id pat" in run("cases", "take", "c1", "--as", "pat").fault


def test_a_sensitive_case_is_not_for_everyone(run: Run) -> None:
    hired(run)
    assert "named for such cases" in run("cases", "take", "c2", "--as", "mia-ejemplo").fault


def test_a_workbook_of_cases(run: Run, tmp_path: Path) -> None:
    assert run("cases", "export", "--format", "xlsx", "--output", "cases.xlsx").code == 0
    assert (tmp_path / "cases.xlsx").read_bytes().startswith(b"PK")


def test_news_for_nobody(run: Run, tmp_path: Path) -> None:
    (tmp_path / "news.yaml").write_text("id: fund-1\nsegment: women\ntext: {es: hola}\n")
    assert run("news", "send", "news.yaml", "--dry-run").out.startswith(
        "news fund-1 would be written to 0 people"
    )
    assert run("news", "show", "fund-1").fault.startswith("no news fund-1 were sent")
