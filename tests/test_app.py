"""Where the rooms meet: what a turn leaves behind is stored, and the advisor is as the settings say."""

import datetime
import itertools
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.advice.advisor import Advisor
from bot.advice.calibration import Calibration
from bot.advice.knowledge import Knowledge, KnowledgeError
from bot.advisors import Advisors
from bot.app import Desk, keep_current, new_id, speak_better_soon
from bot.casework.offices import Offices
from bot.console.opening import Openings
from bot.conversation.dialogue import Speaker
from bot.conversation.events import Event, Pressed, Said, Sent
from bot.conversation.records import Request, Turn
from bot.errors import BotError, UsageError
from bot.settings import AdviceSettings, KnowledgeSettings, Settings, StaffSettings
from bot.store import PersonRow, Store

MONDAY_NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
TELEGRAM = "telegram"
ANA, EVA, FORGER = "700100200300", "700200300400", "666000666000"


class Office:
    """A desk over a store on a file: people write from their addresses."""

    def __init__(self, desk: Desk, store: Store):
        self.desk = desk
        self.store = store
        self._numbers = itertools.count(1)

    async def say(self, text: str, *, address: str = ANA, hint: str | None = None) -> Turn:
        return await self._have(Said(self._next(), MONDAY_NOON, text), address, hint)

    async def reword(self, event: str, text: str, *, address: str = ANA) -> Turn:
        return await self._have(Said(self._next(), MONDAY_NOON, text, revises=event), address, None)

    async def press(self, action: str, *, address: str = ANA) -> Turn:
        return await self._have(Pressed(self._next(), MONDAY_NOON, action), address, None)

    async def send(self, kind: str, *, address: str = ANA) -> Turn:
        return await self._have(Sent(self._next(), MONDAY_NOON, kind), address, None)

    async def person(self, address: str = ANA) -> PersonRow:
        async with self.store.reading() as now:
            person = await now.person(TELEGRAM, address)
        assert person is not None
        return person

    def _next(self) -> str:
        return f"t{next(self._numbers)}"

    async def _have(self, event: Event, address: str, hint: str | None) -> Turn:
        async with self.store.transaction() as transaction:
            return await self.desk.handle(
                TELEGRAM, address, event, hint_language=hint, transaction=transaction
            )


OFFICES = Offices.of(StaffSettings())


@pytest.fixture(scope="session")
def tiny_speaker(tiny_advisor: Advisor) -> Speaker:
    return Speaker.of(tiny_advisor)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
async def office(tiny_speaker: Speaker, file: Path) -> AsyncIterator[Office]:
    store = await Store.open(f"sqlite+aiosqlite:///{file}")
    yield Office(Desk(tiny_speaker, offices=OFFICES), store)
    await store.close()


def settings(folder: Path, **advice: float | str) -> Settings:
    return Settings(
        knowledge=KnowledgeSettings(path=folder), advice=AdviceSettings(**{"encoder": "none", **advice})
    )


# -- people --------------------------------------------------------------------------------------------


async def test_newcomer(office: Office) -> None:
    """Who writes for the first time is stored once, under a pseudonym that gives nothing away."""
    await office.say("/start")
    await office.say("/menu")
    ana = await office.person()
    assert re.fullmatch(r"p-[a-z0-9]{6}", ana.pseudonym)
    assert ANA not in ana.id + ana.pseudonym
    assert (ana.first_seen, ana.last_seen, ana.channel) == (MONDAY_NOON, MONDAY_NOON, TELEGRAM)
    assert (await office.store.counts())["people"] == 1


@pytest.mark.parametrize(
    ("hint", "language"),
    [("es", "es"), ("pt-BR", "pt"), ("en-GB", "en"), ("EN", "en"), ("fr", None), ("", None), (None, None)],
)
async def test_language_hint(office: Office, hint: str | None, language: str | None) -> None:
    """A newcomer's language is the one the channel tells, where it is one of ours."""
    await office.say("/start", hint=hint)
    assert (await office.person()).language == language


async def test_language_hint_of_a_known_person(office: Office) -> None:
    """What the channel tells later changes nothing that is known."""
    await office.say("/start", hint="pt")
    await office.say("/start", hint="es")
    assert (await office.person()).language == "pt"


async def test_talk_goes_on(office: Office) -> None:
    """What the talk was about is stored with the person, and read with the next turn."""
    await office.say("necesito un crédito en Montevideo")
    await office.press("c:UY")
    ana = await office.person()
    assert (ana.language, ana.country, ana.state["topic"], ana.state["asked_country"]) == (
        "es",
        "UY",
        "loans",
        True,
    )
    turn = await office.say("cómo hago una factura electrónica")
    assert len(turn.replies) == 1
    assert [row.country for row in await office.store.requests()] == ["UY", "UY"]


# -- questions -----------------------------------------------------------------------------------------


async def test_request_stored_once(office: Office) -> None:
    """A question is one row, with its setting, what was shown, and why."""
    await office.say("necesito un crédito en Montevideo")
    (row,) = await office.store.requests()
    assert (row.id, row.time, row.channel) == ("t1", MONDAY_NOON, TELEGRAM)
    assert (row.question, row.outcome) == ("necesito un crédito en Montevideo", "answer")
    assert (row.language, row.country, row.topics) == ("es", "UY", ("loans",))
    assert "uy-credito" in row.resources
    assert 0.5 < row.confidence <= 1
    assert row.candidates[0][0] == "loans"
    assert row.knowledge
    assert row.pseudonym == (await office.person()).pseudonym


async def test_reworded_question(office: Office) -> None:
    """A question that is edited stays one row: the new words and their answer, when it was first asked."""
    await office.say("necesito un crédito en Montevideo")
    await office.press("d:t1")
    await office.reword("t1", "cómo hago una factura electrónica en Montevideo")
    (row,) = await office.store.requests()
    assert (row.id, row.question) == ("t1", "cómo hago una factura electrónica en Montevideo")
    assert (row.feedback, "uy-credito" in row.resources) == (None, False)


async def test_reworded_command(office: Office) -> None:
    """A command that is edited into a question becomes a row under the first event's id."""
    await office.say("/menu")
    await office.reword("t1", "necesito un crédito")
    assert [row.id for row in await office.store.requests()] == ["t1"]


async def test_commands_are_no_questions(office: Office) -> None:
    """Commands and menus leave no question behind."""
    await office.say("/help")
    await office.press("menu")
    assert (await office.store.counts())["requests"] == 0


async def test_attachment_stored(office: Office) -> None:
    """What cannot be read leaves a row with its kind."""
    await office.send("voice")
    (row,) = await office.store.requests()
    assert (row.kind, row.question, row.outcome) == ("voice", "", "no_match")


async def test_feedback(office: Office) -> None:
    """Thumbs are kept with the question, a reason too."""
    await office.say("necesito un crédito")
    await office.press("d:t1")
    await office.press("r:bad_link:t1")
    (row,) = await office.store.requests()
    assert (row.feedback, row.feedback_reason) == ("down", "bad_link")


@pytest.mark.parametrize("action", ["u:t1", "d:t1", "r:bad_link:t1", "n:t1"])
async def test_forged_feedback(office: Office, action: str) -> None:
    """Feedback on another person's question is not kept; whoever sent it gets a reply like any other."""
    await office.say("necesito un crédito")
    turn = await office.press(action, address=FORGER)
    assert turn.replies
    (row,) = await office.store.requests()
    assert (row.feedback, row.feedback_reason) == (None, None)


@pytest.mark.parametrize("action", ["u:", "d:nothing", "r:bad_link:nothing", "u:t1:t1"])
async def test_feedback_on_nothing(office: Office, action: str) -> None:
    """Feedback on a question that is not there is answered and not kept."""
    turn = await office.press(action)
    assert turn.replies
    assert (await office.store.counts())["requests"] == 0


# -- cases ---------------------------------------------------------------------------------------------


async def test_case(office: Office) -> None:
    """A case has its question, its person and the promised day; a note is a step of it."""
    await office.say("necesito un crédito")
    await office.press("p:t1")
    assert await office.store.cases() == []
    await office.press("y:person:t1")
    await office.say("quién ganó el partido")
    (case,) = await office.store.cases()
    assert (case.reason, case.request, case.question) == ("person", "t1", "necesito un crédito")
    assert (case.person, case.promised) == ((await office.person()).id, datetime.date(2026, 11, 25))
    async with office.store.reading() as now:
        steps = await now.steps(case.id)
    assert [(step.what, step.text) for step in steps] == [("opened", None), ("said", "quién ganó el partido")]


@pytest.mark.parametrize("action", ["y:person:t1", "y:feedback:t1", "n:t1"])
async def test_forged_case(office: Office, action: str) -> None:
    """A case on another person's question is opened without that question."""
    await office.say("necesito un crédito")
    await office.press(action, address=FORGER)
    (case,) = await office.store.cases()
    assert (case.request, case.question) == (None, None)
    assert case.person == (await office.person(FORGER)).id


async def test_same_wish_twice(office: Office) -> None:
    """Pressing "talk to a person" twice for one question leaves one case for the team."""
    await office.say("necesito un crédito")
    await office.press("y:person:t1")
    await office.press("p:t1")
    assert len(await office.store.cases()) == 1


# -- what people agree to ------------------------------------------------------------------------------


async def consents(office: Office, address: str = ANA) -> list[tuple[str, bool]]:
    """Return what for the person agreed, and whether it still holds."""
    ana = await office.person(address)
    async with office.store.reading() as now:
        return [(row.purpose, row.withdrawn_at is None) for row in await now.consents(ana.id)]


async def test_consent_is_asked_once(office: Office) -> None:
    """A consent is stored with the text that was read, and remembered."""
    await office.say("necesito un crédito")
    await office.press("p:t1")
    await office.press("y:person:t1")
    assert await consents(office) == [("handoff", True)]
    await office.say("cómo hago una factura electrónica")
    await office.press("p:t4")
    assert [case.request for case in await office.store.cases()] == ["t1", "t4"]


async def test_profile(office: Office) -> None:
    """What is told of the business is stored with the consent, and goes when it is deleted."""
    await office.press("pf:sector:crafts:yes")
    await office.press("pf:women:yes")
    ana = await office.person()
    assert (ana.sector, ana.women_owned, ana.audience) == ("crafts", True, "women")
    assert await consents(office) == [("profile", True)]
    await office.press("pf:delete")
    ana = await office.person()
    assert (ana.sector, ana.women_owned, ana.audience) == (None, None, None)
    assert await consents(office) == [("profile", False)]


async def test_nobody_is_put_in_a_segment(office: Office) -> None:
    """What a question gives away of who asks counts for it alone, and is not stored with the person."""
    await office.say("soy emprendedora y necesito un crédito en Montevideo")
    ana = await office.person()
    assert (ana.audience, ana.women_owned, ana.country) == (None, None, None)


async def test_news(office: Office) -> None:
    """News are sent to who asked for them, until they are stopped; nothing else tells who that is."""
    await office.press("c:UY:home")
    await office.press("nw:women")
    await office.press("nw:country")
    async with office.store.reading() as now:
        assert [(row.segment, row.country) for row in await now.subscribers("women")] == [("women", "UY")]
        assert len(await now.subscribers("country", country="UY")) == 1
    assert await consents(office) == [("news", True)]
    await office.press("news_stop")
    async with office.store.reading() as now:
        assert await now.subscribers("women") + await now.subscribers("country") == []
    assert await consents(office) == [("news", False)]


async def test_connect_once(office: Office) -> None:
    """Asking twice to be connected leaves one case for the coordinator."""
    await office.press("k:yes")
    await office.say("hago tejidos")
    await office.press("k:yes")
    (case,) = await office.store.cases()
    assert (case.reason, case.request) == ("connect", None)
    async with office.store.reading() as now:
        assert [step.text for step in await now.steps(case.id)][1:] == ["hago tejidos"]


async def test_links_are_counted(office: Office) -> None:
    """Each link somebody came by is counted, whether it leads somewhere or not."""
    await office.say("/start feria-2026")
    await office.say("/start loans")
    await office.say("/start feria-2026", address=EVA)
    async with office.store.reading() as now:
        counts = [(row.source, row.known, row.visits, row.people) for row in await now.sources()]
    assert counts == [("feria-2026", False, 2, 2), ("loans", True, 1, 1)]


async def test_buttons_remember_their_question(office: Office) -> None:
    """A button under an earlier answer is answered in the words of that question."""
    await office.say("necesito un crédito para mi taller en Montevideo")
    await office.say("cómo hago una factura electrónica en Tarija")
    turn = await office.press("c:HN:t1")
    request = next(record for record in turn.records if isinstance(record, Request))
    assert (request.id, request.question) == ("t1", "necesito un crédito para mi taller en Montevideo")
    assert (await office.store.counts())["requests"] == 2


@pytest.mark.parametrize("action", ["c:HN:t1", "e:t1", "o:loans:t1", "m:loans:x:t1"])
async def test_buttons_of_others_remember_nothing(office: Office, action: str) -> None:
    """A button with another person's question gives away nothing of it, and changes nothing of it."""
    await office.say("necesito un crédito para la floristería Magnolia")
    turn = await office.press(action, address=FORGER)
    assert "Magnolia" not in repr(turn)
    before = [row for row in await office.store.requests() if row.id == "t1"]
    assert [(row.question, row.country) for row in before] == [
        ("necesito un crédito para la floristería Magnolia", None)
    ]


async def test_mydata(office: Office) -> None:
    """/mydata hands over all that is stored: the words, what was agreed to; of nobody else."""
    await office.say("necesito un crédito para mi floristería Magnolia")
    await office.press("y:person:t1")
    await office.say("otra pregunta de Eva", address=EVA)
    turn = await office.say("/mydata")
    told, packed = (reply.document for reply in turn.replies)
    assert told is not None
    assert packed is not None
    stored = json.loads(packed.content)
    assert [row["question"] for row in stored["requests"]] == [
        "necesito un crédito para mi floristería Magnolia"
    ]
    assert [row["purpose"] for row in stored["consents"]] == ["handoff"]
    assert "Magnolia" in told.content.decode()
    assert "Eva" not in told.content.decode() + packed.content.decode()


# -- forgetting ----------------------------------------------------------------------------------------


async def test_forget(office: Office, file: Path) -> None:
    """/forget erases every word of the person from every table and from the files, and nobody else's."""
    await office.say("necesito un crédito para mi floristería Magnolia")
    await office.press("y:person:t1")
    await office.say("mi correo es magnolia@correo.example.org")
    for pressed in ("pf:sector:crafts:yes", "nw:women", "k:yes"):
        await office.press(pressed)
    await office.say("/start feria-Magnolia")
    ana = await office.person()
    await office.say("necesito un crédito para mi panadería", address=EVA)
    await office.say("/forget")
    await office.press("forget")
    await office.store.compact()
    assert await office.store.export_person(ana.id) == {}
    assert [row.question for row in await office.store.requests()] == [
        "necesito un crédito para mi panadería"
    ]
    left = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert b"panader" in left
    for trace in ("Magnolia", "magnolia@", ANA, ana.id, ana.pseudonym):
        assert trace.encode() not in left, trace


async def test_after_forgetting(office: Office) -> None:
    """Who was forgotten and writes again is a newcomer with a new pseudonym."""
    await office.say("necesito un crédito en Montevideo")
    before = await office.person()
    await office.press("forget")
    await office.say("/menu")
    after = await office.person()
    assert (after.country, after.state["question"]) == (None, None)
    assert {after.id, after.pseudonym} & {before.id, before.pseudonym} == set()


async def test_nothing_half_stored(office: Office) -> None:
    """A turn that fails leaves nothing of itself behind."""

    class Broken(Offices):
        def promise(self, at: datetime.datetime, **_: object) -> datetime.date:
            raise RuntimeError("no calendar")

    desk = Desk(office.desk.speaker, offices=Broken(list(OFFICES)))
    with pytest.raises(RuntimeError, match="no calendar"):
        await Office(desk, office.store).press("y:person:")
    assert set((await office.store.counts()).values()) == {0}


# -- ids ----------------------------------------------------------------------------------------------


def test_ids() -> None:
    """Ids are letters and digits, as long as asked, and never the same."""
    ids = [new_id() for _ in range(1_000)]
    assert len(set(ids)) == 1_000
    assert all(re.fullmatch(r"[a-z0-9]{10}", id) for id in ids)
    assert len(new_id(6)) == 6


# -- advisors ------------------------------------------------------------------------------------------


def test_without_encoder(folder: Path) -> None:
    """`encoder: none` reads by words alone, with the thresholds that go with it."""
    advisors = Advisors(settings(folder))
    assert (advisors.encoders, advisors.ready()) == ((), False)
    advisor = advisors.build()
    assert advisor.encoders == ()
    assert advisor.calibration == Calibration.default(semantic=False)
    assert advisor.advise("necesito un crédito", day=MONDAY_NOON.date()).outcome == "answer"


def test_thresholds(folder: Path) -> None:
    """Thresholds of the settings take the place of the calibrated ones, each on its own."""
    default = Calibration.default(semantic=False)
    one = Advisors(settings(folder, answer_threshold=1.0)).build()
    assert (one.calibration.answer_threshold, one.calibration.clarify_threshold) == (
        1.0,
        default.clarify_threshold,
    )
    assert one.advise("necesito un crédito", day=MONDAY_NOON.date()).outcome == "clarify"
    both = Advisors(settings(folder, answer_threshold=1.0, clarify_threshold=1.0)).build()
    assert both.advise("necesito un crédito", day=MONDAY_NOON.date()).outcome == "no_match"
    assert both.calibration.weights == default.weights


def test_another_folder(folder: Path, tmp_path: Path) -> None:
    """A folder given by name comes before the one of the settings."""
    advisors = Advisors(settings(tmp_path / "nowhere"))
    assert advisors.build(folder).knowledge.folder == folder


def test_unknown_encoder() -> None:
    """An encoder nobody knows is a fault of one line."""
    with pytest.raises(UsageError, match="it can be auto, use, minilm, e5 or none"):
        Advisors(Settings.model_construct(advice=AdviceSettings.model_construct(encoder="bert")))


def test_broken_knowledge(folder: Path) -> None:
    """A folder that cannot be loaded is a fault that names the file and the line."""
    (folder / "smalltalk.yaml").write_text("greeting: [", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"smalltalk.yaml:\d+: "):
        Advisors(settings(folder)).build()


# -- knowledge that changes ----------------------------------------------------------------------------


class Edits:
    """In place of `Advisors`: the states a folder goes through, an `Advisor` each, or the fault of it."""

    def __init__(self, *states: Advisor | BotError):
        self._states = states
        self._now = -1

    def stamp(self) -> int:
        """Tell of the next state; when there is none, end the watch."""
        self._now += 1
        if self._now == len(self._states):
            raise EOFError
        return self._now

    def build(self, *, quietly: bool = False) -> Advisor:
        state = self._states[max(self._now, 0)]
        if isinstance(state, BotError):
            raise state
        return state


@pytest.fixture
def edited(tiny: Knowledge) -> Advisor:
    """The advisor after an edit."""
    return Advisor(tiny)


async def test_edits_come_into_use(tiny_advisor: Advisor, edited: Advisor) -> None:
    """An edit of the knowledge takes the place of what was read before."""
    desk = Desk(Speaker.of(tiny_advisor), offices=OFFICES)
    with pytest.raises(EOFError):
        await keep_current(Edits(tiny_advisor, edited), desk, every=0)
    assert desk.speaker.advisor is edited


async def test_broken_edit(tiny_advisor: Advisor, caplog: pytest.LogCaptureFixture) -> None:
    """A broken edit leaves the last good state in use, and is logged."""
    first = Speaker.of(tiny_advisor)
    desk = Desk(first, offices=OFFICES)
    with pytest.raises(EOFError):
        await keep_current(Edits(tiny_advisor, BotError("loans.yaml:3: a tab")), desk, every=0)
    assert desk.speaker is first
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "the knowledge as edited is not used: loans.yaml:3: a tab"
    ]


def test_stamp(folder: Path) -> None:
    """The stamp of a folder stays while nothing changes, and follows each edit."""
    advisors = Advisors(settings(folder))
    stamps = [advisors.stamp(), advisors.stamp()]
    assert stamps[0] == stamps[1]
    topic = folder / "topics" / "export.yaml"
    topic.write_text(topic.read_text("utf-8") + "# seen\n", encoding="utf-8")
    stamps.append(advisors.stamp())
    topic.rename(topic.with_name("exporting.yaml"))
    stamps.append(advisors.stamp())
    topic.with_name("exporting.yaml").unlink()
    stamps.append(advisors.stamp())
    assert len(set(stamps)) == 4


@pytest.mark.parametrize("fault", ["", "the encoder does not load"])
def test_better_soon(tiny_advisor: Advisor, edited: Advisor, fault: str) -> None:
    """What is built in the background is used when it is there; where it fails, the desk goes on as it is."""
    desk = Desk(Speaker.of(tiny_advisor), offices=OFFICES)
    heard: list[str] = []
    speak_better_soon(Edits(BotError(fault) if fault else edited), desk, done=heard.append).join(30)
    assert heard == [fault]
    assert desk.speaker.advisor is (tiny_advisor if fault else edited)


async def test_links_lead_through_where_they_are_counted(office: Office) -> None:
    """What the desk hands over has its links led through; without it they are as the knowledge has them."""
    plain = await office.say("quiero exportar")
    office.desk.through = Openings(b"k" * 32, "https://console.example.org").through
    counted = await office.say("quiero exportar")
    assert _urls(plain)
    assert len(_urls(counted)) == len(_urls(plain))
    assert all(url.startswith("https://console.example.org/go/") for url in _urls(counted))


def _urls(turn: Turn) -> list[str]:
    return [button.url for reply in turn.replies for row in reply.rows for button in row if button.url]
