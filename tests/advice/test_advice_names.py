"""Names of resources and organisations, spelt right and wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.advisor import Advisor
from bot.advice.knowledge import Knowledge
from bot.advice.names import NameIndex


@pytest.fixture(scope="module")
def names(tiny: Knowledge) -> NameIndex:
    return NameIndex(tiny.resources.values(), ordinary={"credito", "para", "una", "guia", "red", "sur"})


@pytest.mark.parametrize(
    ("question", "resources"),
    [
        ("Impulsa Ceibo", ("uy-credito",)),
        ("qué es el impulsa ceibo?", ("uy-credito",)),
        ("IMPULSA CEIBO!!", ("uy-credito",)),
        ("impulza ceibo", ("uy-credito",)),
        ("como entro a inpulsa seibo", ("uy-credito",)),
        ("Banco Ceibo", ("uy-credito",)),
        ("fondo jacaranda", ("uy-credito-mujeres",)),
        ("network of the south", ("red-regional",)),
        ("me piden el CAI", ("hn-factura",)),
    ],
)
def test_a_name_is_found(names: NameIndex, question: str, resources: tuple[str, ...]) -> None:
    hit = names.find(question)[0]
    assert hit.resources == resources
    assert 0 < hit.strength <= 1


@pytest.mark.parametrize(
    "question",
    ["", "necesito un crédito", "cay", "impulsar el cambio", "banco", "de la", "fondo de garantía"],
)
def test_what_is_no_name_is_not_found(names: NameIndex, question: str) -> None:
    assert names.find(question) == []


def test_a_misspelling_is_weaker_than_the_name(names: NameIndex) -> None:
    exact, slip = names.find("impulsa ceibo")[0], names.find("inpulsa ceibo")[0]
    assert exact.strength == 1.0
    assert slip.strength < 1.0
    assert (slip.asked, slip.name) == ("inpulsa ceibo", "impulsa ceibo")


def test_the_longest_name_wins_its_words(names: NameIndex) -> None:
    found = names.find("crédito ellas del fondo jacarandá y el CAI")
    assert [hit.name for hit in found] == ["credito ellas", "fondo jacaranda", "cai"]


def test_an_ordinary_word_is_not_read_as_a_slip(tiny: Knowledge) -> None:
    resources = tiny.resources.values()
    assert NameIndex(resources).find("inpulsa ceibo")
    assert not NameIndex(resources, ordinary={"inpulsa", "ceibo"}).find("inpulsa ceibo")


def test_a_name_many_carry_says_less(tiny: Knowledge) -> None:
    resource = tiny.resources["uy-credito"]
    shared = [resource.model_copy(update={"id": f"x-{n}"}) for n in range(8)]
    assert NameIndex(shared).find("banco ceibo")[0].strength == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("question", "found"),
    [("ofizina de la productora", True), ("ofizina ed al produktora", False), ("oficina de artes", False)],
)
def test_a_long_name_keeps_a_word_as_it_is(tiny: Knowledge, question: str, found: bool) -> None:
    office = tiny.resources["uy-credito"].model_copy(update={"aliases": ["Oficina de la Productora"]})
    assert bool(NameIndex([office]).find(question)) is found


@given(st.text())
def test_any_text_has_its_names(text: str) -> None:
    assert all(hit.words >= 1 for hit in NameIndex([]).find(text))


@pytest.mark.parametrize(
    ("question", "resource"),
    [
        ("qué es el impuesto", None),
        ("info del fondo emprender", "co-fondo-emprender"),
        ("fondo enprender", "co-fondo-emprender"),
        ("pro muger", "pro-mujer"),
    ],
)
def test_shipped_names(lexical_advisor: Advisor, question: str, resource: str | None) -> None:
    found = {owner for hit in lexical_advisor._names.find(question) for owner in hit.resources}
    assert (resource in found) if resource else not found
