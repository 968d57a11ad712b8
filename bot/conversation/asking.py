"""Questions and what comes of them: answers, options, more of them, small talk, not knowing, attachments."""

from collections.abc import Sequence
from dataclasses import replace

from bot.advice.advice import Advice, Answer, Clarify, Handoff, NoMatch, Sensitive, Smalltalk
from bot.advice.knowledge import COUNTRIES, Resource
from bot.advice.leaning import GOING_ON
from bot.advice.ranking import OPEN_AUDIENCES
from bot.advice.setting import ORIGIN, SENDING, Profile, Setting
from bot.advice.text import words
from bot.conversation import handing
from bot.conversation.actions import Action, mark
from bot.conversation.answers import WOMEN, says_woman
from bot.conversation.draft import NOTE, Draft
from bot.conversation.events import Sent
from bot.conversation.known_now import ANSWERS
from bot.conversation.leaning import leans, says_where, tongue
from bot.conversation.lost import gone
from bot.conversation.messages import lines
from bot.conversation.replies import Button, Reply, marked

ATTACHMENTS = ("voice", "audio", "photo", "video", "document", "sticker", "location", "contact")
# What Telegram knows more names for.
ALIKE = {"video_note": "video", "animation": "video", "venue": "location"}
# Below this a country is where goods go, not where the business is.
SURE_CLUE = 1.0
# Digits of a place in a list; as long as a mark would be another thing.
LONGEST_PLACE = 4
# A greeting may stand beside "soy emprendedora"; a need may not.
BESIDE = 2


def question(draft: Draft, text: str, *, noted: bool = False, kind: str | None = None) -> None:
    """Answer what was asked; `noted`: it was also added to a case, so that not knowing is no news."""
    advice = _advised(draft, text)
    _learn(draft, advice)
    draft.log(advice, text, kind=kind)
    if noted:
        draft.say("person.added")
        told = isinstance(advice, Answer) and advice.topics[0] == draft.person.topic
        if told or not isinstance(advice, Answer | Sensitive):
            return
    if not _followed_up(advice) and _introduces_herself(advice, text):
        draft.reply(draft.speaker.women.front(draft.language, draft.here))
        return
    match advice:
        case Answer():
            # Who asks for another language still asks what was asked.
            answered(draft, advice, (tongue(text) and draft.person.question) or text)
        case Clarify():
            draft.know(question=text, request=draft.request)
            women = says_woman(advice.setting)
            draft.reply(draft.speaker.answers.options(advice, request=draft.request, women=women))
        case Handoff():
            handing.wanted(draft, "person", draft.person.request or "")
        case Sensitive():
            handing.care(draft, advice)
        case Smalltalk():
            _small_talk(draft, advice)
        case NoMatch():
            draft.know(question=text, request=draft.request)
            _not_known(draft, advice)


def _advised(draft: Draft, text: str) -> Advice:
    person = draft.person
    here = draft.here or _abroad(draft, text)
    advisor = draft.speaker.advisor
    tag = tongue(text)
    if tag in draft.speaker.messages.languages:
        return _in_tongue(draft, Setting(str(tag), here, person.audience))
    advice = advisor.advise(
        text,
        day=draft.day,
        profile=Profile(here, person.audience, person.language),
        previous=person.topic,
    )
    if (
        person.topic in draft.speaker.knowledge.topics
        and isinstance(advice, NoMatch | Clarify)
        and leans(text)
    ):
        answer = _of_the_topic(draft, advice.setting, text)
        return replace(answer, candidates=advice.candidates, confidence=advice.confidence)
    if _adds_herself(draft, advice, text):
        answer = _of_the_topic(draft, advice.setting, person.question or "")
        return replace(answer, candidates=advice.candidates, confidence=advice.confidence)
    if person.topic is None and _only_where(advice, text):
        return Smalltalk(advice.setting, kind="country")
    return advice


def _in_tongue(draft: Draft, setting: Setting) -> Advice:
    """Return the last answer in the language that was asked for, or that it is spoken from now on."""
    if draft.person.topic not in draft.speaker.knowledge.topics:
        return Smalltalk(setting, kind="language")
    return _of_the_topic(draft, setting, draft.person.question or "")


def _of_the_topic(draft: Draft, setting: Setting, question: str) -> Answer:
    """Return the answer of the topic that was talked of, in another setting or to another question."""
    topic, advisor = str(draft.person.topic), draft.speaker.advisor
    return replace(advisor.answer_topic(topic, setting, question=question, day=draft.day), followed_up=True)


def _only_where(advice: Advice, text: str) -> bool:
    """Say whether somebody says in which country they are, and asks for nothing yet."""
    if isinstance(advice, Sensitive | Handoff) or advice.setting.country not in COUNTRIES:
        return False
    clues = [clue.text for clue in advice.setting.clues if clue.kind == "country"]
    return bool(clues) and says_where(text, " ".join(clues))


def _learn(draft: Draft, advice: Advice) -> None:
    """Keep the language that was spoken and the country that was given away; never who somebody is."""
    setting = advice.setting
    draft.speak(setting.language)
    if draft.person.language is None or isinstance(advice, Answer | Clarify | Handoff):
        draft.know(language=setting.language)
    sure = any(clue.kind == "country" and clue.weight >= SURE_CLUE for clue in setting.clues)
    if sure or (setting.country in draft.speaker.knowledge.elsewhere and draft.here is None):
        draft.know(heard=setting.country)


def _abroad(draft: Draft, text: str) -> str | None:
    """Return the country of another part of the world where the question says the business is."""
    said = words(text)
    if not any(word in ORIGIN for word in said):
        return None
    for code, names in draft.speaker.knowledge.elsewhere.items():
        for name in names:
            tokens = words(name)
            for n in range(1, len(said) - len(tokens) + 1):
                here = said[n : n + len(tokens)] == tokens and said[n - 1] in ORIGIN
                if tokens and here and not any(word.startswith(SENDING) for word in said[:n]):
                    return code
    return None


def _introduces_herself(advice: Advice, text: str) -> bool:
    """Say whether a woman says who she is and asks for nothing yet: "hola, soy emprendedora"."""
    if isinstance(advice, Sensitive | Handoff) or advice.names:
        return False
    clues = [clue for clue in advice.setting.clues if clue.kind in ("audience", "country")]
    said = sum(len(words(clue.text)) for clue in clues)
    return says_woman(advice.setting) and len(words(text)) - said <= (BESIDE if said > 1 else 0)


def _adds_herself(draft: Draft, advice: Advice, text: str) -> bool:
    """Say whether a woman says who she is and nothing else, after an answer that was not made for women."""
    before = draft.speaker.knowledge.topics.get(draft.person.topic or "")
    if before is None or before.group == WOMEN or not _introduces_herself(advice, text):
        return False
    known = {word for clue in advice.setting.clues for word in words(clue.text)}
    return {*words(text)} <= known | GOING_ON | ORIGIN


def _followed_up(advice: Advice) -> bool:
    return isinstance(advice, Answer) and advice.followed_up


def answered(draft: Draft, answer: Answer, text: str, *, request: str = "") -> None:
    """Say an answer, and ask for the country once, where that would change it."""
    request = request or draft.request
    draft.know(topic=answer.topics[0], question=text, request=request)
    if draft.event.in_group:
        draft.reply(draft.speaker.answers.brief(answer))
        return
    women = says_woman(answer.setting)
    draft.reply(draft.speaker.answers.answer(answer, request=request, women=women))
    resources = draft.speaker.knowledge.resources
    matters = any(not resources[id].wide for id in answer.resources)
    if answer.setting.country is None and matters and not draft.person.asked_country:
        draft.know(asked_country=True)
        draft.reply(draft.speaker.menus.countries(draft.language, then=request))


def _small_talk(draft: Draft, advice: Smalltalk) -> None:
    kind = advice.kind
    if kind == "greeting" and draft.person.request is None:
        draft.reply(draft.speaker.menus.start(draft.language))
        return
    if kind == "language":
        draft.know(language=draft.language)
        draft.say("language.known", home=True)
        return
    if kind == "country":
        country = draft.speaker.answers.country(advice.setting.country, draft.language)
        draft.say("smalltalk.country", home=True, country=country)
        return
    wants_person = draft.request if kind in ("insult", "who_are_you") else ""
    draft.say(f"smalltalk.{kind}", person=wants_person, home=kind not in ("thanks", "goodbye"))


def _not_known(draft: Draft, advice: NoMatch) -> None:
    refusal = draft.speaker.knowledge.out_of_scope.get(advice.group or "")
    text = refusal.line.get(draft.language) if refusal else None
    rows: list[tuple[Button, ...]] = [
        draft.speaker.menus.home(draft.language),
        (draft.speaker.answers.person(draft.language, draft.request, verb="a"),),
    ]
    if refusal is None and ANSWERS not in draft.person.news:
        rows.append((Button(draft.text("no_match.tell_me"), "tell_me"),))
    if says_woman(advice.setting):
        rows.insert(0, (Button(draft.text("women.open"), "women_new"),))
    draft.reply(Reply(lines(text or draft.text("no_match.unknown")), tuple(rows)))


# -- buttons ---------------------------------------------------------------------------------------


def example(draft: Draft, pressed: Action) -> None:
    """Ask the example question of a topic, in the words of the button."""
    key = f"start.example.{pressed.argument(0)}"
    if pressed.argument(0) in draft.speaker.knowledge.topics and draft.speaker.messages.has(key):
        question(draft, draft.text(key), kind="example")
    else:
        gone(draft, topic=pressed.argument(0))


def topic(draft: Draft, pressed: Action) -> None:
    """Answer a topic chosen from a menu."""
    open_topic(draft, pressed.argument(0))


def open_topic(draft: Draft, topic_id: str, *, request: str = "") -> None:
    """Answer a topic chosen by button; for an option, in the words of the question it was offered for."""
    asked_for = draft.question_of(request)
    if topic_id not in draft.speaker.knowledge.topics:
        if asked_for:
            question(draft, asked_for)
        else:
            gone(draft, topic=topic_id)
        return
    answer = chosen(draft, topic_id, asked_for)
    title = draft.speaker.answers.title(draft.speaker.knowledge.topics[topic_id], answer.setting.language)
    draft.log(answer, asked_for or title, kind="chosen")
    answered(draft, answer, asked_for or title)


def option(draft: Draft, pressed: Action) -> None:
    """Answer the option chosen for a question that was asked back."""
    open_topic(draft, pressed.argument(0), request=pressed.argument(1))


def chosen(draft: Draft, topic_id: str, text: str | None, *, audience: bool = True) -> Answer:
    """Return the answer for a topic chosen by button, in the setting and order of the question `text`."""
    setting = Setting(draft.language, draft.here, draft.person.audience)
    if text:
        known = Profile(setting.country, setting.audience, setting.language)
        setting = draft.speaker.advisor.setting(text, known)
    if not audience:
        clues = tuple(clue for clue in setting.clues if clue.kind != "audience")
        setting = replace(setting, audience=None, clues=clues)
    return draft.speaker.advisor.answer_topic(topic_id, setting, question=text or "", day=draft.day)


def again(draft: Draft, request: str, *, audience: bool = True) -> None:
    """Answer an earlier question anew, as it stands now; it stays one question in the log."""
    text = draft.question_of(request)
    topics = draft.asked.topics if draft.asked and draft.asked.request == request else ()
    if not topics and request == draft.person.request and draft.person.topic:
        topics = (draft.person.topic,)
    known = [topic_id for topic_id in topics if topic_id in draft.speaker.knowledge.topics]
    if not text or not known:
        return
    topic_id = known[0] if audience else _for_everyone(draft, known[0])
    answer = chosen(draft, topic_id, text, audience=audience)
    if not audience:
        resources = draft.speaker.knowledge.resources
        everyone_first = sorted(answer.resources, key=lambda id: _for_women_alone(resources[id]))
        answer = replace(answer, resources=tuple(everyone_first))
    draft.log(answer, text, kind="chosen", request=request)
    answered(draft, answer, text, request=request)


def _for_women_alone(resource: Resource) -> bool:
    return "women" in resource.audience and not {*resource.audience} & OPEN_AUDIENCES


def _for_everyone(draft: Draft, topic_id: str) -> str:
    """Return the topic, or where it is made for women the nearest one that is for everyone."""
    topics = draft.speaker.knowledge.topics
    near = (topic_id, *topics[topic_id].related)
    return next((id for id in near if topics[id].group != WOMEN), topic_id)


def everything(draft: Draft, pressed: Action) -> None:
    """Show an answer again without putting first what is made for women."""
    before = draft.person.request
    again(draft, pressed.argument(0), audience=False)
    if draft.person.request == before and pressed.argument(0) != before:
        gone(draft)


def more(draft: Draft, pressed: Action) -> None:
    """Show what follows in a topic's list, after the resource that was shown last."""
    first, after, request = (pressed.argument(n) for n in range(3))
    topic_id = _topic_of(draft, first)
    if topic_id is None:
        gone(draft, topic=first)
        return
    text = draft.question_of(request)
    if not request and topic_id == draft.person.topic:
        text = draft.person.question
    answer = chosen(draft, topic_id, text)
    start = _place(answer.resources, after)
    draft.reply(draft.speaker.answers.more(answer, start=start, request=request))


def _topic_of(draft: Draft, named: str) -> str | None:
    topics = draft.speaker.knowledge.topics
    return named if named in topics else next((id for id in topics if mark(id) == named), None)


def _place(ids: Sequence[str], after: str) -> int:
    """Return where to go on: after the marked resource, and from the beginning where that is gone.

    An older button gives a number instead of a mark.
    """
    marks = [mark(id) for id in ids]
    if after in marks:
        return marks.index(after) + 1
    return int(after) if after.isascii() and after.isdigit() and len(after) <= LONGEST_PLACE else 0


def card(draft: Draft, pressed: Action) -> None:
    """Show one resource by itself."""
    open_resource(draft, pressed.argument(0))


def open_resource(draft: Draft, resource_id: str) -> None:
    """Show one resource by itself, or the topics it belonged to where it is not shown any more."""
    resource = draft.speaker.knowledge.resources.get(resource_id)
    if resource is None:
        gone(draft, topic=resource_id, resource=resource_id)
        return
    if not resource.shown_on(draft.day):
        rows = draft.speaker.menus.rows(list(resource.topics), draft.language)
        draft.say("card.gone", rows=rows, home=True)
        return
    setting = Setting(draft.language, draft.here, draft.person.audience)
    draft.reply(draft.speaker.answers.card(resource, setting))


# -- what cannot be read ---------------------------------------------------------------------------


def sent(draft: Draft, event: Sent) -> None:
    """Answer what is not text: by its caption, or kindly; it leaves a row either way."""
    kind = ALIKE.get(event.kind, event.kind)
    if draft.person.attended:
        handing.heard(draft, marked(kind, event.caption))
        return
    if event.caption.strip():
        question(draft, event.caption)
        return
    setting = Setting(draft.language, draft.here if draft.here in COUNTRIES else None, draft.person.audience)
    draft.log(NoMatch(setting), "", kind=event.kind)
    key = kind if kind in ATTACHMENTS else "other"
    draft.say(f"attachment.{key}", person=draft.request, home=True)


def anyway(draft: Draft, pressed: Action) -> None:
    """Answer with the assistant what went to the person of the staff who has the case."""
    text = draft.person.question
    if not text:
        gone(draft)
        return
    question(draft, text)


def needs_care(draft: Draft, text: str) -> bool:
    """Say whether a message needs care, whoever it was written for."""
    return isinstance(_advised(draft, text), Sensitive)


def is_thanks(draft: Draft, text: str) -> bool:
    """Say whether a message is thanks or a goodbye and nothing else."""
    advice = _advised(draft, text)
    return isinstance(advice, Smalltalk) and advice.kind in ("thanks", "goodbye")


def noted(draft: Draft) -> str:
    """Return the case the next text belongs to, or an empty text."""
    kind, _, case = (draft.person.expects or "").partition(":")
    return case if kind == NOTE else ""
