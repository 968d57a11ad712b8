"""Whether a question says that its writer is a woman, or asks for what is made for women.

Linguistic facts, not content: the feminine words people use of themselves in Spanish and Portuguese,
and how women are named in all three languages. Words are folded (no accents).
"""

import re

from bot.advice.setting import Clue
from bot.advice.text import clean, fold

WOMEN = "mujer mujeres mulher mulheres woman women female"
OWNERS = "emprendedoras empresarias duenas empreendedoras donas senoras"
TRADES = """
    emprendedora empresaria duena artesana tejedora costurera productora socia hermana amiga vecina
    companera senora madre mama abuela viuda jefa trabajadora comercianta agricultora ganadera
    caficultora panadera repostera cocinera pastelera peluquera maquilladora ingeniera contadora abogada
    arquitecta disenadora profesora enfermera pescadora vendedora empreendedora dona artesa mae
    costureira confeiteira cozinheira ladies lady sister mum mom mother housewife
"""
STATES = """
    sola segura nueva cansada casada soltera embarazada gravida inscrita registrada desempleada
    interesada perdida lista sozinha cadastrada
"""
SELF = """
    soy somos estoy estamos siendo estar ando quede siento sou estou as i+m im i+am we+are we+re were
    como nosotras fui
"""
BETWEEN = """
    un una unas la las los um uma muy re bien tan ya todas puras solo an a the all just muito bem mais
    dos tres cuatro cinco seis siete ocho nueve diez doce quince veinte duas quatro two three four five
    six ten \\d+ grupo group de of asociacion associacao cooperativa association micro pequena pequenas
    small jovens jovenes indigena indigenas rural rurales young single indigenous
"""
FOR = """
    para entre con otras for of among other pra das outras as dirigida+a dirigido+a lideradas?+por
    led+by owned+by
"""
FOR_BETWEEN = "las nosotras nos mas otras outras the nossas"
ABOUT_STAFF = "directorio direccion board gerencia cargos management diretoria lideranca"
HUSBAND = ("nosotras", "mi marido", "mi esposo", "meu marido", "meu esposo", "my husband")
ENGLISH_COMPOUNDS = (
    "owned led run founder founders entrepreneur entrepreneurs owner owners business businesses only"
)
KINDS_OF_WOMEN = """
    emprendedora emprendedoras empresaria empresarias rural rurales productora productoras artesanas
    lider lideres indigena indigenas campesina campesinas de+pollera cabeza
"""
# Mothers who raise children by themselves: programmes name them so.
MOTHERS = """
    madres?+solteras? madres?+cabezas?+de madres?+jefas? maes?+solteiras? maes?+solo single+mothers?
    single+m[ou]ms? jefas?+de+hogar
"""


def _any(words: str, *, plural: bool = False) -> str:
    """Return a pattern for one of the words; "+" joins those that belong together."""
    alternatives = "|".join(word.replace("+", r"\s+") for word in words.split())
    return f"(?:{alternatives})" + ("s?" if plural else "")


HERSELF = rf"(?:{_any(TRADES, plural=True)}|{_any(STATES)}|{_any(WOMEN)}|\w+doras?)"
SAYS_SO = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_any(SELF)}(?:\s+{_any(BETWEEN)}){{0,5}}\s+{HERSELF}\b",
        rf"\b(?:{'|'.join(HUSBAND)})\b",
        rf"\b{_any(FOR)}\s+(?:{_any(FOR_BETWEEN)}\s+)?(?:{_any(WOMEN)}|{_any(OWNERS)})\b"
        rf"(?!\s+(?:en|in|em)\s+(?:(?:el|la|the|a|o)\s+)?{_any(ABOUT_STAFF)})",
        rf"\b(?:women|woman|female)\s?{_any(ENGLISH_COMPOUNDS)}\b",
        rf"\b{_any(MOTHERS)}\b",
        rf"\b(?:emprendedoras|empresarias|empreendedoras|(?:mujer|mulher)(?:es)?\s+{_any(KINDS_OF_WOMEN)})\b",
    )
)


def audience_of(question: str, profile: str | None, *, named: str = "") -> tuple[str | None, Clue | None]:
    """Return "women" where the question says so of who asks, otherwise what the profile says.

    `named` is a name in the question of something made for women alone: to ask for it says as much.
    """
    if named:
        return "women", Clue("audience", named, "women", 1.0)
    plain = " ".join(re.sub(r"[^\w\s]", " ", fold(clean(question))).split())
    for pattern in SAYS_SO:
        match = pattern.search(plain)
        if match:
            return "women", Clue("audience", match.group(0), "women", 1.0)
    return profile, None
