"""What identifies a person is masked, ordinary numbers are not."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.privacy import masked

E_MAIL, NUMBER, USER = "[e-mail]", "[number]", "[user]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("escríbanme a mi.negocio+ventas@correo.example.org por favor", f"escríbanme a {E_MAIL} por favor"),
        ("correo: señora@ñandú.example.", f"correo: {E_MAIL}."),
        ("mi tel es +598 99 123 456", f"mi tel es {NUMBER}"),
        ("llámame al (011) 4123-4567", f"llámame al ({NUMBER}"),
        ("099123456, gracias", f"{NUMBER}, gracias"),
        ("+54 9 11 2345-6789", NUMBER),
        ("CI 1.234.567-8", f"CI {NUMBER}"),
        ("mi RTN 0801-1990-123456", f"mi RTN {NUMBER}"),
        ("CUIT 20-12345678-9", f"CUIT {NUMBER}"),
        ("tel:099123456", f"tel:{NUMBER}"),
        ("soy @mi_taller en Telegram", f"soy {USER} en Telegram"),
        ("@mi_taller", USER),
        ("099 123 456 y 098 765 432", f"{NUMBER} y {NUMBER}"),
        ("escriban a ana arroba correo punto com", f"escriban a {E_MAIL}"),
        ("ana (at) example.org", E_MAIL),
        ("ana @ example.org", E_MAIL),
        ("mi página es instagram.com/mi_taller y nada más", "mi página es [page] y nada más"),
        ("https://www.facebook.com/ana.perez", "[page]"),
        ("cero nueve nueve uno dos tres cuatro cinco seis", NUMBER),
    ],
)
def test_masked(text: str, shown: str) -> None:
    """E-mails, phones, identity numbers and user names are replaced by what they are."""
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "11 - 2345 - 6789",
        "099\u00a0123\u00a0456",
        "+598\u202f99\u202f123\u202f456",
        "099\u2011123\u2011456",
        "099–123–456",
        "https://wa.me/59899123456",
        "099_123_456",
        "099*123*456",
        "1,234,567",
        "DNI 12.345.678",
        "DNI: 123456",
        "mi dni es 99.999",
        "CUIL 27123456784",
        "CI 456789-1A",
        "C.I. nº 45678 LP",
        "NIT 900.123.456-7",
        "cédula de ciudadanía 52123",
        "cédula número 12345",
        "identidad 0801199012345",
        "RUT 21 123456 0018",
        "CPF 123.456.789-09",
        "passport number AB12345",
        "pasaporte AB1234567",
    ],
)
def test_masked_however_written(text: str) -> None:
    """A number that identifies is masked, however a phone writes or pastes it."""
    assert sum(letter.isdigit() for letter in masked(text)) < 5


@pytest.mark.parametrize(
    "text",
    [
        "en 2026 abrimos",
        "me faltan 1.500 pesos",
        "12 meses",
        "a 12 meses y 24 cuotas de 350",
        "somos 3, desde 2019",
        "el 15% de 20.000",
        "de 8 a 17:30",
        "500 @ 20",
        "ley 2365",
        "un crédito de 250.000",
        "un crédito de 2.500.000 pesos",
        "$ 1.500.000",
        "US$2,000,000 para exportar",
        "debo 12.000.000 de guaraníes",
        "uno o dos meses",
        "facturo por uno, dos o tres",
        "quedé at home",
        "cédula de mi madre",
        "RUT de mi empresa en 2026",
        "ley nit",
    ],
)
def test_kept(text: str) -> None:
    """Years, amounts, terms and times stay readable."""
    assert masked(text) == text


@given(st.text())
def test_masking_twice_changes_nothing(text: str) -> None:
    """What is masked stays as it is."""
    assert masked(masked(text)) == masked(text)


@given(
    st.from_regex(r"[a-z]{2,9}@[a-z]{2,9}\.(com|org|uy)", fullmatch=True),
    st.text("abc ñ,.:;!¿?()", max_size=9),
)
def test_no_e_mail_passes(address: str, around: str) -> None:
    """No address passes, whatever stands around it."""
    assert "@" not in masked(f"{around} {address} {around}")


CARDS = st.one_of(
    st.from_regex(r"(DNI|dni) [0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}", fullmatch=True),
    st.from_regex(r"CUI[TL] (20|23|27|30)-?[0-9]{8}-?[0-9]", fullmatch=True),
    st.from_regex(r"(CI|carnet) [0-9]{5,8}(-[0-9][A-Z])?", fullmatch=True),
    st.from_regex(r"NIT [0-9]{9,10}(-[0-9])?", fullmatch=True),
    st.from_regex(r"(cédula|CC nº) [0-9]{1,3}\.?[0-9]{3}\.?[0-9]{3}", fullmatch=True),
    st.from_regex(r"(identidad|RTN) (01|08|18)[0-9]{2}-?(19|20)[0-9]{2}-?[0-9]{5,6}", fullmatch=True),
    st.from_regex(r"(cédula|CI) [1-6]\.?[0-9]{3}\.?[0-9]{3}-?[0-9]", fullmatch=True),
    st.from_regex(r"RUT [0-9]{12}", fullmatch=True),
)


@given(CARDS, st.sampled_from(["", "hola ", "mi número: "]), st.sampled_from(["", ", gracias", "?", "\n"]))
def test_no_identity_or_tax_number_of_the_five_countries_passes(card: str, before: str, after: str) -> None:
    """Of a card, at most its last letters could be left, never four digits."""
    assert sum(letter.isdigit() for letter in masked(before + card + after)) < 2


@given(st.text("0123456789 .-+()abcñ@", max_size=80))
def test_no_seven_digits_are_left(text: str) -> None:
    """Whatever stands between them, seven digits in a row are gone."""
    assert re.search(r"\d(?:[ .()-]{0,3}\d){6}", masked(text)) is None


def test_long_texts_take_no_time() -> None:
    """No text makes the patterns search for long."""
    for text in (
        "a" * 20_000,
        "1." * 10_000,
        "a.a-" * 5_000,
        "ci " * 7_000,
        "uno " * 5_000,
        "a arroba " * 3_000,
    ):
        began = time.process_time()
        masked(text)
        assert time.process_time() - began < 0.5


@given(st.from_regex(r"\+?[0-9]([ .-]?[0-9]){6,14}", fullmatch=True))
def test_no_long_number_passes(number: str) -> None:
    """No number of seven digits or more passes."""
    assert re.search(r"\d", masked(f"mi número {number}, gracias")) is None
