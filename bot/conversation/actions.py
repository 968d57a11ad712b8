"""What a button sends back: a verb and ids, never positions in a list, at most 64 bytes.

    t:<topic>                 the topic, from a menu            g:<group>   a group of topics
    q:<topic>                 the example question of a topic   x:<resource>  a resource by itself
    o:<topic>:<request>       an option offered for a question  n:<request> none of these
    m:<topic>:<resource>:<request>   more of a topic, after that resource (both as marks, below)
    e:<request>               all of an answer, not only what is made for women
    p:<request> a:<request> f:<request>   talk to a person: about an answer, instead of one, after thumbs down
    y:<reason>:<request>      agreed to it                      no          did not agree
    u:<request> d:<request>   thumbs up, thumbs down            r:<reason>:<request> why down
    c:<country>:<then>        the country; then is a request, home, women or news
    l:<language>:<then>       the language; then is home or start
    w:<section>:<resource>    the women's desk                  k:yes       connect me, agreed
    nw:<segment>              news of a segment, or stop
    bk:<kind>:<resource> bt:<topic>:<resource> bl:<language>:<resource> bf:<resource>   the library's shelves
    pf:<field>:<value>:yes    the profile                       s:<event>   ask the assistant anyway
    menu, women_new (a new message); home, women, library (this one); news_stop (below news), tell_me;
    search, profile, country, language, person, help, privacy, mydata, erase (asks), forget (does), keep

A mark is made from an id: with a question's id beside it, two whole ids would not fit. A button of an
older version that is not understood leads to the menu, never to silence.
"""

import hashlib
from dataclasses import dataclass

from bot.conversation.replies import LONGEST_ACTION

MENU, HOME, FORGET, KEEP = "menu", "home", "forget", "keep"
YES, STOP, START = "yes", "stop", "start"
# The longest topic id; a longer argument is forged, and would not fit into the buttons that follow.
LONGEST_ARGUMENT = 50
# 40 bits: among a thousand ids two alike once in two million folders.
MARK_BYTES = 5
# Which argument of a verb names an earlier request.
ABOUT = {"o": 1, "n": 0, "m": 2, "e": 0, "p": 0, "a": 0, "f": 0, "y": 1, "u": 0, "d": 0, "r": 1, "c": 1}


@dataclass(frozen=True)
class Action:
    """A verb with its arguments."""

    verb: str
    arguments: tuple[str, ...] = ()

    def argument(self, n: int) -> str:
        """Return argument `n`, or an empty text where an older button had none."""
        return self.arguments[n] if n < len(self.arguments) else ""

    @property
    def request(self) -> str:
        """The earlier request it is about, or an empty text."""
        return self.argument(ABOUT[self.verb]) if self.verb in ABOUT else ""


def action(verb: str, *arguments: str) -> str:
    """Return the text a button sends back."""
    return ":".join((verb, *arguments))


def mark(id: str) -> str:
    """Return ten letters and digits that stand for an id: the same in every run and every knowledge."""
    return hashlib.blake2b(id.encode(), digest_size=MARK_BYTES).hexdigest()


def parse(text: str) -> Action:
    """Return what a pressed button means; anything at all may come in, as callbacks can be forged."""
    known = text.encode("utf-8", "ignore")
    verb, *arguments = known.decode().split(":")
    if len(known) > LONGEST_ACTION or any(
        len(argument.encode()) > LONGEST_ARGUMENT for argument in arguments
    ):
        return Action("")
    return Action(verb, tuple(arguments))
