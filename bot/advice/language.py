"""Which language a question is written in: a linear head over letters, trained on the phrases."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor

from bot.advice.beside import HERE
from bot.advice.classifier import softmax
from bot.advice.features import Arrays, Features, Grams, learn, learned_rows
from bot.advice.kept import NOTHING_KEPT, Kept
from bot.advice.text import clean, fold, words

# Words that belong to one of the three languages alone, spelt as people type them. They decide
# where the letters do not: short questions between Spanish and Portuguese.
ONLY = {
    "es": [
        "el",
        "la",
        "los",
        "las",
        "una",
        "y",
        "con",
        "por",
        "qué",
        "cómo",
        "dónde",
        "cuánto",
        "hay",
        "hola",
        "necesito",
        "quiero",
        "tengo",
        "puedo",
        "hacer",
        "mi",
        "usted",
        "ocupo",
        "donde",
        "saco",
        "buenas",
        "gracias",
        "cuál",
        "quién",
        "está",
        "muy",
        "pero",
        "también",
        "del",
        "al",
        "sin",
        "sobre",
        "negocio",
        "empresa",
        "dinero",
        "plata",
        "ley",
        "hoy",
        "ayuda",
        "puedes",
        "pueden",
    ],
    "pt": [
        "o",
        "os",
        "um",
        "uma",
        "e",
        "com",
        "não",
        "como",
        "onde",
        "quanto",
        "tem",
        "olá",
        "preciso",
        "quero",
        "tenho",
        "posso",
        "fazer",
        "meu",
        "minha",
        "você",
        "vc",
        "voces",
        "pra",
        "pro",
        "tô",
        "qual",
        "quem",
        "está",
        "muito",
        "mas",
        "também",
        "do",
        "da",
        "ao",
        "sem",
        "negócio",
        "empresa",
        "dinheiro",
        "lei",
        "hoje",
        "ajuda",
        "obrigado",
        "obrigada",
        "oi",
        "bom",
        "dia",
        "boa",
        "tarde",
        "são",
        "isso",
        "eu",
        "nós",
        "nota",
        "conseguir",
        "tirar",
        "abrir",
        "até",
        "já",
        "foi",
        "ser",
        "sou",
        "aqui",
    ],
    "en": [
        "the",
        "a",
        "an",
        "and",
        "with",
        "how",
        "what",
        "where",
        "much",
        "is",
        "are",
        "hi",
        "hello",
        "need",
        "want",
        "have",
        "can",
        "do",
        "my",
        "you",
        "for",
        "of",
        "to",
        "in",
        "on",
        "me",
        "i",
        "we",
        "it",
        "this",
        "business",
        "company",
        "money",
        "law",
        "today",
        "help",
        "thanks",
        "who",
        "which",
        "please",
        "does",
        "should",
        "get",
        "from",
        "your",
    ],
}


# Letters seen in one phrase alone say nothing of a language.
LETTERS = (Grams("letters", 1, 4, least_texts=2, most=20_000, accents=True),)
WEIGHT = 20.0
# So many letters tell the language of a long message as well as all: none of 1,541 questions
# (tests/questions/) and 1,029 longer phrases was read otherwise; with 80 letters two were.
LETTERS_READ = 100
# Of a word like "ok" nothing can be told: then the first language of the house is spoken.
LEAST_SURE = 0.6


class LanguageReader:
    """Tells the language of a question; `languages` are those of the knowledge."""

    def __init__(
        self,
        phrases: Mapping[str, Sequence[str]],
        kept: Kept = NOTHING_KEPT,
        workers: Executor = HERE,
    ):
        self.languages = tuple(phrases)
        listed = {tag: frozenset(fold(word) for word in ONLY.get(tag, ())) for tag in self.languages}
        self._only = {
            tag: listed[tag].difference(*(listed[other] for other in listed if other != tag))
            for tag in self.languages
        }
        if len(self.languages) < 2:
            return
        texts = [clean(text).lower() for tag in self.languages for text in phrases[tag]]
        labels = [tag for tag in self.languages for _ in phrases[tag]]

        def make() -> Arrays:
            return dict(workers.submit(_learned, texts, labels).result())

        arrays = kept.arrays("language", [repr((LETTERS, WEIGHT)), *texts, "", *labels], make)
        self._features = Features(LETTERS, arrays)
        self._tags, self._head, self._offsets = sorted(set(labels)), arrays["head"], arrays["offsets"]

    def read(self, question: str, *, usual: str | None = None) -> tuple[str, float]:
        """Return the language and how sure it is, 0 to 1; `usual`, the person's own, wins where unsure."""
        if len(self.languages) < 2:
            return (self.languages or ("es",))[0], 1.0
        usual = usual if usual in self.languages else None
        tokens = words(question)
        if not tokens:
            return usual or self.languages[0], 0.0
        row = self._features.row(question[:LETTERS_READ])
        said = softmax(row.values @ self._head.take(row.indices, axis=0) + self._offsets)
        scores = dict(zip(self._tags, said.tolist(), strict=True))
        for tag in self.languages:
            hits = sum(token in self._only[tag] for token in tokens)
            scores[tag] *= 1.8 ** min(hits, 4)
        total = sum(scores.values())
        best = max(self.languages, key=lambda tag: scores[tag])
        sure = float(scores[best] / total)
        if usual in scores and usual != best and sure < _needed(len(tokens)):
            return str(usual), sure
        if usual is None and sure < LEAST_SURE:
            return self.languages[0], sure
        return best, sure


def _learned(texts: Sequence[str], labels: Sequence[str]) -> Arrays:
    """Learn which letters are which language's; what each phrase holds is not needed any more."""
    from bot.advice import training

    learned = learn(texts, LETTERS)
    found = learned | training.odds(learned_rows(LETTERS, learned), labels, c=WEIGHT, balanced=True)
    return found | {"values": found["values"][:0], "indices": found["indices"][:0]}


def _needed(count: int) -> float:
    """How sure a reading must be to overrule the person's language: more for fewer words."""
    return {1: 0.97, 2: 0.93, 3: 0.88}.get(count, 0.7)
