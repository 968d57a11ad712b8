"""Questions that lean on the one before: "¿y en Uruguay?", "how much is it?", "¿dónde queda eso?".

Such a question says nothing of a need by itself. What it does say stands in small words: it goes on ("y",
"but"), points back ("eso", "it"), asks for a detail ("cuánto", "where"), or names a place and nothing else.
The words are few in each language and change with no knowledge folder, so they stand here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.advice.setting import ORIGIN

GOING_ON = frozenset(
    ["y", "e", "pero", "entonces", "and", "but", "so", "then", "mas", "ou", "o", "or", "entao"]
)
POINTING_ES = ("eso", "esto", "ese", "esa", "esos", "esas", "mas")
POINTING_PT = ("isso", "isto", "mais")
POINTING_EN = ("that", "this", "it", "they", "those", "more")
POINTING = frozenset((*POINTING_ES, *POINTING_PT, *POINTING_EN))
ASKING_ES = ("que", "cual", "cuales", "cuanto", "cuanta", "cuantos", "cuando", "donde", "quien", "hay")
ASKING_PT = ("quanto", "quanta", "quantos", "qual", "quais", "quando", "onde", "quem", "tem")
ASKING_EN = ("what", "which", "how", "when", "where", "who", "is", "are", "does")
ASKING = frozenset((*ASKING_ES, *ASKING_PT, *ASKING_EN))
# Above these a question is sure of its own need. Of 30 that lean (tests/advice/test_advice_leaning.py)
# "e quanto custa?" is the surest, 0.67.
SURE_GOING_ON, SURE_ALONE, NOTHING_OF_ITS_OWN = 0.85, 0.6, 0.3
LONGEST, LONGEST_ORIGIN, LONGEST_ODD = 7, 3, 4


@dataclass(frozen=True)
class Words:
    """The folded words of a question: all, those that name no place, and of these which say no need."""

    all: Sequence[str]
    left: Sequence[str]
    general: Collection[str]

    @property
    def _says_no_need(self) -> bool:
        return len(self.left) <= LONGEST and all(word in self.general for word in self.left)

    @property
    def goes_on(self) -> bool:
        """Whether it begins as what goes on with what was said, or points back at it."""
        return bool(self.all) and (self.all[0] in GOING_ON or not POINTING.isdisjoint(self.all))

    @property
    def names_place(self) -> bool:
        """Whether it names a place."""
        return len(self.left) < len(self.all)

    @property
    def only_place(self) -> bool:
        """Whether it names a place and nothing else ("¿y en Uruguay?")."""
        small = all(word in ORIGIN or word in GOING_ON for word in self.left)
        return self.names_place and small and len(self.left) <= LONGEST_ORIGIN

    def lean(self, confidence: float) -> bool:
        """Say whether the question leans; `confidence` is how sure it is of a need of its own."""
        if self.goes_on and self._says_no_need:
            return confidence < SURE_GOING_ON
        if self.all and self.all[0] in GOING_ON and self.names_place and len(self.left) <= LONGEST_ODD:
            return confidence < NOTHING_OF_ITS_OWN
        if self.names_place and len(self.left) <= LONGEST_ORIGIN:
            return self.only_place
        asks = bool(self.left) and self.left[0] in ASKING
        return asks and self._says_no_need and confidence < SURE_ALONE
