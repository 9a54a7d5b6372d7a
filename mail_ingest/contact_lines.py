"""Single lines of a signature: whether one is the sender's name, its company, a way to reach it - or something said."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PHONE = re.compile(
    r"(?:\+|\b0|\(0|\()[\d\s().\-/–·]{6,20}\d|\b\d{3}[ .\-]\d{3,4}[ .\-]?\d{2,4}\b|\b\d{2,4}(?:[ .\-]\d{2,4}){2,5}\b"
)
_DIGITS = re.compile(r"[+(]?\d")
_PHONE_WORD = re.compile(
    r"(?:^|[\s|,·/•–-])(?:(?:tel|tél|tlf|telf|phone|ph|mob|mobile|mobil|móvil|cell?|cel|fax|handy|gsm|direct"
    r"|office|oficina|centralita|fijo|telefoon|telefon|téléphone"
    r"|teléfono|whatsapp|durchwahl|ext|poste|port)\.?\s*[.:+(\d]|[tmfpoc]\.?\s*[:+]?\s?[+(]?\d)",
    re.IGNORECASE,
)
_WEB = re.compile(r"\b(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+|^\W*[\w-]+(?:\.[\w-]+)+\W*$", re.IGNORECASE)
_LEGAL_FORM = re.compile(
    r"\b(?:gmbh(?: & co\.? kg)?|ag|kg|ohg|e\.?u\.?|e\.?k\.?|mbh|ug|b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|vzw|bvba|srl"
    r"|s\.?r\.?l\.?|s\.?a\.?s\.?u?|s\.?a\.?r\.?l\.?|eurl"
    r"|s\.?l\.?u?|s\.?a\.?|s\.? ?coop|s\.?c\.?|a\.?c\.?|ltd|limited|inc|llc|llp|plc|corp|co|oy|ab|aps|as|a/s"
    r"|sp\. z o\.? ?o|kft|pty|pte|sàrl|s\.a\.c|sac|c\.v|ltda|sa de cv|cic|gbr|eg|e\.v)\b\.?",
    re.IGNORECASE,
)
_REGISTER = re.compile(
    r"\b(?:vat|ust-?id(?:nr)?|uid|abn|cin|uen|reg|btw|kvk|tva|siret|siren|rcs|nif|cif|rfc|hrb|hra|fn \d|iban|kbo"
    r"|bce|rpr|company (?:no|number)|registered (?:in|office)"
    r"|geschäftsführ\w*|firmensitz|sitz der|amtsgericht|handelsregister|abn|reg\. no)\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}-)?\d{4,5}\s?[A-Z]{0,2}\b\s+[A-ZÄÖÜÉ]\w+|\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b"
)
_TITLE = re.compile(
    r"\b(?:manager|director|directeur|directrice|leiter\w*|head|chief|officer|ceo|cto|cfo|coo|founder|co-?founder"
    r"|owner|partner|consultant|consultora?|berater\w*|sales|vertrieb"
    r"|inhaber\w*|geschäftsführ\w*|président\w*|president\w*|gérant\w*|fondat\w*|responsable|gerente|socio|socia"
    r"|fundador\w*|accountmanager|zaakvoerder|eigenaar|oprichter"
    r"|buchhaltung|finance|accounts?|comptabilité|administrat\w*|assistant\w*|engineer|ingénieur\w*|ingeniero"
    r"|ingeniera|principal|chairman|secretary|comercial|commercial\w*"
    r"|marketing|operations|it|procurement|einkauf|inkoop|boekhouding|contabilidad|advies|conseil|solutions?"
    r"|systems?|consulting|soluciones|informatik|informatique|group|groep|gruppe|grupo|associates|services?)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?:[€£$]|\b(?:eur|usd|gbp|chf|euros?|dollars?)\b)\s?\d|\d[\d.,' ]*\s?(?:[€£$]|k\b|eur\b|usd\b|gbp\b|chf\b"
    r"|euros?\b|dollars?\b|%)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\b(?:D-\d{2,}|S-\d{4})", re.IGNORECASE)
_LIST_ITEM = re.compile(r"^\s*(?:[-*•·]\s+\S|\d{1,2}[.)]\s+\S)")
_FORM_LINE = re.compile(r"^\s*([A-Za-zÀ-ÿ][\w' /()-]{2,30})\s?:\s+\S")
_CONTACT_KEY = re.compile(
    r"^\W*(?:tel|tél|phone|mob\w*|fax|e-?mail|mail|web\w*|www|site|office|direct|cell?|vat|btw|tva|kvk|iban|ust\w*"
    r"|nit|nif|cif|rfc|siret|address|adresse|adres|dirección|skype|twitter"
    r"|linkedin|telefoon|telefon\w*|téléphone|teléfono|móvil|sitz|handelsregister|geschäftsführ\w*|hours|uid|abn"
    r"|cin|uen|inhaber\w*|gerente|öffnungszeiten|registered\w*|company\w*)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^\W\d]{2,}(?:[ ,'’]+[^\W\d]+){4,}\s*[.!?…]+\s*$")
_SPOKEN = re.compile(
    r"\b(?:i|we|you|please|is|are|was|will|would|can|could|have|has|need|want|it|ich|wir|sie|ihr|bitte|ist|sind"
    r"|haben|hat|kann|können|möchte\w*|wird|je|nous|vous|il|elle|est|sont"
    r"|avons|merci|pouvez|serait|ik|wij|jullie|graag|kunnen|hebben|heeft|wil|willen|yo|nosotros|usted|ustedes"
    r"|por favor|tenemos|necesit\w+|puede\w*|quiero|queremos|está|son|hay)\b",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"\s*(?:[|/·•,–—]|\s-\s)\s*")
_LONGEST = 400  # some patterns take time by the square of a line's length, and no such line is this long
_WORD = re.compile(r"[^\W\d_]+")
_HONORIFIC = frozenset(
    [
        "dr",
        "mag",
        "ing",
        "prof",
        "dipl",
        "lic",
        "c",
        "p",
        "mr",
        "mrs",
        "ms",
        "herr",
        "frau",
        "mme",
        "sr",
        "sra",
        "dott",
        "ir",
        "drs",
        "mba",
        "msc",
        "bsc",
        "phd",
        "rev",
        "i",
        "a",
        "ppa",
        "don",
        "doña",
    ]
)


@lru_cache(maxsize=4_096)
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def is_name_of(line: str, name: str, address: str, *, whole: bool = True) -> bool:
    """Whether a line is (or, not `whole`, starts with) the sender's own name in any usual form of it."""
    if len(line) > _LONGEST:
        return False
    head = line.strip() if whole else _SEPARATORS.split(line.strip(" -–—"), maxsplit=1)[0]
    if not whole and (number := _DIGITS.search(head)):
        head = head[: number.start()]
    words = [w for w in _WORD.findall(_folded(head)) if w not in _HONORIFIC]
    if not words or len(words) > 5:
        return False
    own = {w for w in _WORD.findall(_folded(name)) if w not in _HONORIFIC}
    local = _folded(address.split("@", maxsplit=1)[0])
    own |= {w for w in _WORD.findall(local) if len(w) > 2}
    joined = "".join(_WORD.findall(local))
    hits = sum(w in own or (len(w) >= 4 and joined.endswith(w)) for w in words)
    initials = {w[0] for w in own}
    spelled = all(w in own or (len(w) <= 2 and w[0] in initials) for w in words)
    return (
        (hits > 0 and spelled) or (hits >= 2 and hits >= len(words) - 2) or (hits > 0 and not name and _is_person(head))
    )


def _is_person(text: str) -> bool:
    """Two to four capitalised words and nothing else, as names are written."""
    words = text.split()
    return 2 <= len(words) <= 4 and all(w[:1].isupper() for w in words) and not re.search(r"[?:;!@\d]", text)


def has_name_and_place(line: str) -> bool:
    """Whether a line has a name, a separator, and another name behind it ("Stan / Wozny Works")."""
    parts = _SEPARATORS.split(line.strip(), maxsplit=1)
    return len(parts) == 2 and parts[1][:1].isupper()


def names_company(line: str, address: str) -> bool:
    """Whether a line holds the name that the sender's mail domain is made of, or a company's legal form."""
    line = line[:_LONGEST]
    return bool(_LEGAL_FORM.search(line) and not _SPOKEN.search(line)) or is_own(line, address)


def is_own(line: str, address: str) -> bool:
    """Whether a line holds the name that the sender's mail domain is made of."""
    line = line[:_LONGEST]
    label = re.sub(r"[^a-z0-9]", "", _folded(address.rpartition("@")[2].split(".")[0]))
    squashed = re.sub(
        r"[^a-z0-9]", "", _folded(line.replace("ß", "ss").replace("ü", "ue").replace("ä", "ae").replace("ö", "oe"))
    )
    plain = re.sub(r"[^a-z0-9]", "", _folded(line))
    if len(label) >= 4 and (label in squashed or label in plain):
        return True
    parts = [p for p in re.split(r"[^a-z0-9]+", _folded(address.rpartition("@")[2].rsplit(".", 1)[0])) if len(p) >= 4]
    return any(p in _WORD.findall(_folded(line)) for p in parts)


def is_contact(line: str) -> bool:
    """Whether a line gives a phone, an address, a register number or a job title, as a signature does."""
    line = line[:_LONGEST]
    return bool(
        _PHONE.search(line)
        or _PHONE_WORD.search(line)
        or _WEB.search(line)
        or _REGISTER.search(line)
        or _POSTCODE.search(line)
        or (_TITLE.search(line) and not _SPOKEN.search(line))
    )


def is_content(line: str, *, known: bool = False) -> bool:
    """Whether a line says something. `known`: it stands where a signature is expected, so only clear signs count."""
    line = line[:_LONGEST]
    if "?" in line or _AMOUNT.search(line) or _REFERENCE.search(line):
        return True
    if _LIST_ITEM.match(line) and not known:
        return True
    form = _FORM_LINE.match(line)
    if form and not _CONTACT_KEY.match(line) and not _PHONE.search(line):
        return True
    if _SENTENCE.search(line) and _SPOKEN.search(line):
        return True
    return not known and len(_SPOKEN.findall(line)) >= 1
