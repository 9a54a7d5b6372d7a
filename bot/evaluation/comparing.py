"""How two values are held against each other: as the evaluation guide defines it, field by field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

_LEGAL_FORMS = frozenset(
    [
        "gmbh",
        "ag",
        "kg",
        "co",
        "bv",
        "nv",
        "sa",
        "sas",
        "sarl",
        "sl",
        "srl",
        "ltd",
        "limited",
        "inc",
        "llc",
        "plc",
        "se",
        "ohg",
        "ug",
        "eg",
        "ev",
        "spa",
        "corp",
        "corporation",
        "company",
        "pvt",
        "oy",
        "ab",
        "as",
        "aps",
        "cv",
        "vof",
        "gbr",
        "mbh",
        "bvba",
    ]
)
_GREETING = re.compile(
    r"^\W*(hi|hello|hey|dear|good (morning|afternoon|evening)|morning|hallo|guten (tag|morgen|abend)|liebe[rs]?|"
    r"sehr geehrte[rs]?|servus|grüezi|grüß|moin|bonjour|bonsoir|salut|cher|chère|chers|beste|geachte|dag|goedemorgen|"
    r"goedemiddag|hoi|hola|buenos días|buenas|estimad[oa]s?|ciao|gentile|team)\b.{0,60}$",
    re.I,
)
_CLOSING = re.compile(
    r"^\W*(best|kind|warm|many)?\W*(regards|wishes|thanks( a lot| so much| in advance)?|thx|cheers|sincerely|br|kr|"
    r"yours|thank you( very much| in advance)?|(mit )?(freundlichen|besten|herzlichen|liebe[n]?|viele[n]?|schöne[n]?|"
    r"beste) (grü(ß|ss)en?)|(viele|beste|liebe|schöne|herzliche|freundliche) (grü(ß|ss)e)|mfg|vg|lg|gruß|"
    r"danke( im voraus| vorab)?|(bien )?(cordialement|à vous)|(bien )?à (toi|vous)|merci( d'avance| beaucoup)?|"
    r"salutations.*|met (vriendelijke|hartelijke) groet(en)?|mvg|groet(en|jes)?|alvast bedankt|bedankt|"
    r"dank( u| je)?( wel)?( alvast)?|(un )?(cordial )?saludos?( cordiales)?|gracias( de antemano)?|atentamente|atte)"
    r"\b.{0,40}$",
    re.I,
)
_EXTENSION = re.compile(r"\s*(?:ext|x|durchwahl|poste)\b", re.I)
NAMES = frozenset({"customer", "contact_name"})
NUMBERS = frozenset({"amount", "quantity", "term_months"})


def plain(value: object) -> str:
    """Without case and marks."""
    return re.sub(r"[^\w]+", " ", unicodedata.normalize("NFKC", str(value)).casefold()).strip()


def comparable(field: str, value: object) -> str | None:
    """The value as it is compared; None for one that is absent."""
    if value is None or value == "":
        return None
    said = str(value)
    if field in NAMES:
        return _name(said)
    if field in NUMBERS:
        return _number(said)
    own = _OF_FIELD.get(field)
    return own(said) if own else said.strip().casefold()


def _phone(said: str) -> str:
    return re.sub(r"\D", "", _EXTENSION.split(said)[0])[-9:]


def _products(said: str) -> str:
    return "; ".join(sorted(plain(part) for part in said.split(";")))


_OF_FIELD: dict[str, Callable[[str], str]] = {
    "topic": lambda _: "*",
    "contact_phone": _phone,
    "product": _products,
}


def _name(said: str) -> str:
    words = plain(said).split()
    return " ".join([w for w in words if w not in _LEGAL_FORMS] or words)


def _number(said: str) -> str:
    try:
        return str(Decimal(said).normalize())
    except InvalidOperation:
        return plain(said)


def comparable_text(text: str | None) -> str:
    """A visible text without greeting and closing phrase, case, marks and line breaks."""
    lines = [line for line in (re.sub(r"\s+", " ", part).strip() for part in (text or "").splitlines()) if line]
    first = next((place for place, line in enumerate(lines) if not _GREETING.match(line)), len(lines))
    lines = lines[first:]
    closings = [back for back in range(1, min(4, len(lines)) + 1) if _CLOSING.match(lines[-back])]
    return plain(" ".join(lines[: len(lines) - max(closings)] if closings else lines))
