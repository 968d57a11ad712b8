"""Pictures of the conversation for docs/tour.md, drawn from what the bot really says.

    python docs/tour/draw.py [--encoder none] [NAME ...]

Starts a strict Bot API server and the bot itself on this machine, acts as a few made-up people, and draws
what each of them sees as a small PNG beside this file. Without names, all of them.
"""

import argparse
import html
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "faults")]
import chromium  # noqa: E402
from serving import World, bot_api, bot_environment, process, ready  # noqa: E402

WIDTH, COLOURS, SCALE = 390, 96, 1.5
# Seconds an answer is waited for.
PATIENCE = 30.0
BOT_NAME = "Asistente de la cámara"
GROUP, STAFF = -100700, -100900
LUCIA = 90
STYLE = """
* { box-sizing: border-box; margin: 0 }
body { background: #fff; font: 15px/1.38 "DejaVu Sans", "Noto Sans", sans-serif; font-size: 14px }
.phone { width: 390px; background: #d5e4d2; padding-bottom: 12px }
header { background: #3f7d6a; color: #fff; padding: 12px 16px; display: flex; gap: 12px; align-items: center }
header .face { width: 36px; height: 36px; border-radius: 50%; background: #9fd0bf; color: #22523f;
  display: flex; align-items: center; justify-content: center; font-weight: bold }
header small { display: block; opacity: .85; font-size: 12px }
.said { display: flex; margin: 8px 10px 0 }
.said.own { justify-content: flex-end }
.block { max-width: 340px; min-width: 60px }
.bubble { background: #fff; border-radius: 12px; padding: 7px 11px; white-space: pre-wrap;
  overflow-wrap: anywhere }
.own .bubble { background: #e4f8d0 }
.who { color: #2f7f9e; font-weight: bold; font-size: 13px }
.quote { border-left: 3px solid #3f7d6a; padding-left: 7px; color: #4a5a52; font-size: 12.5px;
  margin-bottom: 4px }
.edited { color: #7b8a80; font-size: 11.5px; text-align: right }
.row { display: flex; gap: 4px; margin-top: 4px }
.key { flex: 1; background: #6f9482; color: #fff; border-radius: 8px; padding: 8px 6px; text-align: center;
  font-size: 13px; position: relative; overflow-wrap: anywhere }
.key.link::after { content: "\\2197"; position: absolute; top: 2px; right: 6px; font-size: 10px; opacity: .9 }
.key.pressed { outline: 2px solid #21493b }
.file { display: flex; gap: 10px; align-items: center }
.file .sheet { width: 34px; height: 40px; background: #3f7d6a; border-radius: 5px; color: #fff;
  font-size: 10px;  display: flex; align-items: end; justify-content: center; padding-bottom: 5px }
.note { margin: 10px auto 0; width: fit-content; max-width: 300px; background: #33413acc; color: #fff;
  border-radius: 10px; padding: 7px 14px; font-size: 13px; text-align: center }
.list { margin: 8px 10px 0; background: #fff; border-radius: 12px; overflow: hidden }
.list > div { padding: 9px 12px; border-top: 1px solid #e6ece7 }
.list > div:first-child { border-top: 0; color: #2f7f9e }
.list small { color: #5d6a63; display: block }
.typed { margin: 10px; background: #fff; border-radius: 18px; padding: 9px 14px }
"""
TAGS = {"bold": "b", "italic": "i"}


@dataclass
class Picture:
    """What is drawn: whose screen, which of its messages, and what else is seen."""

    title: str
    under: str
    own: int
    messages: list[dict[str, Any]]
    pressed: str = ""
    note: str = ""
    offers: list[dict[str, Any]] = field(default_factory=list)
    typed: str = ""
    in_group: bool = False


Scene = Callable[[World], Picture]


# ---- the story ----------------------------------------------------------------------------------


def first_minute(world: World) -> Picture:
    """Somebody comes for the first time."""
    ana = person(world, 11, "Ana")
    ana.say("/start")
    return private(ana)


def answer(world: World) -> Picture:
    """A question, as it is written on a phone, and its answer."""
    rosa = person(world, 12, "Rosa")
    rosa.say("necesito un crédito para mi panadería en cochabamba")
    return private(rosa, last=1)


def country(world: World) -> Picture:
    """The country is asked once, after the first answer it matters for."""
    luis = person(world, 13, "Luis")
    luis.say("como hago una factura electronica")
    return private(luis, last=1)


def language_gap(world: World) -> Picture:
    """What exists in another language only is sent with a line that says so."""
    john = person(world, 14, "John", lang="en")
    john.say("how do I register a trade mark in Uruguay?")
    return private(john, last=1)


def asking_back(world: World) -> Picture:
    """Where two needs are close, they come as buttons."""
    eva = person(world, 15, "Eva")
    for text in (
        "tengo un puesto de baleadas en la ceiba y necesito plata pa otra plancha",
        "mi marca",
        "máquina nueva",
    ):
        eva.say(text, settle=2.5)
        if any(key["text"] == "Otra cosa" for key in keys(eva.screen()[-1])):
            break
    return private(eva, last=1)


def not_knowing(world: World) -> Picture:
    """Where it does not know, it says so."""
    tomas = person(world, 16, "Tomás")
    tomas.say("cuánto gana un cajero de banco en promedio")
    return private(tomas)


def one_question(world: World) -> Picture:
    """Three short messages are one question."""
    marta = person(world, 17, "Marta")
    for text in ("quiero vender", "mis dulces"):
        marta.say(text, timeout=0)
    marta.say("por internet en colombia", settle=2.5)
    return private(marta, last=3)


def women(world: World) -> Picture:
    """The women's desk."""
    paula = person(world, 18, "Paula")
    paula.say("/women")
    return private(paula)


def library(world: World) -> Picture:
    """The library of the organisations' staff."""
    julia = person(world, 19, "Julia")
    julia.say("/library")
    return private(julia)


def profile(world: World) -> Picture:
    """What one may tell of the business, and need not."""
    clara = person(world, 20, "Clara")
    clara.say("/profile")
    return private(clara)


def thumbs_down(world: World) -> Picture:
    """A thumb down asks why, once."""
    rosa = person(world, 21, "Rosa")
    rosa.say("quiero pedir un crédito para comprar un horno en honduras")
    rosa.press("👎")
    return private(rosa, last=1)


def privacy(world: World) -> Picture:
    """What is kept, and how it is erased."""
    ines = person(world, 22, "Inés")
    ines.say("cómo registro mi empresa en honduras")
    ines.say("/privacy")
    shown = private(ines, last=1)
    ines.say("/forget")
    shown.messages += private(ines, last=1).messages
    return shown


def my_data(world: World) -> Picture:
    """All that is stored, as files."""
    ines = person(world, 23, "Inés")
    ines.say("cómo registro mi empresa en honduras")
    ines.say("/mydata", settle=1.5)
    return private(ines, last=1)


def person_takes_over(world: World) -> Picture:
    """A person of the team answers in the same chat."""
    rosa = person(world, 24, "Rosa")
    rosa.say("quiero hablar con una persona por favor", settle=1.5)
    if any(button["text"].startswith(("Sí", "De acuerdo")) for button in keys(rosa.screen()[-1])):
        rosa.press(index=0, message_id=rosa.screen()[-1]["message_id"], settle=1.5)
    rosa.say("se me venció el permiso del puesto en la ceiba y no sé con quién ir", settle=2.5)
    answer_in_topic(
        world,
        "Buenas tardes, Rosa. Soy Lucía. Trae el permiso vencido y tu identidad a la ventanilla "
        "de la alcaldía; hoy atienden hasta las cuatro.",
    )
    time.sleep(2.0)
    shown = private(rosa)
    shown.messages = shown.messages[1:]
    return shown


def staff_group(world: World) -> Picture:
    """The same case in the group of the team: a topic, a card, what was said."""
    messages = world.messages(STAFF)
    topics = world.ctl(f"chat/{STAFF}/messages")["topics"]
    last = topics[-1]["message_thread_id"]
    told = [message for message in messages if message.get("message_thread_id") == last]
    return Picture(topics[-1]["name"], "Equipo de la cámara", LUCIA, told, in_group=True)


def group(world: World) -> Picture:
    """In a group it answers only who names it, and briefly."""
    members = {"31": "creator", "32": "member"}
    world.group(GROUP, title="Feria de emprendedores", members=members, admin=True)
    ana, luis = person(world, 31, "Ana", start=False), person(world, 32, "Luis", start=False)
    ana.say("¿alguien sabe cómo se hace para exportar miel?", chat=GROUP, timeout=0)
    luis.say("@fake_test_bot quiero exportar miel desde uruguay", chat=GROUP)
    return Picture("Feria de emprendedores", "3 miembros", 31, world.messages(GROUP), in_group=True)


def sensitive(world: World) -> Picture:
    """Words that need care get a careful answer."""
    someone = person(world, 25, "M.")
    someone.say("mi jefe me acosa y tengo miedo de ir a trabajar, estoy en uruguay")
    return private(someone, last=1)


def inline(world: World) -> Picture:
    """In any other chat, resources are offered while one types."""
    person(world, 26, "Ana").say("/start")
    offers = world.inline(26, "exportar")
    return Picture("Luis", "en línea", 26, [], offers=offers[:5], typed="@fake_test_bot exportar")


SCENES: dict[str, Scene] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        first_minute, answer, country, language_gap, asking_back, not_knowing, one_question, women, library,
        profile, thumbs_down, privacy, my_data, person_takes_over, staff_group, group, sensitive, inline,
    )
}  # fmt: skip


def person(world: World, number: int, name: str, *, lang: str = "es", start: bool = False) -> Any:
    """Return somebody who acts."""
    user = world.user(number, lang=lang, first_name=name)
    if start:
        user.say("/start")
    return user


def keys(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the buttons under a message."""
    return [key for row in message.get("reply_markup", {}).get("inline_keyboard", []) for key in row]


def private(user: Any, *, last: int = 0) -> Picture:
    """Return a person's chat with the bot: all of it, or from the person's `last` messages on."""
    messages = user.screen()
    if last:
        own = [n for n, message in enumerate(messages) if not message["from"]["is_bot"]]
        messages = messages[own[-min(last, len(own))] :]
    return Picture(BOT_NAME, "bot", user.id, list(messages))


def answer_in_topic(world: World, text: str) -> None:
    """Have Lucía answer the newest case."""
    topics = world.ctl(f"chat/{STAFF}/messages")["topics"]
    lucia = world.user(LUCIA, lang="es", first_name="Lucía")
    lucia.say(text, chat=STAFF, thread=topics[-1]["message_thread_id"], settle=1.5)


# ---- drawing ------------------------------------------------------------------------------------


def page(picture: Picture) -> str:
    """Return the screen as HTML."""
    said = "".join(_message(message, picture) for message in picture.messages)
    offers = "".join(
        f"<div>{_plain(o['title'])}<small>{_plain(o['description'])}</small></div>" for o in picture.offers
    )
    listed = f'<div class="list"><div>Preguntar al asistente</div>{offers}</div>' if offers else ""
    note = f'<div class="note">{_plain(picture.note)}</div>' if picture.note else ""
    typed = f'<div class="typed">{_plain(picture.typed)}</div>' if picture.typed else ""
    face = _plain(picture.title[:1])
    return (
        f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><div class=phone>"
        f"<header><div class=face>{face}</div><div><b>{_plain(picture.title)}</b>"
        f"<small>{_plain(picture.under)}</small></div></header>{said}{note}{listed}{typed}</div>"
    )


def _message(message: dict[str, Any], picture: Picture) -> str:
    if not (message.get("text") or message.get("caption") or message.get("document")):
        return ""
    own = message["from"]["id"] == picture.own
    who = ""
    if picture.in_group and not own:
        name = BOT_NAME if message["from"]["is_bot"] else message["from"]["first_name"]
        who = f'<div class="who">{_plain(name)}</div>'
    quoted = message.get("reply_to_message", {}).get("text", "")
    quote = f'<div class="quote">{_plain(quoted[:70])}</div>' if quoted and picture.in_group else ""
    file = ""
    if document := message.get("document"):
        name = document["file_name"]
        sheet = f'<div class="sheet">{_plain(name.rpartition(".")[2])}</div>'
        file = f'<div class="file">{sheet}<b>{_plain(name)}</b></div>'
    text = _styled(
        message.get("text") or message.get("caption") or "",
        message.get("entities") or message.get("caption_entities") or [],
    )
    rows = "".join(
        f'<div class="row">{"".join(map(_key, row))}</div>'
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
    )
    side = " own" if own else ""
    bubble = f'<div class="bubble">{who}{quote}{file}{text}</div>'
    return f'<div class="said{side}"><div class="block">{bubble}{rows}</div></div>'


def _key(button: dict[str, Any]) -> str:
    kind = " link" if "url" in button else ""
    return f'<div class="key{kind}">{_plain(button["text"])}</div>'


def _styled(text: str, entities: list[dict[str, Any]]) -> str:
    """Return text with its bold and italic parts; offsets count UTF-16 units."""
    units = text.encode("utf-16-le")
    out, at = [], 0
    for entity in sorted(entities, key=lambda item: item["offset"]):
        tag = TAGS.get(entity["type"])
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if tag is None or start < at:
            continue
        out += [_plain(units[2 * at : 2 * start].decode("utf-16-le")), f"<{tag}>"]
        out += [_plain(units[2 * start : 2 * end].decode("utf-16-le")), f"</{tag}>"]
        at = end
    return "".join([*out, _plain(units[2 * at :].decode("utf-16-le"))])


def _plain(text: str) -> str:
    return html.escape(text, quote=False)


def drawn(browser: Browser, picture: Picture, path: Path) -> None:
    """Write the screen as a PNG of few colours, which a slow line loads."""
    tab = browser.new_page(viewport={"width": WIDTH, "height": 400}, device_scale_factor=SCALE)
    tab.set_content(page(picture))
    shot = Image.open(BytesIO(tab.locator(".phone").screenshot()))
    tab.close()
    shot.convert("RGB").quantize(COLOURS).save(path, optimize=True)


@contextmanager
def running(encoder: str) -> Iterator[World]:
    """Give the world of a bot that runs, with a group of staff."""
    with tempfile.TemporaryDirectory() as folder, bot_api() as world:
        world.user(LUCIA, lang="es", first_name="Lucía").w.ctl(f"user/{LUCIA}/hello", {"first_name": "Lucía"})
        world.group(STAFF, title="Equipo", members={str(LUCIA): "creator"}, is_forum=True, admin=True)
        environment = bot_environment(
            world,
            Path(folder),
            encoder=encoder,
            BOT_STAFF__GROUP_ID=str(STAFF),
            BOT_STAFF__GROUP_ADMINS_ANSWER="true",
        )
        log = Path(folder) / "bot.log"
        with process([sys.executable, "-m", "bot", "run"], log=log, **environment):
            ready(world)
            world.timeout, world.settle = PATIENCE, 0.8
            yield world


def main() -> int:
    """Draw the pictures that are named, or all; the ones before the last named are acted, too."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *SCENES])
    parser.add_argument("--encoder", default="none")
    given = parser.parse_args()
    with running(given.encoder) as world, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.found(), args=chromium.FLAGS_FOR_PICTURES)
        for name, scene in SCENES.items():
            picture = scene(world)
            if not given.names or name in given.names:
                path = HERE / f"{name}.png"
                drawn(browser, picture, path)
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
