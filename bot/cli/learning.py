"""`calibrate` and `replay`: what labelled and logged questions teach."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.advice import batch
from bot.advice.setting import Profile
from bot.app import open_store
from bot.cli.parts import advisor_for, configured, today
from bot.conversation.privacy import masked
from bot.errors import read_text
from bot.insight import calibrating, replaying
from bot.insight.replaying import Change, Logged, Replay
from bot.store import ListedRequest

Folder = Annotated[Path | None, typer.Option("--knowledge", metavar="DIR", help="another knowledge folder")]
# What needs care is advised on once, when it is said; it is not read again to test an edit.
NOT_REPLAYED = frozenset({"sensitive", "smalltalk", "handoff"})

TITLES = {
    "newly_answered": "newly answered",
    "no_longer_answered": "no longer answered",
    "changed": "answered with another topic",
    "other_links": "answered with other links",
}


def calibrate(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS.jsonl", help="labelled questions that are no phrases")
    ],
    *,
    precision: Annotated[
        float, typer.Option(min=0, max=1, help="how often an answer should be right")
    ] = 0.95,
    knowledge: Folder = None,
) -> None:
    """Show coverage against precision at each threshold, per language, and the threshold to set."""
    rows = batch.labelled(read_text(questions, "question file").splitlines(), str(questions))
    fit = calibrating.fit(advisor_for(knowledge), rows, day=today())
    weights = ", ".join(f"{weight:.2f}" for weight in fit.calibration.weights)
    print(f"{fit.questions} questions; curve: {fit.calibration.offset:.2f} + ({weights}) * evidence")
    print("thresholds are those of the curve in use\n")
    for language, points in fit.curves.items():
        print(f"{language:4s} threshold  answered  right")
        for point in points:
            print(f"     {point.threshold:9.2f}  {100 * point.coverage:7.1f}%  {100 * point.precision:5.1f}%")
        threshold = fit.threshold_for(precision, language)
        found = (
            "no threshold reaches it" if threshold is None else f"advice.answer_threshold: {threshold:.2f}"
        )
        print(f"     for {100 * precision:.0f}% right: {found}\n")


def replay(*, knowledge: Folder = None) -> None:
    """Advise on all logged questions again and show what an edit of the knowledge changes."""
    logged = asyncio.run(_logged())
    show(replaying.replay(advisor_for(knowledge), logged, day=today()))


def show(found: Replay) -> None:
    """Print what is different, each question masked."""
    for kind, changes in found.differences.items():
        if kind == "other_links" and not changes:
            continue  # the log alone does not tell: links come and go by their day, too
        print(f"{TITLES[kind]}: {len(changes)}")
        for change in changes:
            print(f"  {_told(change)}")
    print(f"the same: {found.same}")


COMMANDS = (calibrate, replay)


async def _logged() -> list[Logged]:
    store = await open_store(configured())
    try:
        rows = await store.requests(newest_first=False)
    finally:
        await store.close()
    return [_question(row) for row in rows if row.question and row.outcome not in NOT_REPLAYED]


def _question(row: ListedRequest) -> Logged:
    profile = Profile(row.country, row.audience, row.language)
    return Logged(row.id, row.question, row.outcome, row.topics, profile)


def _told(change: Change) -> str:
    before = " ".join(change.logged.topics) or change.logged.outcome
    now = " ".join(change.topics) or change.outcome
    return f"{change.logged.id} {before} -> {now}: {masked(change.logged.question)}"
