"""Numbers that people quote: deals, statements and invoices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.phones import starts_phone

_DEAL = re.compile(r"(?<![\w-])D\s?[-–‑#]?\s?(?P<digits>\d{4,6})(?!\d)", re.I)
_STATEMENT = re.compile(
    r"(?<![\w-])S\s?[-–‑]?\s?(?P<year>20\d\d)\s?[-–‑/.]\s?(?P<month>\d\d)(?!\d)(?:-(?P<currency>[A-Z]{3}))?", re.I
)
_INVOICE_WORD = (
    r"invoice|inv|bill|rechnung\w*|re|rn|facture|fact|fac|fra|factuur\w*|factnr|fct|factura|faktura|honorarnote|fattura|"
    r"cuenta de cobro|honorar\w*|boleta|gutschrift\w*|créditos?|cfdi|nf"
)
_NUMBER_WORD = r"nota|nr|nro|no|n°|nº|number|nummer|numéro|número|num|#|ref|belegnummer|belegnr"
# Issuers' own numbers: two letters or a series before the digits ("C 0003-00000771", "FT 2026A/132", "PL 2026 118").
_SERIES = (
    r"[A-Z][A-Za-z]{1,2} \d{1,2}-\d{2,4}(?!\d)|[A-Z]{1,3} (?:\d{4,5}-\d{6,8}|20\d\d[A-Z]?[ /]\d{1,5})|"
    r"20\d\d/\d{1,4} [A-Z](?!\w)"
)
_CODE = r"(?i:(?=[\w/._&-]*\d)[\w][\w/._&-]{1,30})"
_INVOICE = re.compile(
    rf"(?<![^\W\d_])(?:(?P<word>{_INVOICE_WORD})|{_NUMBER_WORD})(?![^\W\d_])[.:]?\s*\(?"
    rf"(?:(?:no|nr|nro|n|n°|nº|number|nummer|numéro|número|num|de facture|de factura|#|is|ist|est|es|"
    rf"lautet|our|unsere|mit der|der|la|de|het|die)(?!\w)[.:]?\s*(?:: ?)?){{0,3}}(?P<code>(?-i:{_SERIES})|{_CODE})",
    re.I,
)
_SENTENCE = re.compile(r"(?:number|nummer|numéro|número)\.\s", re.I)  # the word ends one, what follows begins another
_LOOSE = re.compile(
    r"(?<![\w@./-])(?P<code>[A-ZÄÖÜ]{1,6}[-/_ ]?(?:\d{2,4}[-/_.])*\d{2,7}(?:bis|ter)?(?:[-/_][A-Z0-9]+){0,3}|"
    r"20\d\d[-/]\d{2,5}(?:[-/]\d+)?(?:bis|ter)?|\d{2,6}/\d{2,4}|"
    r"20\d\d-[A-Z]{1,4}-\d{1,5}|20\d\d[-/]\d{2,4}-[A-Z\d]|\d{2}-[A-Z]-\d{2,4}|[A-Z][A-Za-z]{1,4}-20\d\d-\d{1,4}|"
    r"[A-Z]{2,4}-[A-Z]{2,4}-\d{3,6}|\d{4}-\d{8}|\d{2,4}/[A-Z]{2}(?:/\d{1,5})?|[A-Z]{2,3}\.\d{4})(?![\w@])"
)


def find_deal_refs(text: str) -> Iterator[Mention]:
    for match in _DEAL.finditer(text):
        yield Mention(Kind.DEAL_REF, match.start(), match.end(), f"D-{match['digits']}")


def find_statement_refs(text: str) -> Iterator[Mention]:
    for match in _STATEMENT.finditer(text):
        tail = f"-{match['currency'].upper()}" if match["currency"] else ""
        yield Mention(Kind.STATEMENT_REF, match.start(), match.end(), f"S-{match['year']}-{match['month']}{tail}")


def find_invoices(text: str) -> Iterator[Mention]:
    """Invoice numbers: what follows a word for one, then anything of such a shape."""
    for match in _INVOICE.finditer(text):
        code = match["code"].rstrip(".-_/&")
        if re.fullmatch(r"(?i)[sd]-?\d{4,6}(?:-\d\d.*)?", code):
            continue
        if not match["word"] and (starts_phone(text, match.start("code")) or _SENTENCE.match(match.group())):
            continue
        yield Mention(Kind.INVOICE, match.start("code"), match.start("code") + len(code), code)
    for match in _LOOSE.finditer(text):
        code = match["code"]
        if not re.match(r"(?i)[sd]-?\d{4}|[qt][1-4]\b", code):
            yield Mention(Kind.INVOICE, match.start("code"), match.end("code"), code, sure=False)
