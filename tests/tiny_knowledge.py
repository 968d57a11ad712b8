"""A knowledge folder small enough to be seen whole: four topics, six resources, every optional file."""

from pathlib import Path

LOANS = """\
id: loans
group: money
title: {es: Créditos, en: Loans, pt: Empréstimos}
advice:
  es: Compara la tasa total.
  en: Compare the full cost.
  pt: Compare o custo total.
phrases:
  es: [necesito un crédito, quiero un préstamo para mi negocio, plata para capital de trabajo, microcrédito,
    dónde consigo financiamiento, el banco me negó el crédito, a qué tasa prestan,
    pedir prestado para comprar una máquina]
  en: [I need a loan, how do I borrow money for my shop, microcredit for my business, where to get financing]
  pt: [preciso de um empréstimo, quero crédito para minha loja, microcrédito,
    onde consigo financiamento para a empresa]
related: [women-networks]
"""

INVOICING = """\
id: invoicing
group: tax
title: {es: Facturación electrónica, en: Electronic invoicing, pt: Nota fiscal}
advice:
  es: Guarda cada comprobante.
  en: Keep every receipt.
  pt: Guarde cada comprovante.
phrases:
  es: [cómo hago una factura electrónica, me piden comprobante y no tengo, emitir facturas,
    talonario de facturas,
    anular una factura, qué hago si me equivoqué en la factura, boleta para mis clientes,
    facturar por internet]
  en: [how do I issue an invoice, electronic invoicing, my client wants a receipt, cancel an invoice]
  pt: [como emito nota fiscal, meu cliente pede nota, cancelar uma nota fiscal, emitir nota pela internet]
notice: tax
"""

EXPORT = """\
id: export
group: growth
title: {es: Exportar, en: Exporting, pt: Exportar}
advice:
  es: Empieza por un país.
  en: Start with one country.
  pt: Comece por um país.
phrases:
  es: [quiero exportar, vender mis productos en el exterior, cómo mando mercadería a otro país,
    aduana para exportar,
    certificado de origen, primera exportación, encontrar compradores afuera, enviar artesanías al extranjero]
  en: [I want to export, sell my products abroad, ship goods to another country, certificate of origin]
  pt: [quero exportar, vender meus produtos no exterior, mandar mercadoria para outro país,
    certificado de origem]
"""

WOMEN = """\
id: women-networks
group: women
title: {es: Redes de mujeres, en: Women's networks, pt: Redes de mulheres}
advice:
  es: Una red acompaña.
  en: A network helps.
  pt: Uma rede acompanha.
phrases:
  es: [red de mujeres empresarias, conocer otras emprendedoras, grupo de mujeres de negocios,
    asociación de empresarias, encuentro de mujeres líderes, redes de emprendedoras]
  en: [network of women entrepreneurs, meet other women in business, women business association,
    women leaders group]
  pt: [rede de mulheres empresárias, conhecer outras empreendedoras, associação de empresárias,
    grupo de mulheres líderes]
"""

HONDURAS = """\
- id: hn-credito
  kind: service
  title: {es: Crédito Semilla}
  url: https://example.org/hn/credito
  organisation: Banco del Valle
  topics: [loans]
  countries: [HN]
  audience: [sme]
  languages: [es]
  summary: {es: Crédito para empezar., en: A loan to start., pt: Crédito para começar.}
  reviewed: 2026-11-23
  review_by: 2027-05-23
  source: high
- id: hn-factura
  kind: procedure
  title: {es: Régimen de facturación}
  url: https://example.org/hn/factura
  organisation: SAR
  topics: [invoicing]
  countries: [HN]
  languages: [es]
  summary: {es: Cómo se factura., en: How to invoice., pt: Como se fatura.}
  aliases: [CAI]
  reviewed: 2026-11-23
  review_by: 2027-05-23
  source: high
"""

URUGUAY = """\
- id: uy-credito
  kind: service
  title: {es: Crédito Oriental}
  url: https://example.org/uy/credito
  organisation: Banco Ceibo
  topics: [loans]
  countries: [UY]
  audience: [sme]
  languages: [es]
  summary: {es: Crédito para pymes., en: A loan for small firms., pt: Crédito para pequenas empresas.}
  aliases: [Impulsa Ceibo]
  reviewed: 2026-11-23
  review_by: 2027-05-23
  source: high
- id: uy-credito-mujeres
  kind: service
  title: {es: Crédito Ellas}
  url: https://example.org/uy/ellas
  organisation: Fondo Jacarandá
  topics: [loans, women-networks]
  countries: [UY]
  audience: [women, sme]
  languages: [es]
  summary: {es: Crédito para mujeres., en: A loan for women., pt: Crédito para mulheres.}
  reviewed: 2026-11-23
  review_by: 2027-05-23
  source: high
"""

REGIONAL = """\
- id: red-regional
  kind: network
  title: {es: Red del Sur, en: Network of the South}
  url: https://example.org/red
  organisation: Red del Sur
  topics: [women-networks, loans]
  countries: [regional]
  audience: [women]
  languages: [es, pt]
  summary: {es: Una red de mujeres., en: A women's network., pt: Uma rede de mulheres.}
  reviewed: 2026-11-23
  review_by: 2027-05-23
  source: medium
"""

GLOBAL = """\
- id: guia-global
  kind: guide
  title: {en: Trade Guide}
  url: https://example.org/guide
  organisation: World Office
  topics: [export, loans, invoicing]
  countries: [global]
  languages: [en]
  summary: {es: Una guía., en: A guide., pt: Um guia.}
  reviewed: 2026-11-23
  review_by: 2027-05-23
  source: high
"""

PLACES = """\
AR:
  names: [Argentina]
  demonyms: [argentino, argentina]
  places: [Mendoza, Córdoba]
  institutions: [ARCA]
BO:
  names: [Bolivia]
  places: [Tarija]
CO:
  names: [Colombia]
  demonyms: [colombiana]
  institutions: [DIAN]
HN:
  names: [Honduras]
  demonyms: [hondureña, catracho]
  places: [Tegucigalpa, San Pedro Sula]
  institutions: [SAR]
UY:
  names: [Uruguay]
  demonyms: [uruguayo, uruguaya]
  places: [Montevideo, Paysandú]
  institutions: [DGI]
  words: [RUT]
  weak: [Salto]
  weak_caps: [BPS]
elsewhere:
  CL: [Chile]
"""

SYNONYMS = """\
es:
  - [crédito, prestamito, fiado]
  - [que, q, k]
"""

SMALLTALK = """\
greeting:
  phrases: {es: [hola, buenos días, buenas tardes], en: [hello, good morning], pt: [olá, bom dia]}
thanks:
  phrases: {es: [gracias, muchas gracias], en: [thanks, thank you], pt: [obrigado, obrigada]}
nonsense:
  phrases: {es: [asdf, jaja], en: [lol, qwerty], pt: [kkkk, rsrs]}
handoff:
  phrases:
    es: [quiero hablar con una persona, pásame con un asesor humano]
    en: [I want to talk to a person, let me speak to a human]
    pt: [quero falar com uma pessoa, me passa para um atendente]
"""

OUT_OF_SCOPE = """\
sports:
  line: {es: De fútbol no sé., en: I know no football., pt: De futebol não sei.}
  phrases:
    es: [quién ganó el partido, a qué hora juega la selección, resultado del clásico de fútbol,
    tabla de goleadores]
    en: [who won the match, when does the team play, football results, top scorers]
    pt: [quem ganhou o jogo, que horas joga a seleção, resultado do futebol, artilheiros do campeonato]
"""

SENSITIVE = """\
violence:
  notify: sensitive
  line: {es: Gracias por contarlo., en: Thank you for telling us., pt: Obrigado por contar.}
  phrases:
    es: [mi marido me golpea, mi esposo me pega, tengo miedo de volver a mi casa]
    en: [my husband hits me, I am afraid to go home, he beat me]
    pt: [meu marido me bate, tenho medo de voltar para casa, ele me agrediu]
  helplines: {UY: [red-regional]}
"""

FILES = {
    "topics/loans.yaml": LOANS,
    "topics/invoicing.yaml": INVOICING,
    "topics/export.yaml": EXPORT,
    "topics/women-networks.yaml": WOMEN,
    "resources/hn.yaml": HONDURAS,
    "resources/uy.yaml": URUGUAY,
    "resources/regional.yaml": REGIONAL,
    "resources/global.yaml": GLOBAL,
    "places.yaml": PLACES,
    "synonyms.yaml": SYNONYMS,
    "smalltalk.yaml": SMALLTALK,
    "out_of_scope.yaml": OUT_OF_SCOPE,
    "sensitive.yaml": SENSITIVE,
    "messages/es.yaml": "hello: Hola\nthanks: {long: Muchas gracias}\n",
    "messages/en.yaml": "hello: Hello\nthanks: {long: Thank you}\n",
    "messages/pt.yaml": "hello: Olá\nthanks: {long: Obrigado}\n",
}


def write(folder: Path) -> Path:
    """Write the tiny knowledge into `folder` and return it."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def line_of(name: str, text: str) -> int:
    """Return the number of the first line of a file of the tiny knowledge that holds `text`."""
    return next(n for n, line in enumerate(FILES[name].splitlines(), start=1) if text in line)
