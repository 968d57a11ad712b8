"""The two heads: probabilities, the same each time, for any text."""

import math
from itertools import pairwise

import numpy as np
import pytest
from fake_encoder import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.classifier import (
    Classifier,
    Lesson,
    LexicalHead,
    Scores,
    SemanticHead,
    between,
    phrases_a_label,
    singles,
    softmax,
    taught,
)
from bot.advice.encoders import Meanings

TEXTS = [
    "necesito un crédito", "quiero un préstamo", "crédito para mi negocio",
    "hacer una factura", "factura electrónica", "me piden factura",
    "quiero exportar miel", "vender en el exterior", "exportar a otro país",
]  # fmt: skip
LABELS = ["loans"] * 3 + ["invoicing"] * 3 + ["export"] * 3
ENCODER = FakeEncoder()
MEANINGS = Meanings(ENCODER, TEXTS)
LESSON = Lesson(MEANINGS, TEXTS)
lexical = Classifier(TEXTS, LABELS)
both = Classifier(TEXTS, LABELS, lessons=[LESSON])


def read(classifier: Classifier, text: str, *, meaning: bool = False) -> Scores:
    scores = classifier.by_words(text)
    return classifier.by_meaning(scores, ENCODER.encode([text])[0]) if meaning else scores


@given(st.text(st.sampled_from("crédito factura exportar \n\0😀ñ1")))
@pytest.mark.parametrize(("classifier", "meaning"), [(lexical, False), (both, False), (both, True)])
def test_probabilities_sum_to_one(classifier: Classifier, meaning: bool, text: str) -> None:
    probability = read(classifier, text, meaning=meaning).probability
    assert probability.sum() == pytest.approx(1.0)
    assert (probability >= 0).all()


@pytest.mark.parametrize("meaning", [False, True])
@pytest.mark.parametrize(
    ("text", "label"),
    [("un crédito", "loans"), ("una factura", "invoicing"), ("exportar", "export")],
)
def test_the_likeliest_label(text: str, label: str, meaning: bool) -> None:
    scores = read(both, text, meaning=meaning)
    assert both.labels[int(scores.probability.argmax())] == label


def test_two_classifiers_of_the_same_phrases_say_the_same() -> None:
    again = Classifier(TEXTS, LABELS, lessons=[LESSON])
    for text in ("un crédito para exportar", "", "xyz"):
        mine, other = read(both, text, meaning=True), read(again, text, meaning=True)
        assert np.array_equal(mine.probability, other.probability)


@pytest.mark.parametrize("n", range(len(TEXTS)))
@pytest.mark.parametrize("meaning", [False, True])
def test_a_phrase_is_its_own_nearest(n: int, meaning: bool) -> None:
    scores = read(both, TEXTS[n], meaning=meaning)
    phrase, nearness = both.nearest(scores, [both.labels.index(LABELS[n])])[0]
    assert TEXTS[phrase] == TEXTS[n]
    assert nearness == pytest.approx(1.0, abs=1e-5)


def test_the_nearest_phrase_is_one_of_the_label() -> None:
    scores = lexical.by_words("crédito")
    found = lexical.nearest(scores, range(len(lexical.labels)))
    assert [LABELS[phrase] for phrase, _ in found] == lexical.labels


def test_labels_are_in_the_same_order_in_both_heads() -> None:
    semantic = SemanticHead(TEXTS, LABELS, MEANINGS)
    assert LexicalHead(TEXTS, LABELS).labels == semantic.labels == lexical.labels == sorted(set(LABELS))


def test_without_vectors_meaning_adds_nothing() -> None:
    words = lexical.by_words("un crédito")
    assert lexical.by_meaning(words, ENCODER.encode(["un crédito"])[0]) is words


def test_two_labels_are_enough() -> None:
    two = Classifier(TEXTS[:6], LABELS[:6], lessons=[LESSON])
    scores = read(two, "factura", meaning=True)
    assert two.labels[int(scores.probability.argmax())] == "invoicing"
    assert scores.probability.sum() == pytest.approx(1.0)


def test_each_encoder_adds_to_what_was_read_before() -> None:
    three = Classifier(TEXTS, LABELS, lessons=[LESSON, LESSON])
    words = three.by_words("un crédito para exportar")
    vector = ENCODER.encode(["un crédito para exportar"])[0]
    once = three.by_meaning(words, vector)
    twice = three.by_meaning(once, vector)
    assert [len(scores.semantic) for scores in (words, once, twice)] == [0, 1, 2]
    assert not np.allclose(once.probability, twice.probability)
    assert three.by_meaning(twice, vector) is twice


def test_softmax_bears_large_numbers() -> None:
    assert softmax(np.array([1e9, 1e9])).tolist() == [0.5, 0.5]


def test_what_was_measured_holds_at_both_ends() -> None:
    assert between((0.3, 0.15), 10) == pytest.approx(0.3)
    assert between((0.3, 0.15), 100) == pytest.approx(0.15)
    assert between((0.3, 0.15), 1) == pytest.approx(0.3)
    assert between((0.3, 0.15), 10_000) == pytest.approx(0.15)
    falling = [between((0.3, 0.15), count) for count in range(10, 101, 10)]
    assert all(before > after for before, after in pairwise(falling))


def test_phrases_a_label_is_the_median() -> None:
    assert phrases_a_label(["a"] * 2 + ["b"] * 4 + ["c"] * 40) == 4


def test_meaning_is_learned_from_all_of_a_few_phrases() -> None:
    assert taught(TEXTS, LABELS, words=1_000) == list(range(len(TEXTS)))


def test_meaning_is_learned_from_the_same_share_of_every_label() -> None:
    labels = [label for label, count in (("a", 4000), ("b", 1000), ("c", 5)) for _ in range(count)]
    texts = [" ".join([f"frase{n}", *["más"] * 19]) for n in range(len(labels))]
    share = 30_000 / (20 * len(texts))
    chosen = taught(texts, labels, words=30_000)
    counts = [sum(labels[n] == label for n in chosen) for label in "abc"]
    assert counts == [math.ceil(4000 * share), math.ceil(1000 * share), 5]
    assert sum(20 for _ in chosen) <= 30_300


def test_a_phrase_more_changes_little_of_what_meaning_is_learned_from() -> None:
    texts = [" ".join([f"frase{n}", *["más"] * 19]) for n in range(4000)]
    before = {texts[n] for n in taught(texts, ["a"] * 4000, words=30_000)}
    more = [*texts, "una frase más"]
    after = {more[n] for n in taught(more, ["a"] * 4001, words=30_000)}
    assert len(before ^ after) <= 2


def test_half_precision_is_read_exactly() -> None:
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    numbers = every[np.isfinite(every)].reshape(-1, 2)
    assert singles(numbers).tolist() == numbers.astype(np.float32).tolist()


def test_with_one_label_there_is_nothing_to_tell_apart() -> None:
    head = LexicalHead(TEXTS[:3], LABELS[:3])
    assert head.probabilities(head.features.row("una factura")) == pytest.approx([1.0])
