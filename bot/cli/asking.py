"""`ask`, `check`, `evaluate`: the core alone, without a conversation or a store."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.advice import batch, checks, evaluation, explaining
from bot.advice.advice import Advice, Answer, Clarify
from bot.advice.advisor import Advisor
from bot.advice.knowledge import AUDIENCES, COUNTRIES, LANGUAGES, load
from bot.advice.setting import Profile
from bot.cli.parts import advisor_for, configured, existing, today
from bot.errors import UsageError, read_text, written
from bot.insight import diagrams

Folder = Annotated[Path | None, typer.Option("--knowledge", metavar="DIR", help="another knowledge folder")]


def ask(
    question: Annotated[str | None, typer.Argument(help="the question, in the person's own words")] = None,
    *,
    country: Annotated[str | None, typer.Option(help="the person's country: AR BO CO HN UY")] = None,
    audience: Annotated[str | None, typer.Option(help="who asks, for example women")] = None,
    language: Annotated[str | None, typer.Option(help="the person's language: es en pt")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the advice as JSON")] = False,
    explain: Annotated[
        bool, typer.Option(help="show why: setting, candidates, scores, the phrase that won")
    ] = False,
    batch_file: Annotated[
        Path | None, typer.Option("--batch", metavar="FILE", help="JSON lines in, JSON lines out")
    ] = None,
    repeat: Annotated[
        int, typer.Option(min=1, help="with --batch: run each so often, report the median time")
    ] = 1,
    knowledge: Folder = None,
) -> None:
    """Ask one question (or a batch) and print the advice."""
    profile = Profile(
        _code(country, COUNTRIES, "--country"),
        _word(audience, AUDIENCES, "--audience"),
        _word(language, LANGUAGES, "--language"),
    )
    if (question is None) == (batch_file is None):
        raise UsageError('ask needs a question ("...") or --batch FILE, one of the two')
    rows = (
        []
        if batch_file is None
        else list(batch.questions(read_text(batch_file, "question file").splitlines(), str(batch_file)))
    )
    advisor = advisor_for(knowledge)
    if batch_file is not None:
        for line in batch.run(advisor, rows, day=today(), repeat=repeat):
            print(line)
        return
    advice = advisor.advise(question or "", day=today(), profile=profile)
    if as_json:
        print(json.dumps(batch.as_row(advice), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_told(advice, advisor)))
    if explain and not as_json:
        explanation = explaining.explain(advice, advisor.knowledge, calibration=advisor.calibration)
        print("\n".join(["", *explaining.lines(explanation)]))


def check(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="the knowledge folder")] = None,
    *,
    phrases: Annotated[
        bool, typer.Option(help="also find phrases that win for another topic (a minute)")
    ] = False,
) -> int:
    """Name every problem of the knowledge folder; exit 1 if there is an error."""
    settings = configured()
    place = existing(folder, settings.knowledge.path)
    problems = checks.check(place, day=today())
    if phrases and not any(problem.severity == "error" for problem in problems):
        problems += evaluation.misplaced_phrases(load(place))
    for problem in problems:
        print(problem)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    wanted = sum(problem.severity == "wanted" for problem in problems)
    print(f"{place}: {errors} errors, {warnings} warnings, {wanted} addresses wanted")
    return 1 if errors else 0


def evaluate(
    questions: Annotated[
        Path, typer.Argument(metavar="QUESTIONS.jsonl", help="labelled questions, one JSON object a line")
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="print the figures as JSON")] = False,
    diagram: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="draw a reliability diagram")
    ] = None,
    knowledge: Folder = None,
) -> None:
    """Print the project's own figures over labelled questions."""
    rows = batch.labelled(read_text(questions, "question file").splitlines(), str(questions))
    report = evaluation.evaluate(advisor_for(knowledge), rows, day=today())
    if diagram is not None:
        written(diagram, diagrams.reliability(report.reliability))
    print(json.dumps(report.as_data(), ensure_ascii=False, indent=2) if as_json else report.as_text())


COMMANDS = (ask, check, evaluate)


def _code(value: str | None, allowed: tuple[str, ...], option: str) -> str | None:
    if value is None or value.upper() in allowed:
        return value.upper() if value else None
    raise UsageError(f"{option} {value} is not one of {', '.join(allowed)}")


def _word(value: str | None, allowed: tuple[str, ...], option: str) -> str | None:
    if value is None or value.casefold() in allowed:
        return value.casefold() if value else None
    raise UsageError(f"{option} {value} is not one of {', '.join(allowed)}")


def _told(advice: Advice, advisor: Advisor) -> list[str]:
    language = advice.setting.language
    head = (
        f"{advice.outcome} · {language} · {advice.setting.country or 'no country'} · {advice.confidence:.2f}"
    )
    told = [head]
    if isinstance(advice, Answer):
        for topic in advice.topics:
            told.append(_title(advisor, topic, language))
        for number, resource_id in enumerate(advice.resources[:3], start=1):
            resource = advisor.knowledge.resources[resource_id]
            told.append(f"  {number}. {next(iter(resource.title.values()))} ({resource.organisation})")
            told.append(f"     {resource.url}")
    elif isinstance(advice, Clarify):
        told += [f"  - {_title(advisor, topic, language)}" for topic in advice.options]
    return told


def _title(advisor: Advisor, topic: str, language: str) -> str:
    title = advisor.knowledge.topics[topic].title
    return title.get(language) or next(iter(title.values()))
