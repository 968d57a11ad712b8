"""`import` and `pack`: knowledge from a table, and from and for others."""

import shutil
from pathlib import Path

import pytest
from ran import Run

from bot.advice.knowledge import load

TABLE = """\
title_es;summary_es;url;organisation;topics;countries
Vender miel;Cómo se vende.;https://example.org/miel;Cooperativa;export;HN
Crédito;Otro.;https://example.org/hn/credito;Banco;loans;HN
Mal;x;no;Banco;loans;HN
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    return "table.csv"


def test_a_table_becomes_drafts(run: Run, file: str, folder: Path) -> None:
    ran = run("import", file, "--by", "staff-1")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "line 2: hn-vender-miel drafted",
        "line 3: the address is that of hn-credito",
        "line 4: url: an address begins with http:// or https:// and has no spaces",
        "1 drafted, 1 known already, 1 not readable",
    ]
    draft = run("drafts", "list").out.split()[0]
    assert run("drafts", "publish", draft).code == 0
    assert load(folder).resources["hn-vender-miel"].url == "https://example.org/miel"
    assert "line 2: the address is that of hn-vender-miel" in run("import", file).out


def test_a_dry_run_writes_nothing(run: Run, file: str) -> None:
    assert "line 2: hn-vender-miel would be drafted" in run("import", file, "--dry-run").out
    assert run("drafts", "list").out == ""


def test_a_table_that_is_not_there_is_one_line(run: Run) -> None:
    assert (
        run("import", "no.csv").fault
        == "table no.csv cannot be read: No such file or directory; check the path"
    )


def test_a_pack_goes_from_one_organisation_to_another(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "topics" / "loans.yaml"
    text = path.read_text(encoding="utf-8")
    other = shutil.copytree(folder, tmp_path / "other")
    path.write_text(
        text.replace("necesito un crédito, ", "necesito un crédito, me fían plata, "), encoding="utf-8"
    )
    ran = run("pack", "export", "pack.yaml", "--organisation", "Cámara del Sur", "--topics", "loans")
    assert ran.out == "pack.yaml: 1 topics, 5 resources, CC BY 4.0\n"

    monkeypatch.setenv("BOT_KNOWLEDGE__PATH", str(other))
    shown = run("pack", "import", "pack.yaml", "--dry-run").out.splitlines()
    assert shown[0].startswith("Cámara del Sur, 20")
    assert shown[1:] == ["topic loans: 1 wordings that are not here", "5 the same"]
    assert run("pack", "import", "pack.yaml").out.endswith("1 drafts\n")
    draft = run("drafts", "list").out.split()[0]
    assert run("drafts", "publish", draft).code == 0
    assert load(other).topics["loans"].phrases["es"][-1] == "me fían plata"


def test_a_pack_that_is_none_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("- x\n")
    assert run("pack", "import", "pack.yaml").fault.startswith("this is no pack of format 1")
