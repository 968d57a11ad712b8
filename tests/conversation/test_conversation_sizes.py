"""Everything the shipped knowledge can make the bot say fits a phone on a poor network."""

import dataclasses
import itertools

import pytest
from talk import NOON, buttons_of, check

from bot.advice.advice import Answer, Clarify
from bot.advice.knowledge import COUNTRIES, LANGUAGES, LONGEST_TOPIC_ID
from bot.advice.setting import Setting
from bot.conversation.actions import action, mark
from bot.conversation.answers import SHOWN
from bot.conversation.dialogue import Speaker
from bot.conversation.handing import DOWN_REASONS, LONGEST_REQUEST, REASONS
from bot.conversation.profile import VALUES
from bot.conversation.replies import Button
from bot.conversation.women import SECTIONS

# As long as the id of an event can be: Telegram's greatest number in base 36.
LONG_ID = "t" + "z" * 13
WHERE = (*COUNTRIES, None)


def answered(speaker: Speaker, topic: str, setting: Setting) -> Answer:
    return speaker.advisor.answer_topic(topic, setting, question="", day=NOON.date())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer(shipped_speaker: Speaker, language: str) -> None:
    """Each topic in each country, for women, too: short, three links at most, a publisher on each."""
    answers = shipped_speaker.answers
    for topic, country, audience in itertools.product(
        shipped_speaker.advisor.knowledge.topics, WHERE, (None, "women")
    ):
        answer = answered(shipped_speaker, topic, Setting(language, country, audience))
        for said in (answer, dataclasses.replace(answer, followed_up=True, either=True)):
            reply = answers.answer(said, request=LONG_ID, women=audience is not None)
            check(reply)
            check(answers.brief(said))
            links = [button for button in buttons_of(reply) if button.url]
            assert len(links) == min(SHOWN, len(answer.resources))
            assert all(len(button.text) > len("🔗 ") for button in links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_to_two_needs(shipped_speaker: Speaker, language: str) -> None:
    """Any two topics in one answer are short, too."""
    topics = shipped_speaker.advisor.knowledge.topics
    for country in WHERE:
        alone = {topic: answered(shipped_speaker, topic, Setting(language, country)) for topic in topics}
        for main, other in itertools.permutations(topics, 2):
            mixed = dict.fromkeys(
                [*alone[main].resources[:1], *alone[other].resources[:1], *alone[main].resources]
            )
            answer = dataclasses.replace(alone[main], topics=(main, other), resources=tuple(mixed))
            check(shipped_speaker.answers.answer(answer, request=LONG_ID))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_of_more(shipped_speaker: Speaker, language: str) -> None:
    """Each further list of each topic, down to the end, is short and shows every resource once."""
    answers, knowledge = shipped_speaker.answers, shipped_speaker.advisor.knowledge
    for topic, country in itertools.product(knowledge.topics, WHERE):
        answer = answered(shipped_speaker, topic, Setting(language, country))
        shown: list[str | None] = []
        for start in range(0, len(answer.resources) + 1, SHOWN):
            reply = answers.more(answer, start=start)
            check(reply)
            shown += [button.url for button in buttons_of(reply) if button.url]
        assert shown == [knowledge.resources[resource].url for resource in answer.resources]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_menu(shipped_speaker: Speaker, language: str) -> None:
    """Menus, lists of options and questions are short."""
    menus, knowledge = shipped_speaker.menus, shipped_speaker.advisor.knowledge
    for reply in (
        menus.start(language),
        menus.groups(language),
        menus.groups(language, edits=True),
        menus.privacy(language),
        menus.countries(language),
        menus.languages(language),
        menus.forget(language),
    ):
        check(reply)
    for group in {topic.group for topic in knowledge.topics.values()}:
        reply = menus.topics(group, language)
        assert reply is not None
        check(reply)
    for options in _fours(tuple(knowledge.topics)):
        check(shipped_speaker.answers.options(Clarify(Setting(language), options=options), request=LONG_ID))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_and_care(shipped_speaker: Speaker, language: str) -> None:
    """Each fixed line is there in each language, short."""
    knowledge = shipped_speaker.advisor.knowledge
    for name, entry in (*knowledge.out_of_scope.items(), *knowledge.sensitive.items()):
        assert 0 < len(entry.line[language]) < 1_000, name


def test_every_action_fits(shipped_speaker: Speaker) -> None:
    """A button of any topic or resource, with the longest id of a question, is one Telegram takes."""
    knowledge = shipped_speaker.advisor.knowledge
    longest = "x" * LONGEST_TOPIC_ID
    for name in (*knowledge.topics, *knowledge.resources, longest):
        for pressed in (action("t", name), action("q", name), action("g", name), action("x", name)):
            Button("x", action=pressed)
        Button("x", action=action("m", mark(name), mark(name), "x" * LONGEST_REQUEST))
        Button("x", action=action("bt", name, mark(name)))
    for name in (*knowledge.topics, "x" * (LONGEST_TOPIC_ID - 3)):
        Button("x", action=action("o", name, LONG_ID))
    for kept in (*REASONS.values(), *DOWN_REASONS, *COUNTRIES, *SECTIONS):
        Button("x", action=action("y", kept, "x" * LONGEST_REQUEST))
        Button("x", action=action("w", kept, mark(kept)))
    for field, values in VALUES.items():
        for value in values:
            Button("x", action=action("pf", field, value, "yes"))


def _fours(topics: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [topics[n : n + 4] for n in range(0, len(topics), 4)]
