"""Gaps: unanswered questions that are alike, grouped, counted and named.

Grouping is greedy star clustering (Aslam, Pelekhov and Rus 2004): the question with the most
neighbours takes them all and names the group, then the next one that is left. It needs no number of
groups, does not depend on the order of the rows, and its centre is the most central question.
"""

import datetime
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.advice.encoders import Vectors
from bot.conversation.privacy import masked
from bot.insight.asked import Asked, Outcomes, said

# scikit-learn is loaded where groups are made: the process that answers needs none of its 70 MB.
if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Read = Callable[[Sequence[str]], Mapping[str, Vectors]]
"""Gives an encoder's vectors of questions: of all of them, or of the first as many as there is time for."""

# From these cosines on, two questions are neighbours: of letters, and of centred vectors of the encoder where
# they are handed in. On 51 questions of 12 needs among 300 phrases of other topics, letters alone put
# together pairs of which 70 % are right, and find 27 % of those there are; with vectors of USE 75 % and 68 %,
# of e5 76 % and 57 % (benchmarks/gaps.py --meaning).
ALIKE = 0.45
ALIKE_IN_MEANING = 0.5
BLOCK = 500
SHOWN_WORDINGS = 12

# Words around a question that tell nothing of the need.
AROUND = frozenset(
    [
        "a",
        "al",
        "algo",
        "alguien",
        "alguna",
        "algun",
        "alla",
        "ante",
        "aqui",
        "aca",
        "ay",
        "ayuda",
        "buenas",
        "buenos",
        "buen",
        "como",
        "con",
        "cual",
        "cuales",
        "cuando",
        "cuanto",
        "cuanta",
        "cuantos",
        "de",
        "del",
        "desde",
        "dia",
        "dias",
        "disculpe",
        "disculpa",
        "donde",
        "e",
        "el",
        "ella",
        "ellos",
        "en",
        "era",
        "es",
        "esa",
        "ese",
        "eso",
        "esta",
        "estan",
        "este",
        "esto",
        "estoy",
        "existe",
        "favor",
        "fue",
        "gracias",
        "ha",
        "hace",
        "hacer",
        "hago",
        "hay",
        "hola",
        "informacion",
        "la",
        "las",
        "le",
        "les",
        "lo",
        "los",
        "mas",
        "me",
        "mi",
        "mis",
        "muy",
        "nada",
        "necesito",
        "ni",
        "no",
        "noches",
        "nos",
        "o",
        "oiga",
        "para",
        "pero",
        "por",
        "porque",
        "pueda",
        "puede",
        "puedes",
        "puedo",
        "q",
        "que",
        "quien",
        "quiero",
        "quisiera",
        "saber",
        "se",
        "ser",
        "si",
        "sin",
        "sobre",
        "son",
        "soy",
        "su",
        "sus",
        "tambien",
        "tardes",
        "te",
        "tener",
        "tengo",
        "tiene",
        "tienen",
        "todo",
        "tu",
        "un",
        "una",
        "uno",
        "unos",
        "urgente",
        "usted",
        "ustedes",
        "va",
        "voy",
        "xq",
        "y",
        "ya",
        "yo",
        "an",
        "about",
        "am",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "can",
        "could",
        "do",
        "does",
        "for",
        "from",
        "get",
        "good",
        "have",
        "hello",
        "help",
        "hey",
        "hi",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "me",
        "my",
        "need",
        "of",
        "on",
        "or",
        "our",
        "please",
        "thank",
        "thanks",
        "that",
        "the",
        "there",
        "this",
        "to",
        "want",
        "we",
        "what",
        "when",
        "where",
        "which",
        "who",
        "with",
        "would",
        "you",
        "your",
        "ao",
        "aos",
        "as",
        "ate",
        "bom",
        "boa",
        "com",
        "como",
        "da",
        "das",
        "de",
        "do",
        "dos",
        "ela",
        "ele",
        "em",
        "essa",
        "esse",
        "esta",
        "estou",
        "eu",
        "fazer",
        "ha",
        "isso",
        "ja",
        "mais",
        "mas",
        "meu",
        "minha",
        "muito",
        "na",
        "nas",
        "nao",
        "nem",
        "no",
        "nos",
        "obrigada",
        "obrigado",
        "oi",
        "ola",
        "onde",
        "ou",
        "para",
        "pela",
        "pelo",
        "por",
        "posso",
        "preciso",
        "pra",
        "quais",
        "qual",
        "quando",
        "quanto",
        "quem",
        "quero",
        "sao",
        "se",
        "sem",
        "ser",
        "seu",
        "sou",
        "sua",
        "tem",
        "tenho",
        "ter",
        "uma",
        "voce",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Unanswered questions of one language that are alike. `name` is the most central, masked.

    `id` stays the same as long as the central question does. `topic` is the nearest in the eyes of the
    bot, None where it saw none, with its mean `confidence`. `requests` are ids, newest first, and
    `wordings` the distinct ways it was asked, masked, the most central first.
    """

    id: str
    name: str
    language: str | None
    count: int
    people: int
    countries: Mapping[str, int]
    reasons: Mapping[str, int]
    topic: str | None
    confidence: float
    first: datetime.datetime
    last: datetime.datetime
    requests: tuple[str, ...]
    wordings: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the group as JSON has it."""
        return {
            **vars(self),
            "first": self.first.isoformat(timespec="seconds"),
            "last": self.last.isoformat(timespec="seconds"),
            "requests": list(self.requests),
            "wordings": list(self.wordings),
        }


def unanswered(
    rows: Iterable[Asked], *, out_of_scope: Collection[str] = (), ignored: Collection[str] = ()
) -> list[tuple[Asked, str]]:
    """Return the questions that were not answered, each with why, in the order given.

    `out_of_scope` are groups of the knowledge that are known not to be ours, `ignored` wordings that
    staff set aside (by their words): neither is a gap.
    """
    outcomes, known, aside = Outcomes(rows), frozenset(out_of_scope), frozenset(ignored)
    found = []
    for row in outcomes.questions:
        why = outcomes.why_unanswered(row)
        if (
            why is None
            or not row.question.strip()
            or row.said in aside
            or (row.outcome == "no_match" and row.kind in known)
        ):
            continue
        found.append((row, why))
    return found


def gaps(
    rows: Iterable[Asked],
    *,
    language: str | None = None,
    country: str | None = None,
    out_of_scope: Collection[str] = (),
    ignored: Collection[str] = (),
    read: Read | None = None,
) -> list[Group]:
    """Return the groups of unanswered questions, largest first.

    `rows` are all logged questions of the time in question, answered ones too: a choice made later is
    one of them. `read` is asked once, for each different question, the newest first: what it gives no
    vector of is compared by its letters alone.
    """
    wanted = [
        (row, why)
        for row, why in unanswered(rows, out_of_scope=out_of_scope, ignored=ignored)
        if language in (None, row.language) and country in (None, row.country)
    ]
    vectors = read(_different(wanted)) if read is not None else {}
    groups = []
    for tag in sorted({row.language or "" for row, _ in wanted}):
        groups += _of_language([(row, why) for row, why in wanted if (row.language or "") == tag], vectors)
    return sorted(groups, key=lambda group: (-group.count, -group.people, group.name, group.id))


def _different(asked: Sequence[tuple[Asked, str]]) -> list[str]:
    """Return each question that is not the same words again, as it was asked first, the newest first."""
    first: dict[tuple[str, str], str] = {}
    for row, _ in asked:
        first.setdefault((row.language or "", row.said), row.question)
    return list(reversed(first.values()))


def _of_language(asked: Sequence[tuple[Asked, str]], vectors: Mapping[str, Vectors]) -> list[Group]:
    by_text: dict[str, list[tuple[Asked, str]]] = {}
    for row, why in asked:
        by_text.setdefault(row.said, []).append((row, why))
    texts = sorted(by_text)
    near = _neighbours(texts)
    if vectors:
        near = near.maximum(_near_in_meaning([by_text[text][0][0].question for text in texts], vectors))
    often = np.array([len(by_text[text]) for text in texts])
    return [
        _group([item for place in places for item in by_text[texts[place]]])
        for places in _stars(near.tocsr(), often, texts)
    ]


def _stars(near: "csr_matrix", often: Any, texts: Sequence[str]) -> list[list[int]]:
    """Return places of texts, one list a group, its centre first and the rest by their nearness to it."""
    reach = (near > 0).astype(np.int64) @ often
    free = np.ones(len(texts), dtype=bool)
    groups = []
    for centre in sorted(range(len(texts)), key=lambda place: (-reach[place], texts[place])):
        if not free[centre]:
            continue
        row = slice(near.indptr[centre], near.indptr[centre + 1])
        members = [
            (-value, int(place))
            for place, value in zip(near.indices[row], near.data[row], strict=True)
            if free[place] and place != centre
        ]
        group = [centre, *(place for _, place in sorted(members))]
        free[group] = False
        groups.append(group)
    return groups


def _neighbours(texts: Sequence[str]) -> "csr_matrix":
    """Return the cosines of letters between texts that are alike; each is its own neighbour."""
    from scipy.sparse import vstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    plain = [" ".join(word for word in text.split() if word not in AROUND) or text or "-" for text in texts]
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, dtype=np.float32)
    rows = letters.fit_transform(plain).tocsr()
    turned = rows.T.tocsr()
    blocks = []
    for start in range(0, len(texts), BLOCK):
        cosines = (rows[start : start + BLOCK] @ turned).tocsr()
        cosines.data[cosines.data < ALIKE] = 0
        cosines.eliminate_zeros()
        blocks.append(cosines)
    return _with_itself(vstack(blocks).tocsr())


def _near_in_meaning(questions: Sequence[str], vectors: Mapping[str, Vectors]) -> "csr_matrix":
    from scipy.sparse import csr_matrix, vstack

    size = len(next(iter(vectors.values())))
    rows = np.stack([vectors.get(question, np.zeros(size, dtype=np.float32)) for question in questions])
    known = np.abs(rows).sum(axis=1) > 0
    if known.any():
        rows = np.where(known[:, None], rows - rows[known].mean(axis=0), 0)
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    blocks = []
    for start in range(0, len(rows), BLOCK):
        cosines = rows[start : start + BLOCK] @ rows.T
        cosines[cosines < ALIKE_IN_MEANING] = 0
        blocks.append(csr_matrix(cosines))
    return vstack(blocks).tocsr()


def _with_itself(near: "csr_matrix") -> "csr_matrix":
    near = near.tolil()
    near.setdiag(1)
    return near.tocsr()


def _group(members: Sequence[tuple[Asked, str]]) -> Group:
    rows = [row for row, _ in members]
    centre = rows[0]
    topic, confidence = _nearest(rows)
    newest = sorted(rows, key=lambda row: (row.time, row.id), reverse=True)
    wordings = list(dict.fromkeys(masked(row.question.strip()) for row in rows))
    return Group(
        id=_identity(centre),
        name=_name(rows),
        language=centre.language,
        count=len(rows),
        people=len({row.person for row in rows}),
        countries=_counted(row.country or "" for row in rows),
        reasons=_counted(why for _, why in members),
        topic=topic,
        confidence=confidence,
        first=newest[-1].time,
        last=newest[0].time,
        requests=tuple(row.id for row in newest),
        wordings=tuple(wordings[:SHOWN_WORDINGS]),
    )


def _name(rows: Sequence[Asked]) -> str:
    """Return the centre as it is said shortest: without thanks, greetings and numbers, if anybody did so."""

    def core(row: Asked) -> list[str]:
        return [word for word in row.said.split() if word not in AROUND]

    same = [masked(row.question.strip()) for row in rows if core(row) == core(rows[0])]
    return min(same, key=lambda text: (len(text), text))


def _identity(centre: Asked) -> str:
    return "g" + wording_id(centre.language, centre.question)


def wording_id(language: str | None, wording: str) -> str:
    """Return an id that is the same for the same words in the same language, whatever their marks."""
    return hashlib.blake2b(f"{language} {said(wording)}".encode(), digest_size=5).hexdigest()


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))


def _nearest(rows: Sequence[Asked]) -> tuple[str | None, float]:
    """Return the topic that the bot thought of most, and its mean confidence over all the rows."""
    sums: Counter[str] = Counter()
    for row in rows:
        for topic, confidence in row.candidates[:1]:
            sums[topic] += confidence  # type: ignore[assignment]
    if not sums:
        return None, 0.0
    topic = min(sums, key=lambda name: (-sums[name], name))
    return topic, round(sums[topic] / len(rows), 4)
