"""The life of a case: who may, who was first, and what is kept."""

import datetime

import pytest
from casework_people import ADA, EVA, MIA, NOON, PAT, ZOE, Satchel

from bot.casework.faults import Closed, Conflict, Empty, NoCase, NotAllowed, Settled, TooLong
from bot.casework.rights import OPERATOR
from bot.casework.work import LONGEST_REPLY, Casework
from bot.conversation.replies import Attachment, unmarked
from bot.errors import BotError, UsageError
from bot.store import StaffRow, Transaction

LATER = NOON + datetime.timedelta(hours=1)


async def whats(now: Transaction, case: str = "c1") -> list[str]:
    return [f"{step.who} {step.what}" for step in await now.steps(case)]


async def test_taken_and_released(casework: Casework, now: Transaction) -> None:
    taken = await casework.take("c1", MIA, seen=0, at=NOON, transaction=now)
    assert (taken.state, taken.assigned_to, taken.version) == ("assigned", "mia", 1)
    free = await casework.release("c1", MIA, seen=1, at=NOON, transaction=now)
    assert (free.state, free.assigned_to, free.version) == ("open", None, 2)
    assert await whats(now) == ["person opened", "Mia taken", "Mia released"]


async def test_taking_ones_own_changes_nothing(casework: Casework, now: Transaction) -> None:
    first = await casework.take("c1", MIA, seen=0, at=NOON, transaction=now)
    assert await casework.take("c1", MIA, seen=0, at=NOON, transaction=now) == first


async def test_the_second_is_told_who_was_first(casework: Casework, now: Transaction) -> None:
    await casework.take("c1", MIA, seen=0, at=NOON, transaction=now)
    with pytest.raises(Conflict) as told:
        await casework.take("c1", EVA, seen=0, at=LATER, transaction=now)
    assert (told.value.first, told.value.what, told.value.at) == ("Mia", "taken", NOON)
    assert "Mia was first" in str(told.value)


async def test_of_two_answers_to_the_same_version_one_wins(
    casework: Casework, now: Transaction, satchel: Satchel
) -> None:
    await casework.reply("c1", MIA, "la mía", seen=0, at=NOON, transaction=now)
    with pytest.raises(Conflict, match="Mia"):
        await casework.reply("c1", EVA, "la otra", seen=0, at=NOON, transaction=now)
    assert [text for _, text in satchel.given] == ["person.answer\nla mía"]


async def test_an_answer_without_a_version_takes_what_is_free(casework: Casework, now: Transaction) -> None:
    await casework.reply("c1", MIA, "hola", seen=None, at=NOON, transaction=now)
    with pytest.raises(Conflict, match="Mia"):
        await casework.reply("c1", EVA, "hola", seen=None, at=NOON, transaction=now)
    await casework.reply("c1", MIA, "otra vez", seen=None, at=NOON, transaction=now)
    case = await now.case("c1")
    assert case is not None
    assert (case.state, case.assigned_to) == ("answered", "mia")


async def test_the_operator_answers_without_having_it(casework: Casework, now: Transaction) -> None:
    await casework.reply("c1", OPERATOR, "hola", seen=None, at=NOON, transaction=now)
    case = await now.case("c1")
    assert case is not None
    assert (case.state, case.assigned_to) == ("answered", None)


async def test_a_step_knows_who_and_when(casework: Casework, now: Transaction) -> None:
    step = await casework.note("c1", MIA, "  ojo  ", at=LATER, transaction=now)
    assert (step.who, step.staff, step.what, step.text, step.time) == ("Mia", "mia", "note", "ojo", LATER)


async def test_a_note_does_not_disturb_an_answer(casework: Casework, now: Transaction) -> None:
    await casework.note("c1", EVA, "ojo", at=NOON, transaction=now)
    await casework.reply("c1", MIA, "hola", seen=0, at=NOON, transaction=now)


@pytest.mark.parametrize("text", ["", " \n "])
async def test_nothing_is_no_answer(casework: Casework, now: Transaction, text: str) -> None:
    with pytest.raises(Empty):
        await casework.reply("c1", MIA, text, seen=0, at=NOON, transaction=now)


async def test_an_answer_fits_one_message(casework: Casework, now: Transaction) -> None:
    await casework.reply("c1", MIA, "a" * LONGEST_REPLY, seen=0, at=NOON, transaction=now)
    with pytest.raises(TooLong):
        await casework.reply("c1", MIA, "a" * (LONGEST_REPLY + 1), seen=1, at=NOON, transaction=now)


async def test_a_correction_is_passed_on_and_the_old_words_stay(
    casework: Casework, now: Transaction, satchel: Satchel
) -> None:
    reply = await casework.reply("c1", MIA, "lunes", seen=0, at=NOON, transaction=now)
    edited = await casework.correct(reply.id, MIA, "martes", at=LATER, transaction=now)
    assert (edited.what, edited.about, edited.text) == ("edited", reply.id, "martes")
    assert [step.text for step in await now.steps("c1") if step.what == "reply"] == ["lunes"]


async def test_a_photo_is_kept_as_what_it_is_with_the_words_under_it(
    casework: Casework, now: Transaction, satchel: Satchel
) -> None:
    photo = Attachment("photo", "AgAC")
    sent = await casework.attach("c1", MIA, photo, "tu recibo", seen=0, at=NOON, transaction=now)
    assert (sent.what, sent.text) == ("reply", "[photo] tu recibo")
    assert satchel.given == [("ana", "person.answer\ntu recibo")]
    assert satchel.attached == [photo]
    case = await now.case("c1")
    assert case is not None
    assert (case.state, case.assigned_to) == ("answered", "mia")


async def test_what_is_under_a_photo_is_corrected_as_such(casework: Casework, now: Transaction) -> None:
    photo = Attachment("photo", "AgAC")
    sent = await casework.attach("c1", MIA, photo, "", seen=0, at=NOON, transaction=now)
    assert sent.text == "[photo]"
    edited = await casework.correct(sent.id, MIA, "tu recibo", at=LATER, transaction=now)
    assert edited.text == "[photo] tu recibo"


async def test_a_photo_to_a_closed_case_goes_nowhere(
    casework: Casework, now: Transaction, satchel: Satchel
) -> None:
    await casework.close("c1", MIA, "answered", seen=0, at=NOON, transaction=now)
    with pytest.raises(Closed):
        await casework.attach("c1", MIA, Attachment("photo", "AgAC"), "", seen=1, at=NOON, transaction=now)
    assert satchel.given == []


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("[photo] tu recibo", "tu recibo"),
        ("[document]", ""),
        ("hola [photo]", "hola [photo]"),
        ("[a b] c", "[a b] c"),
    ],
)
def test_the_mark_of_a_file_is_taken_off_its_words(words: str, left: str) -> None:
    assert unmarked(words) == left


async def test_only_who_wrote_it_or_an_editor_corrects(casework: Casework, now: Transaction) -> None:
    reply = await casework.reply("c1", MIA, "lunes", seen=0, at=NOON, transaction=now)
    with pytest.raises(NotAllowed):
        await casework.correct(reply.id, EVA, "martes", at=NOON, transaction=now)
    await casework.correct(reply.id, ZOE, "martes", at=NOON, transaction=now)


async def test_what_cannot_be_changed_any_more(
    casework: Casework, now: Transaction, satchel: Satchel
) -> None:
    satchel.number, satchel.corrects = 1, False
    reply = await casework.reply("c1", MIA, "lunes", seen=0, at=NOON, transaction=now)
    with pytest.raises(Settled):
        await casework.correct(reply.id, MIA, "martes", at=NOON, transaction=now)


async def test_a_note_is_no_reply_to_correct(casework: Casework, now: Transaction) -> None:
    note = await casework.note("c1", MIA, "ojo", at=NOON, transaction=now)
    with pytest.raises(BotError, match="no reply"):
        await casework.correct(note.id, MIA, "oreja", at=NOON, transaction=now)


async def test_passed_to_another(casework: Casework, now: Transaction) -> None:
    case = await casework.reassign("c1", MIA, to="eva", seen=0, at=NOON, transaction=now)
    assert (case.state, case.assigned_to) == ("assigned", "eva")
    assert (await now.steps("c1"))[-1].text == "Eva"
    with pytest.raises(BotError, match="nobody"):
        await casework.reassign("c1", MIA, to="nobody", seen=1, at=NOON, transaction=now)


async def test_closed_and_reopened(casework: Casework, now: Transaction) -> None:
    await casework.take("c1", MIA, seen=0, at=NOON, transaction=now)
    closed = await casework.close("c1", MIA, "referred", seen=1, at=LATER, transaction=now)
    assert (closed.state, closed.outcome, closed.closed_at) == ("closed", "referred", LATER)
    with pytest.raises(Closed):
        await casework.reply("c1", MIA, "hola", seen=2, at=LATER, transaction=now)
    again = await casework.reopen("c1", EVA, seen=2, at=LATER, transaction=now)
    assert (again.state, again.outcome, again.closed_at) == ("assigned", None, None)


async def test_an_outcome_is_one_of_a_few(casework: Casework, now: Transaction) -> None:
    with pytest.raises(UsageError, match="answered, referred"):
        await casework.close("c1", MIA, "done", seen=0, at=NOON, transaction=now)


async def test_what_is_not_closed_is_not_reopened(casework: Casework, now: Transaction) -> None:
    with pytest.raises(BotError, match="not closed"):
        await casework.reopen("c1", MIA, seen=0, at=NOON, transaction=now)


async def test_a_canned_reply_in_the_persons_language(
    casework: Casework, now: Transaction, satchel: Satchel
) -> None:
    await casework.canned("c1", MIA, "soon", seen=0, at=NOON, transaction=now)
    assert satchel.given[-1][1].endswith("Ya va")
    with pytest.raises(BotError, match="no canned reply"):
        await casework.canned("c1", MIA, "never", seen=1, at=NOON, transaction=now)


async def test_a_resource_is_sent_and_named_in_the_case(casework: Casework, now: Transaction) -> None:
    resource = next(iter(casework.voice.knowledge.resources))
    step = await casework.insert("c1", MIA, resource, seen=0, at=NOON, transaction=now)
    assert step.what == "reply"
    assert f"[{resource}]" in (step.text or "")
    with pytest.raises(BotError, match="no published resource"):
        await casework.insert("c1", MIA, "none-such", seen=1, at=NOON, transaction=now)


async def test_a_viewer_only_looks(casework: Casework, now: Transaction) -> None:
    with pytest.raises(NotAllowed, match="Pat is viewer"):
        await casework.take("c1", PAT, seen=0, at=NOON, transaction=now)


async def test_who_left_does_nothing(casework: Casework, now: Transaction) -> None:
    gone = StaffRow(**{**vars(MIA), "active": False})
    with pytest.raises(NotAllowed):
        await casework.note("c1", gone, "ojo", at=NOON, transaction=now)


async def test_a_sensitive_case_is_for_the_named_alone(casework: Casework, now: Transaction) -> None:
    for other in (MIA, ADA):
        with pytest.raises(NotAllowed):
            await casework.note("c9", other, "ojo", at=NOON, transaction=now)
    await casework.note("c9", ZOE, "ojo", at=NOON, transaction=now)
    with pytest.raises(NotAllowed):
        await casework.reassign("c9", ZOE, to="mia", seen=0, at=NOON, transaction=now)


async def test_no_such_case(casework: Casework, now: Transaction) -> None:
    with pytest.raises(NoCase, match="no case c7"):
        await casework.take("c7", MIA, seen=0, at=NOON, transaction=now)
