"""Reports and the digest: the figures of a week, and what of them may be passed on."""

import datetime
import json

from logged import NOON, asked, several

from bot.advice.knowledge import Knowledge
from bot.conversation.messages import Messages
from bot.insight import digest
from bot.insight.reports import Case, Logged, Report, report
from bot.insight.suppression import Part, Percent
from bot.insight.uses import Opened, Use, as_rows, uses

DAY = datetime.timedelta(days=1)
DATE = datetime.date(2026, 11, 23)
SINCE, UNTIL = NOON - 3 * DAY, NOON + 4 * DAY


def made(rows: list, cases: tuple = (), **more: object) -> Report:  # type: ignore[type-arg]
    return report(Logged(rows, cases, **more), since=SINCE, until=UNTIL)  # type: ignore[arg-type]


def answers(count: int, **values: object) -> list:  # type: ignore[type-arg]
    given = {
        "outcome": "answer",
        "topics": ("loans",),
        "resources": ("uy-credito",),
        "country": "UY",
        **values,
    }
    return several(*(f"crédito {n}" for n in range(count)), **given)


def said(shown: digest.Digest, shipped: Knowledge, language: str = "es") -> str:
    messages = Messages(shipped.messages)
    return digest.markdown(shown, lambda key, /, **values: messages.say(language, key, **values))


def test_what_is_counted() -> None:
    rows = [
        *answers(6, audience="women"),
        asked("drones", id="n", country="HN"),
        asked("hola", id="h", outcome="smalltalk"),
        asked("me pega", id="s", outcome="sensitive"),
        asked("crédito", id="c", outcome="answer", kind="chosen", topics=("loans",)),
        asked("antes", id="b", time=SINCE - DAY),
    ]
    told = made(rows)
    assert told.all == Part(7, 6)
    assert told.countries == {"UY": Part(6, 6), "HN": Part(1, 0)}
    assert told.audiences == {"women": Part(6, 6), "others": Part(1, 0)}
    assert told.languages == {"es": Part(7, 6)}
    assert told.weeks == {datetime.date(2026, 11, 23): Part(7, 6)}
    assert told.topics == {"loans": 7}
    assert told.outcomes == {"answer": 6, "no_match": 1, "sensitive": 1, "smalltalk": 1}
    assert [group.name for group in told.groups] == ["drones"]
    assert json.loads(json.dumps(told.as_data()))["all"] == {"asked": 7, "answered": 6}


def test_resources_are_counted_with_their_marks() -> None:
    rows = [*answers(3, feedback="up"), *answers(1, feedback="down"), *answers(2)]
    told = made(rows, opened=[Opened("uy-credito", DATE, count=4), Opened("gone", DATE)])
    assert told.resources == {"uy-credito": Use(6, 3, 1, 4), "gone": Use(opened=1)}


def test_uses_are_counted_by_setting() -> None:
    rows = [
        *answers(6, feedback="up"),
        *answers(2, country="AR", feedback="down", topics=("export", "loans")),
    ]
    rows.append(asked("drones"))
    opened = [Opened("uy-credito", DATE, "loans", "UY", "es", 7), Opened("red", DATE, count=2)]
    assert uses(rows, opened, "country") == {
        "UY": Use(6, 6, 0, 7),
        "AR": Use(2, 0, 2),
        "unknown": Use(opened=2),
    }
    assert uses(rows, opened, "topic") == {
        "loans": Use(6, 6, 0, 7), "export": Use(2, 0, 2), "unknown": Use(opened=2),
    }  # fmt: skip
    assert uses(rows, opened, "language") == {"es": Use(8, 6, 2, 7), "unknown": Use(opened=2)}
    assert uses(rows, opened, "week") == {"2026-11-23": Use(8, 6, 2, 9)}
    assert as_rows(uses(rows, opened, "resource")) == [
        {"name": "uy-credito", "shown": 8, "helpful": 6, "not_helpful": "<5", "opened": 7},
        {"name": "red", "shown": 0, "helpful": 0, "not_helpful": 0, "opened": "<5"},
    ]


def test_links_are_not_said_to_be_opened_where_nobody_counts(shipped: Knowledge) -> None:
    rows = answers(9, feedback="up")
    assert "uy-credito: útil para 9\n" in said(digest.digest(made(rows)), shipped)
    counted = made(rows, opened=[Opened("uy-credito", DATE, count=8)])
    assert "uy-credito: útil para 9, abierto 8\n" in said(digest.digest(counted), shipped)


def test_cases_that_wait_are_listed_oldest_first() -> None:
    cases = (
        Case("new", "open", "person", NOON, NOON.date() + 9 * DAY),
        Case("old", "assigned", "sensitive", NOON - 9 * DAY, NOON.date()),
        Case("done", "closed", "person", NOON, replied=NOON + DAY),
        Case("told", "answered", "person", NOON, replied=NOON + DAY / 2),
    )
    told = made([], cases)
    assert [(case.id, case.days, case.overdue) for case in told.oldest] == [
        ("old", 13, True),
        ("new", 4, False),
    ]
    assert (told.cases_waiting, told.cases_opened, told.response_hours) == (2, 3, 18.0)


def test_a_digest_holds_no_small_count(shipped: Knowledge) -> None:
    rows = [*answers(20), *answers(7, country="AR"), *answers(3, country="HN")]
    rows += several("x drones", "miel de caña", "corte láser")
    shown = digest.digest(made(rows))
    assert [(line.name, line.count) for line in shown.tables["countries"]] == [
        ("UY", 20), ("AR", 7), ("HN", None), ("unknown", None),
    ]  # fmt: skip
    assert shown.share == Percent(84, "over")
    text = said(shown, shipped)
    assert "Honduras: – de –" in text
    assert "drones" not in text
    assert "drones" not in json.dumps(digest.as_data(shown))


def test_what_is_hidden_does_not_tell_its_size_by_its_place(shipped: Knowledge) -> None:
    """Bolivia has more than Colombia, and is hidden with Honduras: it stands last all the same."""
    rows = [*answers(20), *answers(6, country="BO"), *answers(7, country="CO"), *answers(3, country="HN")]
    shown = digest.digest(made(rows))
    assert [line.name for line in shown.tables["countries"]] == ["UY", "CO", "BO", "HN"]
    assert [row["count"] for row in digest.as_rows(shown) if row["section"] == "countries"] == [
        20,
        7,
        "–",
        "–",
    ]


def test_a_digest_without_anything_is_whole(shipped: Knowledge) -> None:
    shown = digest.digest(made([]))
    assert said(shown, shipped).startswith("# Resumen del 2026-11-20 al 2026-11-27\n\nPreguntas: 0.")
    assert [row["section"] for row in digest.as_rows(shown)] == ["all"]


def test_the_digest_names_groups_of_more_than_one_person(shipped: Knowledge) -> None:
    rows = [*several("drones", "drones?", "permiso drones"), *several("miel", "miel!", person="p-ana")]
    shown = digest.digest(made(rows))
    assert [(gap.name, gap.count) for gap in shown.gaps] == [("drones", None)]
    assert shown.smaller == 1
    assert "<5: drones" in said(shown, shipped)


def test_nothing_sensitive_is_in_the_digest(shipped: Knowledge) -> None:
    rows = several(*["mi marido me golpea"] * 6, outcome="sensitive", kind="violence")
    cases = (Case("c1", "open", "sensitive", NOON),)
    shown = digest.digest(made(rows, cases))
    for text in (said(shown, shipped), json.dumps(digest.as_data(shown)), str(digest.as_rows(shown))):
        assert "golpea" not in text
        assert "sensitive" not in text


def test_the_digest_is_said_in_each_language(shipped: Knowledge) -> None:
    rows = [*answers(30, audience="women"), *several(*["drones"] * 6, country="HN")]
    shown = digest.digest(made(rows, (Case("c1", "open", "person", NOON - 5 * DAY, NOON.date()),)))
    for language, heading in (
        ("es", "## Lo que no supimos"),
        ("en", "## What we could"),
        ("pt", "## O que não"),
    ):
        text = said(shown, shipped, language)
        assert heading in text
        assert "digest." not in text
        assert "{" not in text
        assert "- 6: drones" in text
