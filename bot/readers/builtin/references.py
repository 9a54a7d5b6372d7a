"""Numbers that people quote: deals, statements, invoices and telephones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.builtin.mentions import Kind, Mention

_DEAL = re.compile(r"(?<![\w-])D\s?[-–‑#]?\s?(?P<digits>\d{4,6})(?!\d)", re.I)
_STATEMENT = re.compile(
    r"(?<![\w-])S\s?[-–‑]?\s?(?P<year>20\d\d)\s?[-–‑/.]\s?(?P<month>\d\d)(?!\d)(?:-(?P<currency>[A-Z]{3}))?", re.I
)
_PHONE = re.compile(
    r"(?<![\w.,/@€$£-])(?:"
    r"(?:\+|\(\+|\(0|00|0)(?:[ \u00a0\u202f()/–-]{0,3}\d|\.\d){6,17}"
    r"|\(?\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}|\d{3}-\d{4}"
    r")(?![\w€$£%])"
)
_EXTENSION = re.compile(r"\s*(?:ext\.?|x|durchwahl|dw|poste|toestel)\s?\d{1,5}", re.I)
_INVOICE_WORD = (
    r"invoice|inv|bill|rechnung\w*|re|facture|factuur\w*|factura|faktura|nota|honorarnote|fattura|cuenta de cobro|"
    r"nr|no|n°|nº|number|nummer|numéro|número|num|#|ref|honorar\w*|boleta|gutschrift\w*|créditos?"
)
_INVOICE = re.compile(
    rf"(?<![^\W\d_])(?:{_INVOICE_WORD})(?:\.|:|-)?\s*(?:(?:no|nr|n°|nº|number|nummer|numéro|número|num|#|is|ist|est|es|"
    rf"lautet|our|unsere|mit der|der|la|de|het|"
    rf"die)\b[.:]?\s*){{0,3}}(?P<code>(?i:(?=[\w/._-]*\d)[\w][\w/._-]{{1,30}}))",
    re.I,
)
_LOOSE = re.compile(
    r"(?<![\w@./-])(?P<code>[A-ZÄÖÜ]{1,6}[-/_ ]?(?:\d{2,4}[-/_.])*\d{2,7}(?:[-/_][A-Z0-9]+){0,3}|"
    r"20\d\d[-/]\d{2,5}(?:[-/]\d+)?|\d{2,6}/\d{2,4})(?![\w@])"
)


def find_deal_refs(text: str) -> Iterator[Mention]:
    for match in _DEAL.finditer(text):
        yield Mention(Kind.DEAL_REF, match.start(), match.end(), f"D-{match['digits']}")


def find_statement_refs(text: str) -> Iterator[Mention]:
    for match in _STATEMENT.finditer(text):
        tail = f"-{match['currency'].upper()}" if match["currency"] else ""
        yield Mention(Kind.STATEMENT_REF, match.start(), match.end(), f"S-{match['year']}-{match['month']}{tail}")


def find_phones(text: str) -> Iterator[Mention]:
    """Telephone numbers as written: seven to fifteen digits, led by a plus, a zero or grouped as in America."""
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if 7 <= len(digits) <= 15:
            end = match.end()
            tail = _EXTENSION.match(text, end)
            yield Mention(Kind.PHONE, match.start(), tail.end() if tail else end, match.group().strip())


def find_invoices(text: str) -> Iterator[Mention]:
    """Invoice numbers: what follows a word for one, then anything of such a shape."""
    for match in _INVOICE.finditer(text):
        code = match["code"].rstrip(".-_/")
        if not re.fullmatch(r"(?i)[sd]-?\d{4,6}(?:-\d\d.*)?", code):
            yield Mention(Kind.INVOICE, match.start("code"), match.start("code") + len(code), code)
    for match in _LOOSE.finditer(text):
        code = match["code"]
        if not re.match(r"(?i)[sd]-?\d{4}|[qt][1-4]\b", code):
            yield Mention(Kind.INVOICE, match.start("code"), match.end("code"), code, sure=False)
