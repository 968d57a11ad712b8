"""Short texts that say little by themselves: what it costs, how long it takes, where somebody is.

Facts of three languages, not content. Words are folded (no accents).
"""

from bot.advice.text import words

ASKED = """
    cuanto cuanta cuesta cuestan sale vale precio costo tarda demora queda donde requisitos papeles documentos
    necesito piden llevar gratis horario telefono
    much cost costs price fee long where requirements documents papers need free hours phone
    quanto custa custam preco demora leva onde fica requisitos documentos papeis preciso pedem gratis gratuito
"""
AROUND = """
    y e o a el la lo los las de que es son eso esto esta estan hay se me te por para en con cual cuales como
    tengo tiempo hacerlo pagar tramite
    and or how does do it is are the this that what which i for there take to in
    os as um uma isso isto sao qual quais tempo ter tem pra fazer pagar
"""
STAYING = """
    soy somos estoy estamos vivo vivimos de del desde en aqui aca mi nuestro negocio empresa queda es
    esta y pais
    i am i'm we are we're live from in my our business is based country
    sou somos estou estamos moro vivo do da no na em meu nosso negocio fica pais
"""
# What each language is called in the three, and what is said around it by who asks to be answered in it.
TONGUES = {
    "es": frozenset({"espanol", "castellano", "spanish", "espanhol", "castelhano"}),
    "en": frozenset({"english", "ingles"}),
    "pt": frozenset({"portuguese", "portugues"}),
}
POLITELY = """
    en in em please pls por favor porfa porfavor se puede puedes podes hablar habla hablas hablame hablemos
    responde respondeme responder prefiero quiero can could you speak answer reply write me to i prefer want
    pode falar fala fale responda responder prefiro quero o a
"""
_POLITELY = frozenset(words(POLITELY))
_ASKED = frozenset(words(ASKED))
_KNOWN = _ASKED | frozenset(words(AROUND))
_STAYING = frozenset(words(STAYING))
LONGEST = 7


def leans(text: str) -> bool:
    """Say whether `text` asks something of what was talked of, and names nothing of its own."""
    said = {*words(text)}
    return 0 < len(said) <= LONGEST and bool(_ASKED & said) and said <= _KNOWN


def says_where(text: str, place: str) -> bool:
    """Say whether `text` says where somebody is, at `place`, and nothing else: "estoy en Bolivia"."""
    return {*words(text)} <= {*words(place)} | _STAYING


def tongue(text: str) -> str | None:
    """Return the language that `text` asks to be answered in and nothing else: "in English please"."""
    said = {*words(text)}
    asked = [tag for tag, names in TONGUES.items() if names & said and said <= names | _POLITELY]
    return asked[0] if len(asked) == 1 else None
