"""What may have been meant by a word: as it is heard, as fingers slip, in another number or gender.

All words are folded. Each kind of slip is looked for among the words in use, the likelier kind first.
"""

import re

GENDER = re.compile(r"[aeo]?s?$")
GENDERS = ("", "s", "a", "e", "o", "as", "es", "os")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# What is written for a sound, and what else is, as Spanish is spoken in the countries of the knowledge: z and
# soft c as s, b as v, ll as y, h not at all; and what Portuguese writes in more than one way.
_SPANISH = """
    s:c,z,x c:s,k z:s,c x:s,j k:c,qu qu:k,c b:v v:b g:j j:g,x y:ll,i ll:y i:y h: w:gu gu:w m:n n:m
"""
_PORTUGUESE = "s:c,z,x,ss ss:s,c c:s,k,ss z:s,x x:s,ch,z ch:x k:c,qu qu:k,c g:j j:g i:e u:o h: m:n n:m w:u"
SOUNDS = {
    language: tuple(
        (heard, others.split(",")) for heard, others in (pair.split(":") for pair in pairs.split())
    )
    for language, pairs in (("es", _SPANISH), ("pt", _PORTUGUESE))
}


def heard(word: str, language: str) -> list[str]:
    """Return what sounds like `word` to who writes as one speaks: "serca", "yega", "biolencia", "kiosco".

    One sound or two are written otherwise. Of a language whose sounds are not known, nothing.
    """
    once = _respelt(word, language)
    return list(dict.fromkeys(once + [twice for one in once for twice in _respelt(one, language)]))


def likely(word: str) -> list[str]:
    """Return what was meant where two letters changed places, one was left out or one came twice."""
    places = range(len(word))
    swapped = [word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in places[:-1]]
    single = [word[:n] + word[n + 1 :] for n in places[1:] if word[n] == word[n - 1]]
    left_out = [word[:n] + letter + word[n:] for n in range(len(word) + 1) for letter in LETTERS]
    return swapped + single + left_out


def others(word: str) -> list[str]:
    """Return what was meant where one letter stands for another, or is there by mistake."""
    places = range(len(word))
    replaced = [word[:n] + letter + word[n + 1 :] for n in places for letter in LETTERS]
    return replaced + [word[:n] + word[n + 1 :] for n in places]


def number(word: str) -> list[str]:
    """Return what may be `word` said of one or of many."""
    return [word + "s", word + "es", word.removesuffix("s"), word.removesuffix("es")]


def gender(word: str) -> list[str]:
    """Return what may be `word` in another gender or person: "marcas", "marca", "marco"."""
    stem = GENDER.sub("", word)
    return [stem + ending for ending in GENDERS]


def _respelt(word: str, language: str) -> list[str]:
    found = []
    for sound, written in SOUNDS.get(language, ()):
        place = word.find(sound)
        while place >= 0:
            found += [word[:place] + other + word[place + len(sound) :] for other in written]
            place = word.find(sound, place + 1)
    return [*found, "h" + word] if language in SOUNDS else found
