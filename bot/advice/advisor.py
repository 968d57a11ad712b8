"""From a question to an `Advice`: the steps in order, each in its own room's module.

cleaned text -> setting (language, country, audience) -> the knowledge's own words -> the heads
-> names -> confidence -> decision -> resources of the topic for the setting.
"""

import datetime
import functools
import re
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.advice.advice import Advice, Answer, Candidate, Clarify, Handoff, NoMatch, Sensitive, Smalltalk
from bot.advice.audience import audience_of
from bot.advice.beside import HERE
from bot.advice.calibration import Calibration, Evidence
from bot.advice.classifier import Classifier, Lesson, Matrix, between, phrases_a_label, taught
from bot.advice.courtesy import Courtesies
from bot.advice.dictionary import Dictionary
from bot.advice.distress import DistressReader
from bot.advice.encoders import Encoder, Meanings, Progress, Vectors, fitting
from bot.advice.kept import Kept
from bot.advice.knowledge import COUNTRIES, Knowledge, fingerprint
from bot.advice.language import LanguageReader
from bot.advice.leaning import Words
from bot.advice.names import NameHit, NameIndex
from bot.advice.phrases import CARE, OUT, SMALL, TOPIC, by_language, said, standard, training_phrases
from bot.advice.ranking import OPEN_AUDIENCES, Met, Ranked, Ranking, resource_gist
from bot.advice.reading import Labels, Reading
from bot.advice.setting import Clue, PlaceReader, Profile, Setting, country_of
from bot.advice.text import LONGEST_READ, clean, is_blank, words
from bot.advice.vague import VagueReader
from bot.advice.wording import Wording

NOBODY = Profile()
SHOWN_CANDIDATES = 5
# Asking back with four options, those a seventh as likely as the best: none of 52 right ones was lost.
MOST_OPTIONS, FEWEST, LEAST_LIKELY = 4, 2, 0.15
LIKELY_OUT = 0.5
# Not very sure, and a second topic close: the answer holds both. On 600 questions of ours and 145 that
# are not (tests/questions/), beside a lower threshold for one topic: four in a hundred more are shown a
# fitting resource, one fewer is answered wrong, and a third fewer of what is not ours is answered. The
# second has 0.3 of the first's probability at least: at 0.15 more were shown that nobody asked for. Both have
# 0.16 together: at 0.2 one question in two hundred fewer is answered right, at 0.1 more that are not ours are
# answered.
SURE, EITHER, SURELY_OURS, CLOSE, NOT_A_GUESS = 0.8, 0.3, 0.7, 0.3, 0.16
NONSENSE, THANKS = "nonsense", "thanks"
# Said alone, these end a talk kindly.
THANKFUL = frozenset("👍👌🙏🙌👏💪❤🧡💛💚💙💜🥰😊🤗🤝")
HANDOFF = "handoff"

# With fewer phrases a label every encoder reads what a question is about, each where what was read before it
# is not sure; with more, the others add nothing to what the last says (docs/adr/0003-classifier.md).
FEW_PHRASES = 30
# Of a long question the words tell more, and a slow encoder takes longest: it is asked less from so many
# spaces on. On 1,137 questions the 95th percentile fell from 42 to 28 ms of CPU, one read otherwise.
LONG, SURE_OF_LONG = 14, 0.25
# An encoder takes up to two milliseconds a word. Beyond the longest of our questions it reads no further;
# stopping at 32 words lost two of 55 long ones.
LONGEST_MET = 60

# A name lifts its resource's topics: bounded, so that a name inside a clear question only nudges it.
NAME_LIFT = 2.0
LONGER_NAME = 0.3
SURE_NAME, OWN_NAME, RARE_WORD = 0.8, 2.0, 5
LEAST_CARE, LEAST_TALK = 0.2, 0.3
NAME_ALONE = 0.6
# Of 101 cries for help the least sounds like distress by 0.46; of 137 ordinary sentences in the same words
# all but one that would be taken for one by less than 0.02 (tests/advice/care.yaml). What surely does needs
# half the likelihood, and may have a topic beside it that is likelier, not three times: a bank, a name.
LEAST_DISTRESS, SURE_DISTRESS = 0.05, 0.998
LIKELIER = 3
# A part that asks for another topic counts by its own probability there, and a little by the whole
# question's: on 40 questions with two needs and 560 with one (tests/questions/).
WHOLE_QUESTION = 1 / 3
SECOND_NEED = 0.2
# Where the first need is very sure little is left for the second: a part that is sure by itself is
# then held against what is left.
SURE_PART, NEARLY_NOTHING = 0.5, 0.02
# Small talk that is never taken for a question that goes on.
ENDING = frozenset({THANKS, "goodbye", "greeting", "insult"})
UNLIKELY_TO_LEAN = 0.5


def is_learned(folder: Path, encoders: Sequence[Encoder], cache: Path | None) -> bool:
    """Say whether an advisor on `folder` would find all it learns in `cache`."""
    found = fingerprint(folder) if cache is not None else None
    return found is not None and Kept(cache).has("learned", _learned_from(found, encoders))


def _learned_from(found: str, encoders: Sequence[Encoder]) -> list[str]:
    code = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
    return [*code, found, *(encoder.name for encoder in encoders)]


class Advisor:
    """Advises on one state of the knowledge. Building it trains the heads; advising changes nothing.

    `encoders` are asked in turn, each where what was read before it is not sure; without any, words decide.
    `workers` find the heads that are not kept.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        *,
        encoders: Sequence[Encoder] = (),
        cache: Path | None = None,
        progress: Progress | None = None,
        calibration: Calibration | None = None,
        workers: Executor = HERE,
    ):
        self.knowledge = knowledge
        phrases = training_phrases(knowledge)
        self.encoders = fitting(encoders, {language for language, _, _ in phrases})
        """Those of the encoders that read the languages of this knowledge."""
        self.quickest = self.encoders[0] if self.encoders else None
        """The one that is asked first, of which reading much takes least; None where words alone are read."""
        self._phrases = [text for _, text, _ in phrases]
        kept = Kept(cache)
        beside = ThreadPoolExecutor(1)
        languages = beside.submit(LanguageReader, by_language(knowledge, phrases), kept, workers)
        read = said(phrases, kept)
        ordinary = frozenset(read["ordinary"])
        self._vague = VagueReader(knowledge.vague.values())
        self._names = NameIndex(knowledge.resources.values(), ordinary=ordinary)
        self._places = PlaceReader(knowledge.places, known=ordinary)
        names = self._names.vocabulary | self._places.vocabulary
        self._wording = Wording(
            read["words"],
            synonyms=knowledge.synonyms,
            names=names,
            general=frozenset(read["general"]),
            dictionary=Dictionary(kept),
        )
        knowing = [repr(knowledge.synonyms), *sorted(names)]
        texts = standard(phrases, kept, by=self._wording.standard, knowing=knowing)
        asked = [text for text, (_, _, (kind, _)) in zip(texts, phrases, strict=True) if kind in (TOPIC, OUT)]
        put = self._wording.standard
        distress = beside.submit(
            DistressReader, knowledge.sensitive, others=asked, standard=put, kept=kept, workers=workers
        )
        beside.shutdown(wait=False)
        labels = ["\t".join(label) for _, _, label in phrases]
        count = phrases_a_label(labels)
        self._readers = self.encoders if count < FEW_PHRASES else self.encoders[-1:]
        self._asked_below = [between(encoder.asked_below, count) for encoder in self._readers]
        meanings: list[Meanings] = []
        lessons: list[Lesson] = []
        for encoder in self.encoders:
            met = [resource_gist(resource) for resource in knowledge.resources.values()]
            read_as = self._phrases if encoder.as_typed else texts
            if encoder in self._readers:
                chosen = taught(read_as, labels, words=encoder.words_taught)
                met += [read_as[n] for n in chosen]
            meanings.append(Meanings(encoder, met, folder=cache, progress=progress))
            if encoder in self._readers:
                lessons.append(Lesson(meanings[-1], read_as, frozenset(chosen)))
        self._classifier = Classifier(texts, labels, lessons=lessons, kept=kept, workers=workers)
        needs = (text for _, text, (kind, _) in phrases if kind in (TOPIC, OUT))
        self._courtesies = Courtesies(knowledge.smalltalk, needs)
        self._ranking = Ranking(knowledge.resources, meanings=meanings, kept=kept)
        self._languages, self._distress = languages.result(), distress.result()
        self._labels = Labels(self._classifier.labels)
        self.fault = next((met.fault for met in meanings if met.fault), None)
        kept.data("learned", _learned_from(knowledge.fingerprint, encoders), lambda: True)
        scoped = bool(knowledge.out_of_scope)
        self.calibration = calibration or Calibration.default(semantic=bool(self.encoders), scoped=scoped)
        self._by_words = (
            Calibration.default(semantic=False, scoped=scoped) if self.encoders else self.calibration
        )

    # -- reading ---------------------------------------------------------------------------------

    def demote(self, resources: Collection[str]) -> None:
        """Have these resources, whose addresses do not open, step back from now on, and no others."""
        self._ranking.dead = frozenset(resources)

    @property
    def demoted(self) -> frozenset[str]:
        """The resources that step back now."""
        return self._ranking.dead

    def setting(self, question: str, profile: Profile, *, names: Sequence[NameHit] | None = None) -> Setting:
        """Return the language, country and audience that govern an answer to `question`."""
        clues = self._places.clues(question) or self._named_country(
            self._names.find(question) if names is None else names
        )
        language, _ = self._languages.read(question, usual=profile.language)
        names = self._names.find(question) if names is None else names
        audience, said = audience_of(question, profile.audience, named=self._named_for_women(names))
        return Setting(
            language=language,
            country=country_of(clues, profile.country),
            audience=audience,
            clues=(*clues, *([said] if said else [])),
        )

    def _named_country(self, names: Sequence[NameHit]) -> list[Clue]:
        """Return a clue where what is called by name belongs to one country alone."""
        for hit in names:
            countries = {code for id in hit.resources for code in self.knowledge.resources[id].countries}
            rare = any(
                len(word) >= RARE_WORD and word not in self._wording.known for word in hit.name.split()
            )
            sure = rare and hit.strength >= SURE_NAME
            if sure and len(countries) == 1 and countries <= set(COUNTRIES):
                return [Clue("country", hit.asked, next(iter(countries)), OWN_NAME)]
        return []

    def _named_for_women(self, names: Sequence[NameHit]) -> str:
        """Return the first name of something made for women alone, or an empty text."""
        for hit in names:
            made_for = [set(self.knowledge.resources[resource_id].audience) for resource_id in hit.resources]
            if made_for and all(
                "women" in audience and not audience & OPEN_AUDIENCES for audience in made_for
            ):
                return hit.asked
        return ""

    def read(self, question: str, language: str, names: Sequence[NameHit] = ()) -> Reading:
        """Return what the heads say of `question`, lifted by the names in it."""
        text = self._wording.standard(question, language)
        scores = self._classifier.by_words(text)
        vectors: dict[str, Vectors] = {}
        for encoder, below in zip(self._readers, self._asked_below, strict=True):
            long = not encoder.quick and text.count(" ") >= LONG
            if scores.probability.max() >= (min(below, SURE_OF_LONG) if long else below):
                break
            vectors[encoder.name] = self._met(encoder, question, language)
            scores = self._classifier.by_meaning(scores, vectors[encoder.name])
        return Reading(text, vectors, scores, self._lifted(scores.probability, names), self._labels)

    def _met(self, encoder: Encoder, question: str, language: str) -> Vectors:
        """Return the encoder's vector of `question`, read as it was typed or in the knowledge's own words."""
        put = self._wording.mended if encoder.as_typed else self._wording.standard
        read = put(question, language)
        return np.asarray(encoder.encode([" ".join(read.split()[:LONGEST_MET])])[0])

    def _read_by_words(self, part: str, language: str, names: Sequence[NameHit]) -> Reading:
        text = self._wording.standard(part, language)
        scores = self._classifier.by_words(text)
        spoken = f" {' '.join(words(part))} " if names else ""
        here = [hit for hit in names if f" {hit.asked} " in spoken]
        return Reading(text, {}, scores, self._lifted(scores.probability, here), self._labels)

    def _lifted(self, probability: Matrix, names: Sequence[NameHit]) -> Matrix:
        lift: dict[str, float] = {}
        for hit in names:
            weight = hit.strength * (1 + LONGER_NAME * (min(hit.words, 4) - 1)) / len(hit.resources) ** 0.5
            for resource_id in hit.resources:
                for place, topic in enumerate(self.knowledge.resources[resource_id].topics):
                    lift[topic] = max(lift.get(topic, 0.0), weight / (1 + place / 2))
        if not lift:
            return probability
        raised = probability.copy()
        for topic, weight in lift.items():
            raised[self._labels.column[topic]] *= np.exp(NAME_LIFT * weight)
        return np.asarray(raised / raised.sum())

    # -- deciding --------------------------------------------------------------------------------

    def advise(
        self,
        question: str,
        *,
        day: datetime.date,
        profile: Profile = NOBODY,
        previous: str | None = None,
    ) -> Advice:
        """Return the advice for `question`; `previous` is the topic answered before, if any."""
        question = clean(question)[:LONGEST_READ]
        if is_blank(question):
            setting = Setting(
                self._languages.read("", usual=profile.language)[0], profile.country, profile.audience
            )
            kind = THANKS if THANKFUL & {*question} else NONSENSE
            return Smalltalk(setting, kind=kind) if kind in self.knowledge.smalltalk else NoMatch(setting)
        whole, question = question, self._courtesies.bare(question)
        names = tuple(self._names.find(question))
        setting = self.setting(whole, profile, names=names)
        reading = self.read(question, setting.language, names)
        advice = self._common(reading, setting, names)
        care = self._care(reading, advice)
        if care is not None:
            return care
        if previous in self.knowledge.topics and self._follows_up(question, reading, advice):
            return self._answer(advice, reading, question, day=day, topics=(str(previous),), followed_up=True)
        if options := self._vague.options(words(_without_places(question, setting))):
            return Clarify(**vars(advice), options=options)
        talk = self._talk(reading, advice)
        if talk is not None:
            return talk
        named = self._named_alone(question, names)
        if named or advice.confidence >= self.calibration.answer_threshold:
            topics = self._needs(question, advice, reading)
            if named or len(topics) > 1 or not self._either(advice):
                return self._answer(advice, reading, question, day=day, topics=topics)
        if self._either(advice):
            both = tuple(item.topic for item in advice.candidates[:2])
            return self._answer(advice, reading, question, day=day, topics=both, either=True)
        group, _ = reading.best(OUT)
        outside = reading.mass(OUT) > LIKELY_OUT
        if advice.confidence >= self.calibration.clarify_threshold and not outside:
            return self._clarify(advice, reading)
        return NoMatch(**vars(advice), group=group if outside else None)

    def _common(self, reading: Reading, setting: Setting, names: tuple[NameHit, ...]) -> Advice:
        """Return what every outcome shares, the candidates with calibrated confidence."""
        scores = reading.scores
        calibration = self.calibration if scores.semantic else self._by_words
        rival = reading.best(OUT)[1]
        candidates: list[Candidate] = []
        ranked = reading.topics()
        columns = [self._labels.column[topic] for topic, _ in ranked[:SHOWN_CANDIDATES]]
        near = self._classifier.nearest(scores, columns)
        for rank, ((topic, p), n, (phrase, nearness)) in enumerate(
            zip(ranked[:SHOWN_CANDIDATES], columns, near, strict=True)
        ):
            other = ranked[1 - min(rank, 1)][1] if len(ranked) > 1 else 0.0
            evidence = Evidence(
                share=p / (p + rival + 1e-9),
                probability=p,
                closeness=min(1.0, other / (p + 1e-9)),
                nearness=nearness,
            )
            confidence = calibration.confidence(evidence)
            candidates.append(
                Candidate(
                    topic,
                    confidence if rank == 0 else min(confidence, candidates[-1].confidence),
                    evidence=evidence,
                    phrase=self._phrases[phrase],
                    nearness=nearness,
                    lexical=float(scores.lexical[n]),
                    semantic=float(scores.semantic[-1][n]) if scores.semantic else None,
                )
            )
        return Advice(
            setting,
            candidates=tuple(candidates),
            confidence=candidates[0].confidence if candidates else 0.0,
            names=names,
            read_as=reading.text,
        )

    def _care(self, reading: Reading, advice: Advice) -> Sensitive | None:
        """Return the advice where somebody is being hurt: asking back would be worse than too much care."""
        care = reading.mass(CARE)
        other = max(reading.best(TOPIC)[1], reading.best(OUT)[1])
        if care < max(LEAST_CARE / 2, other / LIKELIER):
            return None
        needed = LEAST_DISTRESS if care > max(other, LEAST_CARE) else SURE_DISTRESS
        if self._distress.distress(reading.text) < needed:
            return None
        kind, _ = reading.best(CARE)
        helplines = self.knowledge.sensitive[kind].helplines.get(advice.setting.country or "", ())
        return Sensitive(**vars(advice), kind=kind, helplines=tuple(helplines))

    def _talk(self, reading: Reading, advice: Advice) -> Advice | None:
        """Return the advice where the message is no question: a greeting, thanks, a wish for a person."""
        small = reading.mass(SMALL)
        if advice.names or small <= max(reading.best(TOPIC)[1], reading.best(OUT)[1], LEAST_TALK):
            return None
        kind, _ = reading.best(SMALL)
        unsure = replace(advice, confidence=min(advice.confidence, 1 - small))
        return Handoff(**vars(unsure)) if kind == HANDOFF else Smalltalk(**vars(unsure), kind=kind)

    def _named_alone(self, question: str, names: Sequence[NameHit]) -> bool:
        """Say whether the question is little more than a name: then the name decides at once."""
        said = sum(hit.words for hit in names if hit.strength > 0.75 and len(hit.resources) <= 3)
        return said > 0 and said / max(1, len(words(question))) >= NAME_ALONE

    def _either(self, advice: Advice) -> bool:
        """Say whether the question may as well ask for the second topic: both are answered then.

        Below the threshold for an answer it has to be surely ours, too.
        """
        evidence = advice.candidates[0].evidence if len(advice.candidates) >= FEWEST else None
        if evidence is None or evidence.closeness < CLOSE or advice.confidence >= SURE:
            return False
        if advice.confidence >= self.calibration.answer_threshold:
            return True
        if advice.confidence < max(EITHER, self.calibration.clarify_threshold):
            return False
        likely = evidence.probability * (1 + evidence.closeness)
        return evidence.share >= SURELY_OURS and likely >= NOT_A_GUESS

    def _follows_up(self, question: str, reading: Reading, advice: Advice) -> bool:
        """Say whether `question` leans on what was asked before: "y en Uruguay?", "how much is it?"."""
        if advice.names:
            return False
        places = {
            word for clue in advice.setting.clues if clue.kind == "country" for word in clue.text.split()
        }
        all_words = words(question)
        left = [word for word in all_words if word not in places]
        said = Words(all_words, left, {word for word in left if self._wording.is_general(word)})
        # A place by itself reads like a journey ("e em La Paz?").
        if reading.mass(OUT) > UNLIKELY_TO_LEAN and not said.only_place:
            return False
        talk, surely = reading.best(SMALL)
        if surely > LEAST_TALK and not places and (talk in ENDING or not said.goes_on):
            return False
        return said.lean(advice.confidence)

    def _needs(self, question: str, advice: Advice, reading: Reading) -> tuple[str, ...]:
        """Return the topics to answer: the best, and a second where another part asks for it.

        Parts are read by their words alone: with the encoder as many second needs were found, at ten
        times the time (docs/adr/0003-classifier.md).
        """
        main, sure = reading.best(TOPIC)
        found = [("", 0.0)]
        for part in _parts(question):
            topic, p = self._read_by_words(part, advice.setting.language, advice.names).best(TOPIC)
            if topic != main:
                whole = reading.of(topic)
                left = whole / max(1 - sure, NEARLY_NOTHING)
                known = max(left if p >= SURE_PART else 0.0, whole)
                found.append((topic, p * known**WHOLE_QUESTION))
        second, strength = max(found, key=lambda item: item[1])
        return (main, second) if strength >= SECOND_NEED else (main,)

    def _clarify(self, advice: Advice, reading: Reading) -> Clarify:
        likely = reading.topics()[:MOST_OPTIONS]
        least = likely[0][1] * LEAST_LIKELY
        options = tuple(topic for n, (topic, p) in enumerate(likely) if n < FEWEST or p >= least)
        return Clarify(**vars(advice), options=options)

    def answer_topic(self, topic: str, setting: Setting, *, question: str, day: datetime.date) -> Answer:
        """Return the answer for a topic chosen by the person, ordered by the question's own words."""
        names = tuple(self._names.find(question))
        advice = Advice(setting, candidates=(Candidate(topic, 1.0),), confidence=1.0, names=names)
        return self._resources(advice, (topic,), clean(question)[:LONGEST_READ], {}, day=day)

    def _to_order_by(self, question: str, vectors: Mapping[str, Vectors], language: str) -> Met | None:
        """Return `question` as resources are ordered by it: as it was read already, or by a quick encoder."""
        for name, vector in vectors.items():
            return Met(name, vector)
        if is_blank(question):
            return None
        quick = (encoder for encoder in self.encoders if encoder.quick)
        return next((Met(encoder.name, self._met(encoder, question, language)) for encoder in quick), None)

    def _answer(
        self,
        advice: Advice,
        reading: Reading,
        question: str,
        *,
        day: datetime.date,
        topics: tuple[str, ...],
        followed_up: bool = False,
        either: bool = False,
    ) -> Advice:
        answer = self._resources(advice, topics, question, reading.vectors, day=day)
        return replace(answer, followed_up=followed_up, either=either)

    def _resources(
        self,
        advice: Advice,
        topics: tuple[str, ...],
        question: str,
        vectors: Mapping[str, Vectors],
        *,
        day: datetime.date,
    ) -> Answer:
        language = advice.setting.language
        meaning = functools.cache(functools.partial(self._to_order_by, question, vectors, language))
        named = {resource_id for hit in advice.names for resource_id in hit.resources}
        lists = [
            self._ranking.order(
                topic,
                advice.setting,
                question=_without_places(question, advice.setting),
                day=day,
                named=named,
                meaning=meaning,
                group=self.knowledge.topics[topic].group,
            )
            for topic in topics
        ]
        ranked = _interleaved(lists)
        first = self.knowledge.resources[ranked[0].id] if ranked else None
        women_first = (
            advice.setting.audience == "women"
            and first is not None
            and "women" in first.audience
            and self.knowledge.topics[topics[0]].group != "women"
        )
        return Answer(
            **vars(advice),
            topics=topics,
            resources=tuple(item.id for item in ranked),
            ranked=tuple(ranked),
            women_first=women_first,
        )


def _without_places(question: str, setting: Setting) -> str:
    """Return the words of `question` but those that name its place: they say where, not what for."""
    places = {word for clue in setting.clues if clue.kind == "country" for word in words(clue.text)}
    left = [word for word in words(question) if word not in places]
    return " ".join(left) if places and left else question


BREAK = re.compile(
    r"[.;?!,¿¡\n]+|\b(?:y|e|and|tambien|también|también|ademas|además|also|além|alem|mas|plus)\b",
    re.IGNORECASE,
)
SHORTEST_PART = 3


def _parts(question: str) -> list[str]:
    """Return the parts of a question that could each hold a need; none where it is one part."""
    parts = [part.strip() for part in BREAK.split(question)]
    parts = [part for part in parts if len(part.split()) >= SHORTEST_PART]
    return parts[:6] if len(parts) > 1 else []


def _interleaved(lists: Sequence[Sequence[Ranked]]) -> list[Ranked]:
    """Return one list: the first of each, then the rest of the main one, each resource once."""
    if len(lists) == 1:
        return list(lists[0])
    main, other = lists[0], lists[1]
    mixed = [*main[:1], *other[:1], *main[1:], *other[1:]]
    return list({item.id: item for item in mixed}.values())
