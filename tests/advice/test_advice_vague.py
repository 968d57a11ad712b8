"""What names a trade or the bare business is met by the same sensible options; a need is not."""

import datetime
import shutil
from pathlib import Path

import pytest

from bot.advice.advice import Clarify
from bot.advice.advisor import Advisor
from bot.advice.knowledge import Knowledge, KnowledgeError, Vague, load
from bot.advice.text import words
from bot.advice.vague import VagueReader

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
DAY = datetime.date(2026, 11, 24)
small = VagueReader(
    [
        Vague(
            options=["loans", "taxes"],
            words={"es": ["panadería", "negocio"], "en": ["shop"]},
            around={"es": ["tengo", "una", "mi"], "en": ["my"]},
        )
    ]
)


@pytest.mark.parametrize("text", ["Panadería", "tengo una panaderia", "mi negocio", "MY SHOP"])
def test_no_need(text: str) -> None:
    assert small.options(words(text)) == ("loans", "taxes")


@pytest.mark.parametrize("text", ["", "tengo una", "crédito para mi negocio", "mi " * 7 + "negocio"])
def test_perhaps_a_need(text: str) -> None:
    assert small.options(words(text)) == ()


def test_nothing_known() -> None:
    assert VagueReader(()).options(["negocio"]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "panadería", "ayuda con mi negocio", "tengo un taller", "emprendimiento",
        "tengo una peluquería en Honduras", "quiero", "my shop", "I have a bakery", "help with my business",
        "meu negócio", "padaria", "tenho uma loja",
    ],
)  # fmt: skip
def test_the_shipped_words(lexical_advisor: Advisor, shipped: Knowledge, text: str) -> None:
    advice = lexical_advisor.advise(text, day=DAY)
    assert isinstance(advice, Clarify)
    assert advice.options == tuple(shipped.vague["business"].options)


@pytest.mark.parametrize(
    "text", ["crédito para mi panadería", "registrar mi empresa", "marketing for my shop"]
)
def test_a_need_beside_the_trade(lexical_advisor: Advisor, shipped: Knowledge, text: str) -> None:
    advice = lexical_advisor.advise(text, day=DAY)
    assert not isinstance(advice, Clarify) or advice.options != tuple(shipped.vague["business"].options)


def test_an_option_is_a_topic(tmp_path: Path) -> None:
    """Else the folder does not load, and is told where."""
    folder = shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")
    path = folder / "vague.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("[business-plan, ", "[nothing, "), encoding="utf-8"
    )
    with pytest.raises(KnowledgeError, match=r"vague\.yaml:2: .*option nothing is no topic"):
        load(folder)
