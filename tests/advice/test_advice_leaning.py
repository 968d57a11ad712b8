"""Questions that lean on the one before, and those that look like it and are questions of their own."""

import datetime

import pytest

from bot.advice.advice import Answer
from bot.advice.advisor import Advisor
from bot.advice.leaning import Words

DAY = datetime.date(2026, 11, 23)

LEANING = (
    "y en Uruguay?",
    "¿y para Honduras?",
    "and how much does it cost?",
    "y cuánto cuesta?",
    "y cuanto sale eso",
    "y eso es gratis?",
    "cuánto demora?",
    "y qué requisitos piden?",
    "qué papeles necesito?",
    "y si soy de bolivia?",
    "e no Uruguai?",
    "e quanto custa?",
    "how long does it take?",
    "and in Colombia?",
    "donde queda eso",
    "pero yo estoy en Colombia",
    "what do I need?",
    "y en argentina como seria",
    "soy de tegucigalpa",
    "e em La Paz?",
)
OF_THEIR_OWN = (
    "como saco el cuit",
    "preciso abrir uma empresa no uruguai",
    "quiero abrir una empresa en uruguay",
    "necesito plata en bolivia",
    "como registro mi marca",
    "necesito un contador",
    "quiero abrir un negocio",
    "busco empleados",
    "cómo pago impuestos en Honduras",
    "I want to open a business",
    "quiero vender mas",
    "i need a loan in Colombia",
    "necesito ayuda con mi negocio en Bolivia",
    "y para mujeres?",
    "gracias",
    "hola",
)


def follows(advisor: Advisor, question: str) -> bool:
    advice = advisor.advise(question, day=DAY, previous="export")
    return isinstance(advice, Answer) and advice.followed_up


@pytest.mark.parametrize("question", LEANING)
def test_a_question_that_leans_is_read_with_the_topic_before(advisor: Advisor, question: str) -> None:
    assert follows(advisor, question)


@pytest.mark.parametrize("question", OF_THEIR_OWN)
def test_a_question_of_its_own_is_read_by_itself(advisor: Advisor, question: str) -> None:
    assert not follows(advisor, question)


@pytest.mark.parametrize(
    ("all_words", "left", "general", "confidence", "leans"),
    [
        ("y en uruguay", "y en", "y en", 0.1, True),
        ("y cuanto cuesta", "y cuanto cuesta", "y cuanto cuesta", 0.8, True),
        ("y cuanto cuesta", "y cuanto cuesta", "y cuanto cuesta", 0.9, False),
        ("y mi marca", "y mi marca", "y mi", 0.1, False),
        ("cuanto cuesta", "cuanto cuesta", "cuanto cuesta", 0.7, False),
        ("abrir empresa", "abrir empresa", "abrir empresa", 0.1, False),
        ("estoy en cali", "estoy en", "estoy en", 0.99, True),
        ("", "", "", 0.0, False),
    ],
)
def test_what_leans(all_words: str, left: str, general: str, confidence: float, leans: bool) -> None:
    said = Words(all_words.split(), left.split(), general.split())
    assert said.lean(confidence) is leans
