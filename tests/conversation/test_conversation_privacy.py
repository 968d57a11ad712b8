"""What identifies a person is masked, ordinary numbers are not."""

import re

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


@given(st.from_regex(r"\+?[0-9]([ .-]?[0-9]){6,14}", fullmatch=True))
def test_no_long_number_passes(number: str) -> None:
    """No number of seven digits or more passes."""
    assert re.search(r"\d", masked(f"mi número {number}, gracias")) is None
