"""Who is in distress, told from who says the same words of a business ("quiero vivir de esto")."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from zlib import crc32

from bot.advice.beside import HERE
from bot.advice.classifier import LexicalHead
from bot.advice.kept import Kept
from bot.advice.knowledge import Care, Phrases

DISTRESS, ORDINARY = "distress", "ordinary"
AS_LIKELY_AS_NOT = 0.5
# Of what is asked one phrase in eight is enough to know ordinary words by: with one in four as many of the
# sentences in tests/advice/care.yaml were told apart, with one in sixteen two fewer.
EVERY = 8


class DistressReader:
    """Weighs what people in distress say against what only sounds like it, by words and letters.

    In the classifier, beside all topics, these phrases would change what is answered, too. `others` are
    phrases of what is asked otherwise and `standard` puts a phrase of a language in words like theirs, the
    knowledge's own.
    """

    def __init__(
        self,
        sensitive: Mapping[str, Care],
        *,
        others: Sequence[str],
        standard: Callable[[str, str], str],
        kept: Kept,
        workers: Executor = HERE,
    ):
        def put(phrases: Phrases) -> list[str]:
            return [standard(text, language) for language, texts in phrases.items() for text in texts]

        ordinary = [text for care in sensitive.values() for text in put(care.ordinary)]
        self._head = None
        if ordinary:
            # Which ones a digest decides, so that an edit elsewhere changes none of them.
            ordinary += [text for text in others if crc32(text.encode()) % EVERY == 0]
            distress = [
                text for care in sensitive.values() for text in (*put(care.phrases), *put(care.cries))
            ]
            labels = [DISTRESS] * len(distress) + [ORDINARY] * len(ordinary)
            self._head = LexicalHead([*distress, *ordinary], labels, kept, workers, name="distress")

    def distress(self, text: str) -> float:
        """Return how likely who says `text`, in the knowledge's own words, is in distress.

        As likely as not where nothing ordinary is known to tell it from: then only the classifier decides.
        """
        if self._head is None:
            return AS_LIKELY_AS_NOT
        row = self._head.features.row(text)
        return float(self._head.probabilities(row)[self._head.labels.index(DISTRESS)])
