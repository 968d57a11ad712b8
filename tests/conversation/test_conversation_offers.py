"""What is offered while somebody types after the bot's name in another chat."""

import datetime

import pytest

from bot.conversation.dialogue import Speaker
from bot.conversation.offers import OFFERED, Offer, offers
from bot.conversation.records import Person

DAY = datetime.date(2026, 11, 23)
ANA = Person("ana", language="es", country="UY")


def offered(speaker: Speaker, text: str, person: Person = ANA) -> tuple[Offer, ...]:
    return offers(speaker, person, text, day=DAY)


def test_a_need(speaker: Speaker) -> None:
    """A need brings the resources of its topic, the own country's first, nothing expired or unfinished."""
    found = [offer.id for offer in offered(speaker, "necesito un crédito")]
    assert found[0] == "uy-loans"
    assert not {"uy-old-loans", "uy-draft-loans", "ar-loans"} & set(found)
    assert len(found) == len(set(found)) <= OFFERED


def test_nothing_typed(speaker: Speaker) -> None:
    """Before anything is typed, the first of what people ask for most is offered."""
    assert {offer.id for offer in offered(speaker, " ")} >= {"uy-loans"}


def test_half_a_name(speaker: Speaker) -> None:
    """The beginning of a name is enough; of two words both must begin something."""
    assert "uy-loans" in [offer.id for offer in offered(speaker, "banco del su")]
    assert offered(speaker, "banco xylophone") == ()


def test_too_short(speaker: Speaker) -> None:
    """One or two letters begin too many words to mean one."""
    assert offered(speaker, "z") == ()


def test_asked_back(unsure: Speaker) -> None:
    """Where several needs are close, each brings some of its resources."""
    found = [offer.id for offer in offered(unsure, "necesito un crédito")]
    assert "uy-loans" in found
    assert len(found) > 1


def test_what_needs_care(speaker: Speaker) -> None:
    """What needs care is nothing to make offers for."""
    assert offered(speaker, "mi marido me pega y tengo miedo") == ()


@pytest.mark.parametrize("language", ["es", "en", "pt", None])
def test_card(speaker: Speaker, language: str | None) -> None:
    """The card says title, organisation, one line, and what language the page is in where it is another."""
    [first, *_] = offered(speaker, "necesito un crédito", Person("ana", language=language, country="UY"))
    text = first.card.text
    assert (first.title, text.splitlines()[0]) == ("Crédito Fácil", "Crédito Fácil")
    assert "Banco del Sur" in first.line
    assert len(text.splitlines()) == (3 if language in ("es", None) else 4)
    [[link]] = first.card.rows
    assert link.url == "https://example.org/uy-loans"


def test_what_ships_can_be_offered(shipped_speaker: Speaker) -> None:
    """Resources that ship have a card that fits a message, and an id that fits a result."""
    for resource in [*shipped_speaker.advisor.knowledge.resources.values()][::20]:
        assert len(resource.id.encode()) <= 64
        for offer in offered(shipped_speaker, next(iter(resource.title.values()))):
            assert 0 < len(offer.card.text) < 4096
            break
