"""Which country governs an answer: what the question gives away, then the profile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.advisor import Advisor
from bot.advice.knowledge import Country, Knowledge
from bot.advice.setting import Clue, PlaceReader, Profile, country_of


@pytest.mark.parametrize(
    ("question", "country"),
    [
        ("cómo facturo en Uruguay", "UY"),
        ("vivo en honduras y vendo baleadas", "HN"),
        ("abrir un taller en Tarija", "BO"),
        ("tengo un kiosco en Mendoza", "AR"),
        ("la DIAN me pide papeles", "CO"),
        ("qué papeles pide el SENASAG", "BO"),
        ("soy catracha y quiero exportar", "HN"),
        ("somos dos bogotanas con una cafetería", "CO"),
        ("tengo que pagar el monotributo en AFIP", "AR"),
        ("cómo saco el certificado en la DGI de Montevideo", "UY"),
        ("vendo en Tegucijalpa", "HN"),
        ("mi taller está en Cochabanba", "BO"),
        ("una tienda en Montebideo", "UY"),
        ("I run a bakery in Bogotá", "CO"),
        ("tenho uma loja em Montevidéu", "UY"),
        ("necesito un crédito", None),
        ("quiero vender por internet", None),
    ],
)
def test_the_country_a_question_gives_away(
    lexical_advisor: Advisor, question: str, country: str | None
) -> None:
    assert lexical_advisor.setting(question, Profile()).country == country


@pytest.mark.parametrize(
    ("question", "profile", "country"),
    [
        ("necesito un crédito", "UY", "UY"),
        ("necesito un crédito en Honduras", "UY", "HN"),
        ("la DIAN me pide papeles", "HN", "CO"),
        ("quiero exportar a Colombia", "UY", "UY"),
        ("vender mis quesos a Argentina", "UY", "UY"),
        ("how do I export to Bolivia", "HN", "HN"),
        ("exportar para a Colômbia", "AR", "AR"),
        ("vendo en Argentina y en Uruguay", "UY", "UY"),
        ("quiero exportar a Chile", "CO", "CO"),
    ],
)
def test_the_message_goes_before_the_profile(
    lexical_advisor: Advisor, question: str, profile: str, country: str
) -> None:
    assert lexical_advisor.setting(question, Profile(country=profile)).country == country


@pytest.mark.parametrize(
    ("question", "country"),
    [
        ("tengo un negocio en Salto", "UY"),
        ("somos de Salto", "UY"),
        ("doy un salto en las ventas", None),
        ("el BPS me mandó una carta", "UY"),
        ("el bps me mandó una carta", None),
    ],
)
def test_a_weak_name_needs_more(tiny: Knowledge, question: str, country: str | None) -> None:
    assert country_of(PlaceReader(tiny.places).clues(question), None) == country


def test_the_longest_name_at_a_place_counts(tiny: Knowledge) -> None:
    clues = PlaceReader(tiny.places).clues("una tienda en San Pedro Sula")
    assert [(clue.text, clue.value) for clue in clues] == [("san pedro sula", "HN")]


def test_an_ordinary_word_is_not_a_misspelt_place(tiny: Knowledge) -> None:
    assert PlaceReader(tiny.places).clues("mendosa")[0].value == "AR"
    assert PlaceReader(tiny.places, known={"mendosa"}).clues("mendosa") == []


def test_a_short_word_is_never_a_misspelt_place(tiny: Knowledge) -> None:
    assert PlaceReader(tiny.places).clues("tarja") == []


def test_without_places_nothing_is_given_away() -> None:
    assert PlaceReader({}).clues("en Uruguay") == []


def clue(country: str, weight: float) -> Clue:
    return Clue("country", "", country, weight)


@pytest.mark.parametrize(
    ("clues", "profile", "country"),
    [
        ([], None, None),
        ([], "UY", "UY"),
        ([clue("HN", 3.0)], "UY", "HN"),
        ([clue("HN", 3.0), clue("CO", 3.0)], "UY", "UY"),
        ([clue("HN", 3.0), clue("CO", 3.0)], None, None),
        ([clue("HN", 1.6), clue("HN", 1.6), clue("CO", 3.0)], None, "HN"),
        ([clue("HN", 0.9)], "UY", "UY"),
        ([clue("HN", 0.9)], None, None),
    ],
)
def test_the_heaviest_clue_governs(clues: list[Clue], profile: str | None, country: str | None) -> None:
    assert country_of(clues, profile) == country


@given(st.text(st.sampled_from("aeiou montevideo tarija \n.,¿?🇺🇾")))
def test_any_text_has_its_clues(text: str) -> None:
    places = {"UY": {"names": ["Uruguay", "🇺🇾"], "places": ["Montevideo"]}, "BO": {"names": ["Tarija"]}}
    found = PlaceReader({code: Country(**names) for code, names in places.items()}).clues(text)
    assert {item.value for item in found} <= {"UY", "BO"}
