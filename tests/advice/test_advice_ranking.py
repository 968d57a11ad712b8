"""Which resources come first: the country's own, then regional, then global, never another country's."""

import dataclasses
import datetime
from typing import Any

import pytest

from bot.advice.advisor import Advisor
from bot.advice.checks import check
from bot.advice.knowledge import COUNTRIES, Knowledge, Resource
from bot.advice.ranking import Ranking, resource_gist
from bot.advice.setting import Clue, Profile, Setting

DAY = datetime.date(2026, 11, 23)


def resource(id: str, countries: list[str], **values: Any) -> Resource:
    given = {
        "kind": "guide",
        "title": {"es": "Guía"},
        "url": f"https://example.org/{id}",
        "organisation": "Casa",
        "topics": ["loans"],
        "audience": ["sme"],
        "languages": ["es"],
        "summary": {"es": "Una guía."},
        "reviewed": DAY,
        "review_by": datetime.date(2027, 5, 23),
        "source": "high",
    }
    return Resource.model_validate({"id": id, "countries": countries, **given, **values})


def order(
    *resources: Resource, country: str | None = None, audience: str | None = None, **values: Any
) -> list[str]:
    setting = Setting("es", country, audience)
    asked = {"question": "", "day": DAY, **values}
    ranking = Ranking({item.id: item for item in resources})
    return [item.id for item in ranking.order("loans", setting, **asked)]


WORLD, REGION, OWN, OTHER = (
    resource("world", ["global"]),
    resource("region", ["regional"]),
    resource("own", ["UY"]),
    resource("other", ["HN"]),
)


def test_own_country_then_regional_then_global() -> None:
    assert order(WORLD, OTHER, REGION, OWN, country="UY") == ["own", "region", "world"]


def test_a_dead_link_steps_behind_the_others_and_comes_back() -> None:
    ranking = Ranking({item.id: item for item in (WORLD, REGION, OWN)})

    def ids() -> list[str]:
        found = ranking.order("loans", Setting("es", "UY", None), question="", day=DAY)
        return [item.id for item in found]

    ranking.dead = frozenset({"own"})
    assert ids() == ["region", "world", "own"]
    ranking.dead = frozenset()
    assert ids() == ["own", "region", "world"]


def test_another_countrys_is_never_shown() -> None:
    assert order(OTHER, country="UY") == []


def test_with_no_country_everything_may_be_shown() -> None:
    assert set(order(WORLD, OTHER, REGION, OWN)) == {"world", "other", "region", "own"}
    assert order(WORLD, OTHER, REGION, OWN)[0] == "region"


@pytest.mark.parametrize(
    "values", [{"status": "draft"}, {"status": "archived"}, {"valid_until": "2026-11-22"}]
)
def test_what_is_not_published_or_expired_is_never_shown(values: dict[str, str]) -> None:
    assert order(resource("a", ["UY"], **values), WORLD, country="UY") == ["world"]


def test_women_see_womens_first() -> None:
    women = resource("women", ["UY"], audience=["women", "sme"])
    assert order(OWN, women, country="UY", audience="women")[0] == "women"
    assert order(OWN, women, country="UY") == ["own", "women"]


def test_what_is_for_women_alone_comes_later_for_others() -> None:
    women = resource("a-women", ["UY"], audience=["women"])
    assert order(women, OWN, country="UY") == ["own", "a-women"]
    assert order(women, OWN, country="UY", group="women") == ["a-women", "own"]


def test_what_is_for_organisations_alone_comes_last() -> None:
    staff = resource("a-staff", ["UY"], audience=["ebmo"])
    assert order(staff, OWN, WORLD, country="UY")[0] == "own"
    assert order(staff, OWN, WORLD, country="UY", group="organisations")[0] == "a-staff"


def test_what_is_named_comes_first() -> None:
    assert order(WORLD, OWN, country="UY", named={"world"}) == ["world", "own"]


def test_the_questions_own_words_count() -> None:
    machine = resource("z-machine", ["UY"], title={"es": "Leasing de maquinaria"})
    assert order(OWN, machine, country="UY", question="leasing para una maquinaria")[0] == "z-machine"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"source": "high"}, {"source": "secondary"}),
        ({"topics": ["loans", "x"]}, {"topics": ["x", "loans"]}),
        ({"languages": ["es"]}, {"languages": ["en"]}),
        ({}, {"review_by": datetime.date(2026, 11, 22)}),
    ],
)
def test_the_surer_the_nearer_the_fresher_first(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert order(resource("a", ["UY"], **second), resource("b", ["UY"], **first), country="UY") == ["b", "a"]


def test_equals_come_in_the_order_of_their_ids() -> None:
    assert order(resource("b", ["UY"]), resource("a", ["UY"]), country="UY") == ["a", "b"]


def test_a_score_is_the_sum_of_its_parts() -> None:
    ranking = Ranking({"own": OWN})
    for item in ranking.order("loans", Setting("es", "UY"), question="guía", day=DAY):
        assert item.score == pytest.approx(sum(item.parts.values()))


def test_no_resources_are_no_list() -> None:
    assert order(country="UY") == []


def test_a_gist_is_one_line() -> None:
    assert resource_gist(OWN) == "Guía. Una guía."


@pytest.mark.parametrize("country", COUNTRIES)
def test_no_shipped_topic_shows_another_country(
    lexical_advisor: Advisor, shipped: Knowledge, country: str
) -> None:
    shown = 0
    for topic in shipped.topics:
        answer = lexical_advisor.answer_topic(topic, Setting("es", country), question="", day=DAY)
        for resource_id in answer.resources:
            shown += 1
            assert set(shipped.resources[resource_id].countries) & {country, "regional", "global"}
    assert shown > 100


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_shipped_topic_with_nothing_for_a_country_is_told_by_check(
    lexical_advisor: Advisor, shipped: Knowledge, country: str
) -> None:
    without = {
        f"topic {topic} has no resource for"
        for topic in shipped.topics
        if not lexical_advisor.answer_topic(topic, Setting("es", country), question="", day=DAY).resources
    }
    told = {
        problem.message.partition(" for ")[0] + " for"
        for problem in check(shipped.folder, day=DAY)
        if "has no resource for" in problem.message and country in problem.message.split(" for ")[1]
    }
    assert without == told


def test_women_change_the_order_and_never_the_topic(lexical_advisor: Advisor, shipped: Knowledge) -> None:
    changed = 0
    for topic in shipped.topics:
        setting = Setting("es", "UY")
        usual = lexical_advisor.answer_topic(topic, setting, question="", day=DAY)
        women = lexical_advisor.answer_topic(
            topic, dataclasses.replace(setting, audience="women"), question="", day=DAY
        )
        assert set(women.resources) == set(usual.resources)
        assert women.topics == usual.topics == (topic,)
        changed += women.resources != usual.resources
    assert changed > 0


def test_what_is_of_one_city_steps_back_unless_the_city_is_named() -> None:
    """It stays in its country's list, before what is of every country only where it is asked for."""
    city = resource("city", ["HN"], place=["La Ceiba"])
    country = resource("country", ["HN"], topics=["taxes", "loans"])
    assert order(city, country, country="HN") == ["country", "city"]
    ranking = Ranking({item.id: item for item in (city, country)})
    clue = Clue("country", "la ceiba", "HN", 2.5)
    there = ranking.order("loans", Setting("es", "HN", None, (clue,)), question="", day=DAY)
    assert [item.id for item in there] == ["city", "country"]


def test_what_the_capital_has_for_just_this_goes_first() -> None:
    """Behind a national page that fits as well, and as far as any city's where another city is named."""
    capital = resource("permit", ["HN"], place=["Tegucigalpa"], title={"es": "Permiso de operación"})
    other = resource("climate", ["HN"], title={"es": "Licencia ambiental"})
    same = resource("same", ["HN"], title={"es": "Permiso de operación"})
    ranking = Ranking({item.id: item for item in (capital, other)})
    equals = Ranking({item.id: item for item in (capital, same)})
    country = Clue("country", "honduras", "HN", 3.0)
    city = Clue("country", "la ceiba", "HN", 2.5, within=True)

    def first(ranking: Ranking, *clues: Clue) -> str:
        setting = Setting("es", "HN", None, clues)
        return ranking.order("loans", setting, question="permiso de operación", day=DAY)[0].id

    assert first(ranking) == first(ranking, country) == "permit"
    assert first(equals, country) == "same"
    assert ranking.order("loans", Setting("es", "HN"), question="ambiental", day=DAY)[0].id == "climate"
    near = ranking.order("loans", Setting("es", "HN"), question="permiso", day=DAY)[0]
    far = next(
        item
        for item in ranking.order("loans", Setting("es", "HN", None, (city,)), question="permiso", day=DAY)
        if item.id == "permit"
    )
    assert far.parts["place"] < near.parts["place"] < 0


def test_a_permit_of_one_city(lexical_advisor: Advisor, shipped: Knowledge) -> None:
    permit = next(id for id, item in shipped.resources.items() if "Tegucigalpa" in item.place)
    (topic, *_) = shipped.resources[permit].topics
    questions = {
        "permiso para abrir un negocio": True,
        "permiso de operación": True,
        "permiso de Tegucigalpa": True,
        "permiso de operación en San Pedro Sula": False,
        "permiso sanitario": False,
        "licencia ambiental": False,
    }
    for question, first in questions.items():
        setting = lexical_advisor.setting(question, Profile("HN"))
        answer = lexical_advisor.answer_topic(topic, setting, question=question, day=DAY)
        assert (answer.resources[0] == permit) is first
