"""What identifies a person in a text, masked before anyone but the one who answers sees it.

It goes by form: e-mail addresses, personal pages, user names, and numbers of phones, identity, tax and
accounts of the five countries. A name, a street or a story cannot be told from other words by its form and is
NOT masked: lists that leave the team leave out what one person alone asked.
"""

import re

# Marks people put between digits. Seven digits or more are a phone, an identity card (DNI, CI, cédula),
# a tax number (CUIT, NIT, RTN, RUT) or an account; amounts that people ask about are rarely so long.
BETWEEN = r"[\s.,()/_*\u2010-\u2015\u2212-]{0,3}"
NUMBER = re.compile(rf"(?<!\d)\+?\d(?:{BETWEEN}\d){{6,}}(?!\d)")
# "2.000.000 de pesos" is an amount: in groups of three, with its currency beside it.
GROUPED = r"\d{1,3}(?:[.,]\d{3}){2,3}(?![\d.,]*\d)"
CURRENCY = r"pesos|lempiras|bolivianos|d[oó]lares|guaran[ií]es|reais|euros|dollars|usd|ars|cop|hnl|uyu|bob|bs"
AMOUNT = re.compile(
    rf"(?:(?:\$|\b(?:us\$|usd|ars|cop|hnl|uyu|bob|bs)\.?)\s?{GROUPED}|(?<![\d.,+-]){GROUPED}\s(?:de\s)?(?:{CURRENCY})\b)",
    re.IGNORECASE,
)
# Shorter numbers, where the word before says what they are: old cards have five or six digits.
LABELLED = re.compile(
    r"\b(?P<label>(?:dni|cuit|cuil|c\.?i\.?|nit|c[eé]dula|carn[eé]t?|rtn|identidade?|rut|rg|cpf|cnpj"
    r"|pasaporte|passaporte|passport|documento)"
    r"(?:\s*(?:de\s+(?:identidade?|ciudadan[ií]a)|n[uú]mero|number|n[rº°o]?[o.]?|num\.?|es|is|é|:|\#))*[\s:.#]*)"
    r"[a-z]{0,3}[\s-]?\d(?:[\s./-]?\d){3,}(?:\s?-\s?[0-9a-z]{1,2})?\b",
    re.IGNORECASE,
)
# Seven digits said in words, as in a voice note that was typed out.
DIGIT = (
    r"(?:cero|un[oa]?|d[oó]s|tr[eê]s|cuatro|cinco|seis|siete|ocho|nueve|zero|one|two|three|four|five|six|seven|eight"
    r"|nine|um|dois|duas|quatro|sete|oito|nove|meia)"
)
IN_WORDS = re.compile(rf"\b{DIGIT}(?:[\s,.-]+{DIGIT}){{6,}}\b", re.IGNORECASE)

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
SPELT_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+\s*(?:\(|\[)?\b(?:arroba|at)\b(?:\)|\])?\s*[\w-]+(?:\s*(?:\.|\bpunto\b|\bponto\b|\bdot\b)\s*[\w-]+)+",
    re.IGNORECASE,
)
PAGE = re.compile(
    r"(?<![\w-])(?:https?://)?(?:[\w-]{1,63}\.)?\b(?:t\.me|telegram\.me|wa\.me|whatsapp\.com|instagram\.com|facebook\.com|fb\.com|fb\.me"
    r"|tiktok\.com|linkedin\.com/in|x\.com|twitter\.com)/[^\s,;)\]]+",
    re.IGNORECASE,
)
HANDLE = re.compile(r"(?<![\w.])@\w{4,32}")


def masked(text: str) -> str:
    """Return `text` with what identifies a person by its form replaced by what it is: "[number]"."""
    text = PAGE.sub("[page]", text)
    text = SPELT_EMAIL.sub("[e-mail]", EMAIL.sub("[e-mail]", text))
    text = LABELLED.sub(r"\g<label>[number]", text)
    text = IN_WORDS.sub("[number]", _numbers_masked(text))
    return HANDLE.sub("[user]", text)


def _numbers_masked(text: str) -> str:
    """Mask long numbers, but for those in amounts of money."""
    shown, at = [], 0
    for amount in AMOUNT.finditer(text):
        shown += [NUMBER.sub("[number]", text[at : amount.start()]), amount.group()]
        at = amount.end()
    return "".join([*shown, NUMBER.sub("[number]", text[at:])])
