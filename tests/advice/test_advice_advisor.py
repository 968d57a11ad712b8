"""From a question to an advice: what it promises, on questions of its own."""

import dataclasses
import datetime
import gc
import weakref
from pathlib import Path
from typing import Any

import pytest
from fake_encoder import FakeEncoder
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice.advice import Advice, Answer, Clarify, Handoff, NoMatch, Sensitive, Smalltalk
from bot.advice.advisor import Advisor, training_phrases
from bot.advice.knowledge import COUNTRIES, Knowledge, load
from bot.advice.ranking import resource_gist
from bot.advice.setting import Profile, Setting

DAY = datetime.date(2026, 11, 23)
UY = Profile("UY")


def ask(advisor: Advisor, question: str, profile: Profile = UY, **values: Any) -> Advice:
    return advisor.advise(question, day=DAY, profile=profile, **values)


def answer(advisor: Advisor, question: str, profile: Profile = UY, **values: Any) -> Answer:
    advice = ask(advisor, question, profile, **values)
    assert isinstance(advice, Answer), advice
    return advice


# -- A1, A9: an answer with the country's own first ---------------------------------------------


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("ocupo un prestamo para comprar un horno", "loans"),
        ("cómo hago la factura electrónica desde el celular", "invoicing"),
        ("quiero mandar mis dulces a otro país", "export"),
        ("voy a contratar a mi primera empleada, qué firmo", "hiring"),
        ("que nadie me copie el nombre de la marca", "intellectual-property"),
        ("vender por whatsapp e instagram", "online-sales"),
        ("how do I register my company", "company-registration"),
        ("preciso emitir nota fiscal para um cliente", "invoicing"),
        ("busco red de mujeres empresarias", "women-networks"),
    ],
)
def test_a_question_gets_its_topic(advisor: Advisor, question: str, topic: str) -> None:
    advice = answer(advisor, question)
    assert advice.topics[0] == topic
    assert advice.resources
    assert advice.confidence >= advisor.calibration.answer_threshold


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("question", ["necesito un crédito", "cómo exporto", "cursos para mi negocio"])
def test_own_country_then_wide_never_anothers(
    lexical_advisor: Advisor, shipped: Knowledge, question: str, country: str
) -> None:
    advice = answer(lexical_advisor, question, Profile(country))
    assert advice.setting.country == country
    shown = [shipped.resources[resource_id] for resource_id in advice.resources]
    assert all(item.serves(country) for item in shown)
    assert country in shown[0].countries


def test_the_question_goes_before_the_profile(lexical_advisor: Advisor, shipped: Knowledge) -> None:
    advice = answer(
        lexical_advisor, "la DIAN me pide facturar, cómo saco la factura electrónica", Profile("HN")
    )
    assert advice.setting.country == "CO"
    assert "CO" in shipped.resources[advice.resources[0]].countries


def test_with_no_country_it_answers_all_the_same(lexical_advisor: Advisor) -> None:
    advice = answer(lexical_advisor, "necesito un crédito", Profile())
    assert advice.setting.country is None
    assert advice.resources


# -- A2, A3: asking back, and saying no ---------------------------------------------------------


def test_one_of_two_topics_and_surely_ours_both_are_answered(tiny: Knowledge) -> None:
    unsure = dataclasses.replace(Advisor(tiny).calibration, answer_threshold=1.0)
    advice = ask(Advisor(tiny, calibration=unsure), "crédito o factura")
    assert isinstance(advice, Answer)
    assert advice.either
    assert set(advice.topics) == {"loans", "invoicing"}


def test_between_the_thresholds_two_to_four_topics_are_offered(tiny: Knowledge) -> None:
    wary = dataclasses.replace(Advisor(tiny).calibration, offset=-9.0, clarify_threshold=0.0)
    advice = ask(Advisor(tiny, calibration=wary), "crédito o factura")
    assert isinstance(advice, Clarify)
    assert 2 <= len(advice.options) <= 4
    assert set(advice.options[:2]) == {"loans", "invoicing"}
    assert list(advice.options) == [item.topic for item in advice.candidates[: len(advice.options)]]


def test_below_both_it_says_no(tiny: Knowledge) -> None:
    wary = dataclasses.replace(Advisor(tiny).calibration, answer_threshold=1.0, clarify_threshold=1.0)
    assert isinstance(ask(Advisor(tiny, calibration=wary), "crédito o factura"), NoMatch)


@pytest.mark.parametrize(
    "question",
    [
        "a qué hora juega la selección mañana",
        "cómo hago arroz con pollo para diez",
        "will it rain on sunday",
        "me duele la muela, qué tomo",
        "qual é a capital da Mongólia",
        "mi jefe no me paga las horas extra",
    ],
)
def test_what_is_not_ours_is_not_answered(advisor: Advisor, question: str) -> None:
    assert not isinstance(ask(advisor, question), Answer)


def test_the_group_of_what_is_not_ours_is_named(tiny_advisor: Advisor) -> None:
    advice = ask(tiny_advisor, "resultado del partido de fútbol")
    assert isinstance(advice, NoMatch)
    assert advice.group == "sports"


# -- A4: two needs -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("necesito un préstamo y también quiero registrar mi marca", {"loans", "intellectual-property"}),
        ("how do I issue an electronic invoice? I also want to export my honey", {"invoicing", "export"}),
        ("quiero emitir nota fiscal. também preciso contratar uma funcionária", {"invoicing", "hiring"}),
    ],
)
def test_two_needs_get_both_answers(
    advisor: Advisor, shipped: Knowledge, question: str, topics: set[str]
) -> None:
    advice = answer(advisor, question)
    assert set(advice.topics) == topics
    first_two = [set(shipped.resources[resource_id].topics) for resource_id in advice.resources[:2]]
    assert advice.topics[0] in first_two[0]
    assert advice.topics[1] in first_two[1]


@pytest.mark.parametrize("question", ["necesito un préstamo para una máquina y un horno", "sal y pimienta"])
def test_one_need_gets_one_answer(advisor: Advisor, question: str) -> None:
    assert len(getattr(ask(advisor, question), "topics", ("one",))) == 1


# -- A5: names -----------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["Impulsa Ceibo", "impulsa seibo", "hola, qué es el Impulsa Ceibo?"])
def test_a_name_is_recognised_at_once(tiny_advisor: Advisor, question: str) -> None:
    advice = answer(tiny_advisor, question)
    assert advice.resources[0] == "uy-credito"
    assert advice.names[0].name == "impulsa ceibo"


def test_a_name_gives_its_country_away(tiny_advisor: Advisor) -> None:
    advice = answer(tiny_advisor, "Impulsa Ceibo", Profile("HN"))
    assert advice.setting.country == "UY"
    assert advice.resources[0] == "uy-credito"


@pytest.mark.parametrize(
    ("question", "country", "resource"),
    [
        ("fondo emprender", "CO", "co-fondo-emprender"),
        ("fondo enprender", "CO", "co-fondo-emprender"),
        ("que es el regimen de facturacion cai", "HN", "hn-sar-facturacion"),
    ],
)
def test_a_shipped_name_is_shown_first(advisor: Advisor, question: str, country: str, resource: str) -> None:
    assert resource in answer(advisor, question, Profile(country)).resources[:3]


# -- A6: spelling --------------------------------------------------------------------------------

SAME = [
    "¿Cómo saco un crédito para mi negocio?",
    "como saco un credito para mi negocio",
    "COMO SACO UN CREDITO PARA MI NEGOCIO",
    "cómo saco un crédito pa mi negocio!!!!",
    "komo saco un credito xa mi negosio",
    "Hola buenas tardes, ¿cómo saco un crédito para mi negocio? gracias",
    "cómo\u200b sa\u00adco un\u00a0crédito\n\npara mi negocio",
    "🙏🙏 cómo saco un crédito para mi negocio 🙏",
]


@pytest.mark.parametrize("question", SAME)
def test_spelling_changes_nothing(advisor: Advisor, question: str) -> None:
    usual = answer(advisor, SAME[0])
    advice = answer(advisor, question)
    assert advice.topics == usual.topics == ("loans",)
    assert advice.setting.language == "es"


@pytest.mark.parametrize("question", SAME[1:3])
def test_capitals_accents_and_marks_leave_the_very_same_answer(advisor: Advisor, question: str) -> None:
    assert answer(advisor, question).resources == answer(advisor, SAME[0]).resources


# -- A7: language --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "usual", "language"),
    [
        ("necesito contratar a alguien", "en", "es"),
        ("I need to hire someone for my shop", "es", "en"),
        ("preciso contratar alguém para minha loja", "es", "pt"),
        ("marketing", "pt", "pt"),
        ("👍", "en", "en"),
    ],
)
def test_the_language_of_the_answer(
    lexical_advisor: Advisor, question: str, usual: str, language: str
) -> None:
    assert ask(lexical_advisor, question, Profile("UY", None, usual)).setting.language == language


# -- A10: women ----------------------------------------------------------------------------------


def test_women_get_womens_first_and_are_told_so(tiny_advisor: Advisor) -> None:
    usual = answer(tiny_advisor, "necesito un crédito, quiero un préstamo para mi negocio")
    women = answer(tiny_advisor, "soy emprendedora, necesito un crédito, quiero un préstamo para mi negocio")
    known = answer(
        tiny_advisor, "necesito un crédito, quiero un préstamo para mi negocio", Profile("UY", "women")
    )
    assert women.topics == known.topics == usual.topics == ("loans",)
    assert women.setting.audience == known.setting.audience == "women"
    assert women.resources[0] == known.resources[0] == "uy-credito-mujeres"
    assert women.women_first
    assert known.women_first
    assert not usual.women_first


def test_on_a_topic_of_women_there_is_nothing_to_tell(tiny_advisor: Advisor) -> None:
    advice = answer(tiny_advisor, "red de mujeres empresarias", Profile("UY", "women"))
    assert advice.topics == ("women-networks",)
    assert not advice.women_first


# -- A11: follow-ups -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "country"),
    [("y en Uruguay?", "UY"), ("¿y en Honduras?", "HN"), ("and in Colombia?", "CO"), ("e na Bolívia?", "BO")],
)
def test_another_country_is_read_with_the_topic_before(advisor: Advisor, question: str, country: str) -> None:
    advice = answer(advisor, question, Profile("AR"), previous="invoicing")
    assert advice.followed_up
    assert advice.topics == ("invoicing",)
    assert advice.setting.country == country


@pytest.mark.parametrize("question", ["y cuánto cuesta?", "and how much does it cost?", "e quanto custa?"])
def test_a_question_that_leans_is_read_with_the_topic_before(advisor: Advisor, question: str) -> None:
    advice = answer(advisor, question, previous="invoicing")
    assert advice.followed_up
    assert advice.topics == ("invoicing",)


@pytest.mark.parametrize(
    ("question", "topic"),
    [("quiero registrar mi marca", "intellectual-property"), ("y un préstamo?", "loans")],
)
def test_a_question_of_its_own_is_not_a_follow_up(advisor: Advisor, question: str, topic: str) -> None:
    advice = answer(advisor, question, previous="invoicing")
    assert not advice.followed_up
    assert advice.topics == (topic,)


def test_nothing_before_is_no_follow_up(advisor: Advisor) -> None:
    advice = ask(advisor, "y en Uruguay?")
    assert not isinstance(advice, Answer) or not advice.followed_up


def test_a_topic_that_is_gone_is_no_follow_up(advisor: Advisor) -> None:
    assert not getattr(ask(advisor, "y en Uruguay?", previous="gone"), "followed_up", False)


# -- A14, A15: talk, and care --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("hola", "greeting"),
        ("buenas tardes!!", "greeting"),
        ("good morning", "greeting"),
        ("bom dia", "greeting"),
        ("muchas gracias", "thanks"),
        ("thank you", "thanks"),
        ("chau, hasta luego", "goodbye"),
        ("quién eres?", "who_are_you"),
        ("sos un inútil", "insult"),
        ("asdfgh", "nonsense"),
        ("😡", "nonsense"),
        ("", "nonsense"),
        ("   \n ", "nonsense"),
        ("???", "nonsense"),
    ],
)
def test_small_talk_gets_its_kind(advisor: Advisor, question: str, kind: str) -> None:
    advice = ask(advisor, question)
    assert isinstance(advice, Smalltalk)
    assert advice.kind == kind


@pytest.mark.parametrize(
    "question", ["quiero hablar con una persona", "can I talk to a human", "quero falar com um atendente"]
)
def test_a_wish_for_a_person_is_a_handoff(advisor: Advisor, question: str) -> None:
    assert isinstance(ask(advisor, question), Handoff)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("mi esposo me pega y tengo miedo", "violence"),
        ("my husband beats me", "violence"),
        ("meu marido me bate", "violence"),
        ("un cliente me manda fotos y me toca", "harassment"),
        ("me piden vacuna o me queman el local", "threats"),
    ],
)
def test_what_needs_care_is_never_answered(advisor: Advisor, question: str, kind: str) -> None:
    advice = ask(advisor, question)
    assert isinstance(advice, Sensitive)
    assert advice.kind == kind


def test_helplines_are_those_of_the_country(tiny_advisor: Advisor) -> None:
    here, there = (ask(tiny_advisor, "mi marido me golpea", Profile(code)) for code in ("UY", "HN"))
    assert isinstance(here, Sensitive)
    assert isinstance(there, Sensitive)
    assert here.helplines == ("red-regional",)
    assert there.helplines == ()


# -- A16, A17: only what was written, with its notice --------------------------------------------


def test_an_answer_holds_nothing_but_what_is_in_the_folder(advisor: Advisor, shipped: Knowledge) -> None:
    for question in SAME:
        advice = answer(advisor, question)
        assert set(advice.topics) <= set(shipped.topics)
        assert set(advice.resources) <= set(shipped.resources)


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        ("cómo hago una factura electrónica", "tax"),
        ("qué impuestos pago", "tax"),
        ("cómo contrato a un empleado", "legal"),
        ("vender por instagram", "none"),
    ],
)
def test_tax_and_law_carry_their_notice(
    advisor: Advisor, shipped: Knowledge, question: str, notice: str
) -> None:
    assert shipped.topics[answer(advisor, question).topics[0]].notice == notice


# -- hostile and strange -------------------------------------------------------------------------

LONG = "necesito un crédito para mi panadería. "


@pytest.mark.parametrize("length", [4_096, 100_000])
def test_a_long_question_is_read_like_a_short_one(advisor: Advisor, length: int) -> None:
    advice = answer(advisor, (LONG * (length // len(LONG) + 1))[:length])
    assert advice.topics == ("loans",)


@pytest.mark.parametrize(
    "question",
    [
        "necesito un crédito\x00\x01\x1b[31m",
        "\u202enecesito un crédito\u202c",
        "n\u200be\u200dc\u2060esito un c\u00adrédito",
        "<b>necesito un crédito</b> & <script>alert(1)</script>",
        "necesito un crédito'; DROP TABLE requests; --",
        "{necesito} un %s crédito {0} ${jndi:ldap://x}",
        "necesito un crédito \ud83d",
        "𝐧𝐞𝐜𝐞𝐬𝐢𝐭𝐨 𝐮𝐧 𝐜𝐫é𝐝𝐢𝐭𝐨",
    ],
)
def test_what_stands_around_a_question_does_not_hide_it(advisor: Advisor, question: str) -> None:
    assert answer(advisor, question).topics[0] == "loans"


@pytest.mark.parametrize(
    "question",
    [
        "قرض لمشروعي",
        "ローンが必要です",
        "\u202e\u202e",
        "\x00",
        "😀" * 2_000,
        "a" * 4_096,
        "á " * 50_000,
        "<>&\"'",
        "1",
        ".;?!",
    ],
)
def test_nothing_raises(advisor: Advisor, question: str) -> None:
    advice = ask(advisor, question)
    assert advice.setting.language in ("es", "en", "pt")
    assert 0 <= advice.confidence <= 1


@settings(deadline=None, max_examples=60)
@given(
    st.text()
    | st.lists(
        st.sampled_from(
            ["crédito", "factura", "y", "en", "Uruguay?", "hola", "Impulsa", "Ceibo", "soy", "mujer"]
        )
    ).map(" ".join)
)
def test_any_text_gets_an_advice(tiny_advisor: Advisor, question: str) -> None:
    advice = ask(tiny_advisor, question, Profile("HN"), previous="loans")
    confidences = [item.confidence for item in advice.candidates]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert len(confidences) <= 5
    for resource_id in getattr(advice, "resources", ()):
        assert tiny_advisor.knowledge.resources[resource_id].serves(advice.setting.country)


# -- the same each time, with and without an encoder ---------------------------------------------


def test_the_same_question_gets_the_same_advice(advisor: Advisor) -> None:
    for question in ("necesito un crédito para mi panadería", "mi marca", "hola", "fútbol"):
        assert ask(advisor, question) == ask(advisor, question)


def test_two_advisors_of_one_folder_say_the_same(tiny: Knowledge) -> None:
    one, other = Advisor(tiny, encoders=[FakeEncoder()]), Advisor(tiny, encoders=[FakeEncoder()])
    for question in ("necesito un crédito", "algo distinto de todo", "factura y exportar"):
        assert ask(one, question) == ask(other, question)


def test_the_encoder_is_asked_only_where_words_are_not_sure(tiny: Knowledge) -> None:
    encoder = FakeEncoder()
    both = Advisor(tiny, encoders=[encoder])
    encoder.encoded.clear()
    assert ask(both, "necesito un crédito").candidates[0].semantic is None
    assert encoder.encoded == []
    assert ask(both, "algo distinto de todo").candidates[0].semantic is not None
    assert len(encoder.encoded) == 1


def test_with_few_phrases_every_encoder_reads_what_words_are_not_sure_of(tiny: Knowledge) -> None:
    quick, deep = FakeEncoder("quick", quick=True, as_typed=True), FakeEncoder("deep")
    both = Advisor(tiny, encoders=[quick, deep])
    quick.encoded.clear()
    deep.encoded.clear()
    ask(both, "Algo distinto de TODO?")
    assert quick.encoded == ["Algo distinto de TODO?"]
    assert deep.encoded == ["algo distinto de todo"]


def test_with_many_phrases_the_last_encoder_reads_alone(
    tiny: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.advice.advisor.FEW_PHRASES", 1)
    quick, deep = FakeEncoder("quick", quick=True), FakeEncoder("deep")
    both = Advisor(tiny, encoders=[quick, deep])
    gists = {resource_gist(resource) for resource in tiny.resources.values()}
    assert set(quick.encoded) == gists
    quick.encoded.clear()
    deep.encoded.clear()
    ask(both, "algo distinto de todo")
    assert (quick.encoded, deep.encoded) == ([], ["algo distinto de todo"])


@pytest.mark.parametrize("quick", [True, False])
def test_only_a_quick_encoder_is_asked_for_the_order_alone(
    tiny: Knowledge, monkeypatch: pytest.MonkeyPatch, quick: bool
) -> None:
    monkeypatch.setattr("bot.advice.ranking.SHOWN_AT_ONCE", 1)
    encoder = FakeEncoder(quick=quick)
    advisor = Advisor(tiny, encoders=[encoder])
    encoder.encoded.clear()
    assert len(answer(advisor, "necesito un crédito", Profile()).resources) > 1
    assert encoder.encoded == (["necesito un crédito"] if quick else [])


def test_the_order_asks_no_encoder_where_all_is_shown(
    tiny: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.advice.ranking.SHOWN_AT_ONCE", 100)
    encoder = FakeEncoder(quick=True)
    advisor = Advisor(tiny, encoders=[encoder])
    encoder.encoded.clear()
    assert answer(advisor, "necesito un crédito", Profile()).resources
    assert encoder.encoded == []


def test_phrases_are_kept_from_one_advisor_to_the_next(tiny: Knowledge, tmp_path: Path) -> None:
    first, second = FakeEncoder(), FakeEncoder()
    assert Advisor(tiny, encoders=[first], cache=tmp_path).fault is None
    Advisor(tiny, encoders=[second], cache=tmp_path)
    assert first.encoded
    assert second.encoded == []


def test_a_cache_that_cannot_be_kept_is_a_fault_not_an_error(tiny: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    advisor = Advisor(tiny, encoders=[FakeEncoder()], cache=tmp_path / "file")
    assert advisor.fault is not None
    assert "phrase vectors cannot be kept" in advisor.fault
    assert isinstance(ask(advisor, "necesito un crédito"), Answer)


def test_advising_changes_nothing(tiny_advisor: Advisor) -> None:
    before = ask(tiny_advisor, "necesito un crédito")
    for question in ("xyzzy", "credddito", "Uruguai", "soy emprendedora"):
        ask(tiny_advisor, question, previous="loans")
    assert ask(tiny_advisor, "necesito un crédito") == before


# -- small folders -------------------------------------------------------------------------------


def topic(folder: Path, id: str, *phrases: str) -> None:
    (folder / "topics").mkdir(exist_ok=True)
    said = "".join(f"    - {phrase}\n" for phrase in phrases)
    (folder / "topics" / f"{id}.yaml").write_text(
        f"id: {id}\ngroup: g\ntitle: {{es: {id}}}\nphrases:\n  es:\n{said}", encoding="utf-8"
    )


def test_topics_alone_are_enough_to_answer(tmp_path: Path) -> None:
    topic(tmp_path, "queso", "hacer queso", "queso fresco", "cuajar la leche para queso")
    topic(tmp_path, "miel", "sacar miel", "cosechar miel", "miel de abejas")
    topic(tmp_path, "lana", "esquilar ovejas", "hilar lana", "lana de oveja")
    advice = answer(Advisor(load(tmp_path)), "cómo hago un queso fresco", Profile())
    assert advice.topics == ("queso",)
    assert advice.resources == ()
    assert advice.setting == Setting("es")


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_topics_load_and_are_asked(tmp_path: Path, count: int) -> None:
    topic(tmp_path, "queso", "hacer queso", "queso fresco")
    if count == 2:
        topic(tmp_path, "miel", "sacar miel", "miel de abejas")
    for encoders in ((), (FakeEncoder(),)):
        advisor = Advisor(load(tmp_path), encoders=encoders)
        assert ask(advisor, "hacer queso fresco").candidates[0].topic == "queso"


def test_everything_the_heads_learn_has_its_label(tiny: Knowledge) -> None:
    labels = {label for _, _, label in training_phrases(tiny)}
    assert ("topic", "loans") in labels
    assert ("out", "sports") in labels
    assert ("small", "handoff") in labels
    assert ("care", "violence") in labels
    assert ("es", "Créditos", ("topic", "loans")) in training_phrases(tiny)


# -- an option chosen by the person --------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "👍", "crédito para mujeres", "a" * 10_000])
def test_a_chosen_topic_is_answered(tiny_advisor: Advisor, question: str) -> None:
    advice = tiny_advisor.answer_topic("loans", Setting("es", "UY"), question=question, day=DAY)
    assert advice.topics == ("loans",)
    assert advice.confidence == 1.0
    assert set(advice.resources) == {"uy-credito", "uy-credito-mujeres", "red-regional", "guia-global"}


def test_a_chosen_topic_keeps_the_order_of_the_question(tiny_advisor: Advisor) -> None:
    advice = tiny_advisor.answer_topic("loans", Setting("es", "UY"), question="Impulsa Ceibo", day=DAY)
    assert advice.resources[0] == "uy-credito"


@pytest.mark.parametrize(
    ("said", "kind"),
    [("👍", "thanks"), ("🙏🏽", "thanks"), ("❤️❤️", "thanks"), ("😡", "nonsense"), ("...", "nonsense")],
)
def test_a_kind_sign_alone_is_thanks(advisor: Advisor, said: str, kind: str) -> None:
    assert getattr(ask(advisor, said), "kind", None) == kind


def test_an_advisor_that_is_no_longer_used_goes_by_itself(tiny: Knowledge) -> None:
    """It holds no ring of references: nobody looks for those (bot/advisors.py)."""
    gc.disable()
    try:
        advisor = Advisor(tiny, encoders=[FakeEncoder()])
        ask(advisor, "necesito un crédito en uruguai")
        left = [
            weakref.ref(part) for part in (advisor, *vars(advisor).values()) if hasattr(part, "__weakref__")
        ]
        del advisor
        alive = [type(part()).__name__ for part in left if part() is not None]
    finally:
        gc.enable()
    assert set(alive) <= {"Knowledge", "Calibration", "FakeEncoder"}
