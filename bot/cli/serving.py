"""`chat` and `run`: the conversation in a terminal, and on Telegram."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot import schedule, tending
from bot.advice.advisor import Advisor
from bot.advice.encoders import Encoder
from bot.advisors import Advisors
from bot.app import Desk, keep_current, new_id, open_store, speak_better_soon
from bot.casework.dossier import dossier
from bot.casework.offices import Offices
from bot.casework.voice import Voice
from bot.cli import console
from bot.cli.parts import all_configured, configured, utc_now
from bot.cli.scheduling import Jobs
from bot.cli.staffing import casework, couriers
from bot.console.tokens import Tokens
from bot.conversation.dialogue import Speaker
from bot.conversation.events import Event, Pressed, Said
from bot.conversation.messages import Messages
from bot.conversation.records import Forgotten
from bot.conversation.replies import Line, Reply, Span
from bot.errors import BotError, UsageError
from bot.insight.drafting import Drafts
from bot.insight.links import Link
from bot.listening import Listener
from bot.observing.health import Health
from bot.observing.metrics import Metrics, Queues
from bot.observing.trace import traced
from bot.settings import Settings
from bot.store.store import Store
from bot.telegram.channel import Telegram
from bot.telegram.staff_group import StaffGroup
from bot.telegram.texts import Texts
from bot.terminal.chat import Screen, converse, typed

log = logging.getLogger(__name__)

TERMINAL = "terminal"
HERE = "here"
WATCH_SECONDS = 5.0
DEMOTED_SECONDS = 30.0
Service = Coroutine[Any, Any, None]
HISTORY = Path("data/chat_history")


def chat() -> None:
    """Have the whole conversation in the terminal; no token needed."""
    asyncio.run(_chat(configured()))


def run(
    webhook: Annotated[
        bool, typer.Option("--webhook", help="Have updates brought to telegram.listen, not asked for.")
    ] = False,
) -> None:
    """Run the Telegram bot: polling or a webhook, its sender, until it is stopped."""
    organisations = all_configured()
    for name, settings in organisations.items():
        if settings.telegram.token is None:
            variable = f"{name.upper().replace('-', '_')}_" * bool(name) + "BOT_TELEGRAM__TOKEN"
            raise UsageError(f"no token: set {variable} to the one @BotFather gave (README, «Telegram»)")
    logging.getLogger("bot").setLevel(logging.INFO)
    try:
        import uvloop  # a loop in C: a sixteenth less of the processor for each update (docs/adr/0016)
    except ImportError:  # there is none for Windows
        asyncio.run(_run(organisations, webhook=webhook))
    else:
        uvloop.run(_run(organisations, webhook=webhook))


COMMANDS = (chat, run)


async def _chat(settings: Settings) -> None:
    advisors = Advisors(settings)
    desk = _desk(advisors, settings)
    store = await open_store(settings)
    screen = Screen(Console(highlight=False))
    messages = desk.speaker.messages
    language, answers = await _here(store)
    try:
        screen.note(messages.say(language, "chat.welcome"))
        if advisors.encoders and not advisors.ready():
            screen.note(messages.say(language, "loading"))
            speak_better_soon(advisors, desk, done=_warn)
        history = HISTORY if HISTORY.parent.is_dir() else None
        prompt = messages.say(language, "chat.prompt")
        watch = asyncio.create_task(keep_current(advisors, desk, every=WATCH_SECONDS))
        screen.show(await _handle(desk, store, Said(new_id(), utc_now(), "/start")))
        if answers:
            screen.show(_answered(messages, language, answers))
        await converse(
            screen,
            typed(prompt, history),
            say=lambda text: _handle(desk, store, Said(new_id(), utc_now(), text)),
            press=lambda action: _handle(desk, store, Pressed(new_id(), utc_now(), action)),
        )
        watch.cancel()
        language, _ = await _here(store)
        screen.note(messages.say(language, "chat.goodbye"))
    finally:
        await store.close()


def _desk(advisors: Advisors, settings: Settings) -> Desk:
    staff = settings.staff
    return Desk(_first_speaker(advisors), offices=Offices.of(staff), continue_days=staff.continue_days)


def _first_speaker(advisors: Advisors) -> Speaker:
    """Answer with the encoders at once where the vectors are kept, with words alone until they are made."""
    return Speaker.of(advisors.build(meaning=advisors.ready()))


async def _here(store: Store) -> tuple[str, list[str]]:
    """Return the language of whoever used this terminal last, and what staff answered them since."""
    async with store.reading() as now:
        person = await now.person(TERMINAL, HERE)
        cases = [await dossier(case.id, now) for case in await now.cases_of(person.id)] if person else []
    answers = [
        case.words(step)
        for case in cases
        for step in case.steps
        if person and step.what == "reply" and step.time > person.last_seen
    ]
    return (person.language if person else None) or "es", answers


def _answered(messages: Messages, language: str, answers: list[str]) -> tuple[Reply, ...]:
    heading: Line = (Span(messages.say(language, "person.answer"), "strong"),)
    return tuple(Reply((heading, (Span(answer),))) for answer in answers)


async def _handle(desk: Desk, store: Store, event: Event) -> tuple[Reply, ...]:
    async with store.transaction() as transaction:
        turn = await desk.handle(TERMINAL, HERE, event, hint_language=None, transaction=transaction)
    if any(isinstance(record, Forgotten) for record in turn.records):
        await store.compact()
        await asyncio.to_thread(HISTORY.unlink, missing_ok=True)
    return turn.replies


async def _run(organisations: Mapping[str, Settings], *, webhook: bool = False) -> None:
    """Serve each organisation; where there are several, a fault of one leaves the others."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    opening = asyncio.Lock()
    served = [
        _serve(settings, stop, advisors, opening, webhook=webhook)
        for settings, advisors in _advised(organisations)
    ]
    if len(served) == 1:
        await served[0]
        return
    faults = [_told(name, one) for name, one in zip(organisations, served, strict=True)]
    if any(await asyncio.gather(*faults)):
        raise BotError("not every organisation could be served to the end; the log says which and why")


def _advised(organisations: Mapping[str, Settings]) -> Iterator[tuple[Settings, Advisors]]:
    """Give the settings of each organisation with what builds its advisors; encoders are loaded once."""
    loaded: dict[str, Sequence[Encoder]] = {}
    for settings in organisations.values():
        advisors = Advisors(settings, found=loaded.get(settings.advice.encoder, ()))
        loaded[settings.advice.encoder] = advisors.encoders
        yield settings, advisors


async def _told(name: str, serving: Service) -> bool:
    """Serve one of several organisations; log what ended it, and say whether something did."""
    try:
        with traced(name):
            await serving
    except BotError as fault:
        log.error("organisation %s: %s", name, fault)
        return True
    return False


async def _serve(
    settings: Settings,
    stop: asyncio.Event,
    advisors: Advisors,
    opening: asyncio.Lock,
    *,
    webhook: bool = False,
) -> None:
    """Serve one organisation until `stop`; stores are opened one at a time, since Alembic knows only one."""
    desk = _desk(advisors, settings)
    # What is built by now is there to stay. Looked through for garbage, it held an answer up for 75 ms.
    gc.freeze()
    async with opening:
        store = await open_store(settings)
    metrics = Metrics()
    try:
        if advisors.encoders and not advisors.ready():
            log.info("reading the knowledge for the first time; answering by words alone meanwhile")
            speak_better_soon(advisors, desk, done=_warn)
        tokens = console.tokens_of(settings)
        staff = _staff(settings, store, desk, tokens)
        desk.erasing = staff.cards.erase
        jobs = Jobs(settings, store, desk, staff, now=utc_now)
        health = Health(lambda: _queues(store), metrics, now=utc_now)
        # Whatever may be refused is made before anything is begun.
        figures = _listener(settings.monitoring.listen, "monitoring.listen")
        telegram = Telegram(
            settings.telegram,
            store,
            desk,
            _texts(desk.speaker),
            staff=staff,
            metrics=metrics,
            listener=_listener(settings.telegram.listen if webhook else None, "telegram.listen"),
            beside=health.routes(metrics=False),
        )
        pages = console.beside(settings, store, desk, health, tokens, advisors)
        beside = [
            keep_current(advisors, desk, every=WATCH_SECONDS),
            schedule.keep(jobs.all),
            *_tending(settings, store, desk, jobs),
            *([figures.serve(health.application())] if figures else []),
            *([pages] if pages else []),
        ]
        await together(telegram.run(stop), *beside)
    finally:
        await store.close()


def _listener(listen: str | None, key: str) -> Listener | None:
    return Listener(listen, key) if listen else None


def _tending(settings: Settings, store: Store, desk: Desk, jobs: Jobs) -> list[Service]:
    """What tends the knowledge while the bot runs; links are only asked where the settings say so."""

    def advisor() -> Advisor:
        return desk.speaker.advisor

    async def tell(dead: Sequence[Link]) -> None:
        log.warning("%d links do not open any more; `python -m bot links` names them", len(dead))
        await jobs.dead_links([link.url for link in dead])

    services = [
        tending.keep_demoted(store, advisor, every=DEMOTED_SECONDS),
        tending.keep_telling(store, advisor, couriers(), now=utc_now, every=DEMOTED_SECONDS),
    ]
    if settings.links.watch:
        services.append(tending.watch_links(store, advisor, now=utc_now, tell=tell))
    return services


def _staff(settings: Settings, store: Store, desk: Desk, tokens: Tokens) -> StaffGroup:
    """Return the staff's side on Telegram; it speaks from the knowledge of the moment."""

    def voice() -> Voice:
        speaker = desk.speaker
        return Voice(speaker.advisor.knowledge, speaker.messages, speaker.answers)

    return StaffGroup(
        store,
        casework(settings, voice),
        Offices.of(settings.staff),
        language=settings.staff.language,
        now=utc_now,
        admins_answer=settings.staff.group_admins_answer,
        drafts=tending.ReplyDrafts(Drafts(settings.knowledge.path), now=utc_now),
        link=partial(console.link_for, settings, tokens),
    )


async def together(main: Service, *others: Service) -> None:
    """Run `main` with the others beside it: when it ends they end, and a fault of one ends all."""
    try:
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(other) for other in others]
            await main
            for task in beside:
                task.cancel()
    except ExceptionGroup as group_of:
        raise group_of.exceptions[0] from None


async def _queues(store: Store) -> Queues:
    return Queues(**vars(await store.waits()))


COMMANDS_SHOWN = (
    "menu", "women", "library", "person", "country", "language", "profile",
    "help", "privacy", "mydata", "forget", "cancel",
)  # fmt: skip
# In a group nothing is asked that is one person's alone.
GROUP_COMMANDS = ("help", "menu", "women", "library")


def _texts(speaker: Speaker) -> Texts:
    say, languages = speaker.messages.say, speaker.messages.languages

    def lines(key: str) -> dict[str, str]:
        return {tag: say(tag, key) for tag in languages}

    def commands(names: tuple[str, ...]) -> dict[str, dict[str, str]]:
        return {tag: {name: say(tag, f"command.{name}") for name in names} for tag in languages}

    return Texts(
        apology={tag: say(tag, "apology") for tag in languages},
        lines={
            "slow": lines("edge.slow"),
            "banned": lines("edge.banned"),
            "inline": lines("edge.inline"),
        },
        commands=commands(COMMANDS_SHOWN),
        group_commands=commands(GROUP_COMMANDS),
        name=lines("edge.name"),
        description=lines("profile.description"),
        short_description=lines("profile.about"),
    )


def _warn(fault: str) -> None:
    if fault:
        print(f"warning: {fault}", file=sys.stderr)
    else:
        log.info("the knowledge is read: answering by meaning, too")
