"""Whether a question says that its writer is a woman, or asks for what is made for women."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.audience import audience_of


@pytest.mark.parametrize(
    "question",
    [
        "soy emprendedora y vendo tortas",
        "somos tres mujeres con una cooperativa",
        "soy madre soltera, necesito un crédito",
        "programas para mujeres",
        "crédito para emprendedoras",
        "mi marido y yo tenemos una tienda",
        "nosotras hacemos queso",
        "Soy TEJEDORA en La Paz",
        "estoy sola con el negocio",
        "I am a woman entrepreneur",
        "a loan for women",
        "women-owned business certificate",
        "my husband and I run a shop",
        "sou costureira e quero crescer",
        "um curso para mulheres",
        "somos duas empreendedoras",
        "mujeres rurales productoras",
        "algo para las mujeres de pollera",
        "talleres para madres solteras",
        "grants for single mothers",
        "curso para mães solo",
    ],
)
def test_says_so(question: str) -> None:
    audience, clue = audience_of(question, None)
    assert audience == "women"
    assert clue is not None
    assert clue.kind == "audience"
    assert clue.text


@pytest.mark.parametrize(
    "question",
    [
        "necesito un crédito",
        "soy emprendedor",
        "somos dos socios con un taller",
        "la empresa está registrada",
        "mi señora me pidió que pregunte por la harina",
        "vendo ropa de mujer",
        "mujeres en el directorio de la empresa",
        "vendo ropa para madres primerizas",
        "cuántas mujeres jefas de área hay",
        "I am a carpenter",
        "sou padeiro",
        "cómo evito el acoso a mis empleadas",
        "quiero ser proveedor",
    ],
)
def test_does_not_say_so(question: str) -> None:
    assert audience_of(question, None) == (None, None)


def test_the_profile_speaks_where_the_question_does_not() -> None:
    assert audience_of("necesito un crédito", "women") == ("women", None)


def test_a_name_made_for_women_says_as_much() -> None:
    audience, clue = audience_of("crédito ellas", None, named="ellas")
    assert audience == "women"
    assert clue is not None
    assert clue.text == "ellas"


@given(st.text())
def test_any_text(text: str) -> None:
    assert audience_of(text, None)[0] in (None, "women")
