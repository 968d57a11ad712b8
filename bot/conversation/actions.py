"""What a button sends back: a verb and ids, never positions in a list, at most 64 bytes.

    t:<topic>                 the topic, from a menu            g:<group>   a group of topics
    o:<topic>:<request>       an option offered for a question  n:<request> none of these
    m:<topic>:<from>          more resources of a topic         p:<request> talk to a person
    u:<request> d:<request>   thumbs up, thumbs down            r:<reason>:<request> why down
    c:<country> l:<language>  settings                          menu, forget, keep

A button of an older version that is not understood leads to the menu, never to silence.
"""

from dataclasses import dataclass

from bot.conversation.replies import LONGEST_ACTION

MENU, FORGET, KEEP = "menu", "forget", "keep"
# The longest topic id; a longer argument is forged, and would not fit into the buttons that follow.
LONGEST_ARGUMENT = 50


@dataclass(frozen=True)
class Action:
    """A verb with its arguments."""

    verb: str
    arguments: tuple[str, ...] = ()

    def argument(self, n: int) -> str:
        """Return argument `n`, or an empty text where an older button had none."""
        return self.arguments[n] if n < len(self.arguments) else ""


def action(verb: str, *arguments: str) -> str:
    """Return the text a button sends back."""
    return ":".join((verb, *arguments))


def parse(text: str) -> Action:
    """Return what a pressed button means; anything at all may come in, as callbacks can be forged."""
    known = text.encode("utf-8", "ignore")
    verb, *arguments = known.decode().split(":")
    if len(known) > LONGEST_ACTION or any(
        len(argument.encode()) > LONGEST_ARGUMENT for argument in arguments
    ):
        return Action("")
    return Action(verb, tuple(arguments))
