"""`gaps`, `drafts` and `report`: from the log to the knowledge on the command line."""

import datetime
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import yaml
from ran import Run, ask

from bot.advice import encoders
from bot.advice.encoders import Vectors
from bot.advice.knowledge import load

pytestmark = pytest.mark.usefixtures("filled")
ROOT = Path(__file__).parents[2]
DRONES = ("permiso para volar drones", "permiso de drones", "permisos de drones 099 123 456")


@pytest.fixture
def asked(environment: dict[str, str], filled: None) -> None:
    for n, question in enumerate(DRONES):
        values = {"language": "es", "country": "UY", "candidates": [["export", 0.2]]}
        ask(environment, id=f"d{n}", person="ana", question=question, outcome="no_match", **values)


def drafted(run: Run, *arguments: str) -> str:
    ran = run("drafts", *arguments)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.split()[0]


@pytest.mark.usefixtures("asked")
def test_gaps_are_shown(run: Run) -> None:
    ran = run("gaps")
    assert "es    3 by 1: permiso de drones\n" in ran.out
    assert "nearest Exportar (0.20); UY 3; no_match 3\n" in ran.out
    assert "099" not in ran.out
    assert ran.out.endswith("4 unanswered questions in 2 groups\n")


@pytest.mark.usefixtures("asked")
def test_gaps_as_json_and_by_country(run: Run) -> None:
    (group,) = json.loads(run("gaps", "--json", "--country", "UY", "--language", "es").out)
    assert (group["count"], group["topic"], group["requests"]) == (3, "export", ["d2", "d1", "d0"])
    assert json.loads(run("gaps", "--json", "--since", "2026-11-24").out) == []


class Meant:
    """An encoder for which all but the first of these are the same need."""

    name, size = "meant", 2
    tents = ("alquiler de carpas", "alquiler de carpas grandes", "toldos para fiestas", "sombra para eventos")

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.array([(1, 0) if text not in self.tents[1:] else (0, 1) for text in texts], np.float32)

    def clone(self) -> "Meant":
        return self


def test_a_topic_is_drafted_from_a_gap_that_only_meaning_shows(
    run: Run, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, question in enumerate(Meant.tents):
        ask(environment, id=f"t{n}", person="ana", question=question, outcome="no_match", language="es")
    monkeypatch.setitem(encoders.KNOWN, "e5", (Meant, "meant"))
    monkeypatch.setenv("BOT_ADVICE__ENCODER", "e5")
    by_letters = {group["id"] for group in json.loads(run("gaps", "--json").out)}
    (widest, *_) = json.loads(run("gaps", "--json", "--meaning").out)
    assert (widest["count"], widest["id"] in by_letters) == (4, False)
    assert run("drafts", "topic", widest["id"]).out.split()[1] == "drafted:"


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("gaps --country ZZ", "--country ZZ is not one of AR, BO, CO, HN, UY"),
        ("gaps --since yesterday", "--since yesterday is not a day; write it as 2026-11-23"),
        ("report --format pdf", "--format pdf is not one of md, json, csv, xlsx"),
        (
            "report --since 2026-11-23 --until 2026-11-23",
            "--since 2026-11-23 is not before --until 2026-11-23",
        ),
        ("drafts show x", "there is no open draft x; `python -m bot drafts list` shows them"),
        ("drafts topic x", "there is no gap x now; `python -m bot gaps` shows them"),
    ],
)
def test_what_is_asked_wrongly_is_one_line(run: Run, command: str, fault: str) -> None:
    assert run(*command.split()).fault == fault


@pytest.mark.usefixtures("asked")
def test_from_a_gap_to_a_topic_that_answers(run: Run, environment: dict[str, str]) -> None:
    gap = run("gaps", "--country", "UY").out.split()[0]
    draft = drafted(run, "topic", gap, "--by", "staff-1")
    assert run("drafts", "list").out.startswith(f"{draft} ")
    assert yaml.safe_load(run("drafts", "show", draft).out)["from"] == {"gap": gap}
    assert run("drafts", "publish", draft).out.startswith(
        f"{environment['BOT_KNOWLEDGE__PATH']}/topics/permiso"
    )
    assert "permiso-de-drones" in load(environment["BOT_KNOWLEDGE__PATH"]).topics
    assert "newly answered: " in run("replay").out


@pytest.mark.usefixtures("asked")
def test_a_rejected_wording_does_not_return(run: Run) -> None:
    draft = drafted(run, "wording", "export", "es", DRONES[1], "--case", "c1")
    assert run("drafts", "reject", draft, "--note", "no").out == f"{draft} rejected; 1 wordings set aside\n"
    assert DRONES[1] + "\n" not in run("gaps").out
    assert "es    2 by 1" in run("gaps").out
    assert run("drafts", "list", "--state", "rejected").out.split()[0] == draft


def test_a_resource_from_a_reply(run: Run, environment: dict[str, str]) -> None:
    reply = "Mire https://example.org/drones de la autoridad"
    draft = drafted(run, "resource", reply, "--topic", "export", "--country", "UY", "--title", "Drones")
    assert run("drafts", "publish", draft).fault.endswith("field required; complete or reject it")


def test_the_report_of_a_week_in_each_format(run: Run, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "knowledge" / "messages", folder / "messages", dirs_exist_ok=True)
    time = ("--since", "2026-11-20", "--until", "2026-11-27")
    assert run("report", *time).out.startswith("# Resumen del 2026-11-20 al 2026-11-26")
    assert "Preguntas: –. Con respuesta: –." in run("report", *time).out
    assert run("report", *time, "--language", "pt").out.startswith("# Resumo de")
    assert json.loads(run("report", *time, "--format", "json").out)["waiting"] == 2
    assert run("report", *time, "--format", "csv").out.startswith("section,name,count,answered\nall,")
    assert run("report", *time, "--format", "xlsx", "--output", "r.xlsx").code == 0
    assert (tmp_path / "r.xlsx").read_bytes()[:2] == b"PK"
    assert "me golpea" not in run("report", *time).out


def test_the_report_is_of_the_last_seven_days_by_default(run: Run) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    assert json.loads(run("report", "--format", "json").out)["since"] == str(today - datetime.timedelta(7))


def test_uses_are_counted(run: Run) -> None:
    assert run("uses", "--by", "topic").out == "name,shown,helpful,not_helpful,opened\nloans,<5,<5,0,0\n"
    assert (
        run("uses", "--by", "colour").fault
        == "--by colour is not one of resource, topic, country, language, week"
    )


@pytest.mark.usefixtures("asked")
def test_meaning_needs_an_encoder(run: Run) -> None:
    assert run("gaps", "--meaning").fault.startswith("there is no encoder here")
