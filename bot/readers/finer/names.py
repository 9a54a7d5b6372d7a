"""Names as they stand in a sentence: runs of capitals behind "of", "for" and the like, without words that are none."""

from __future__ import annotations

import re

from bot.readers.builtin.companies import trimmed_company
from bot.readers.finer.sentences import Sentence, folded

_WORD = r"[A-ZÀ-Þ0-9&][\w&.'’/-]*"
_JOIN = r"(?:&|and|und|et|en|y|de|de la|du|des|del|der|den|van|van de|von|und Söhne|\+)"
RUN = rf"{_WORD}(?: (?:{_JOIN} )?{_WORD}){{0,5}}"
_BEHIND = re.compile(
    rf"(?<!\w)(?:of|for|on|with|von|für|fuer|bei|zu|zum|de la|de|pour|chez|sur|van|voor|bij|para|con|a|al|to)"
    rf" (?:the |die |der |den |das |dem |la |le |el |de |het |l'|l’|société |firma |Firma |customer |client |klant )?"
    rf"(?P<name>{RUN})|(?<!\w)d['’](?P<other>{RUN})"
)
_POR = re.compile(rf"(?<!\w)por (?:el |la )?(?P<name>{RUN})")
_NO_NAMES_SAID = (
    "registrierung registration deal deals protection schutz schutzes schutzfrist kunde kunden tage tagen "
    "verlängerung monate monaten wochen registratie registro enregistrement d l i ihnen sie ihre ihrer unsere "
    "unserer unser our we please bitte graag merci gracias hallo hello hi bonjour hola frist anmeldung the der die "
    "das january february march april may june july august september october november december januar februar märz "
    "mai juni juli oktober dezember monday tuesday wednesday thursday friday montag dienstag mittwoch donnerstag "
    "freitag lumora core insights connect assist partner team eur usd gbp chf thanks danke monat jahr jahre ende "
    "angebot vertrag ansprechpartner kollege kollegin herr frau mr mrs ms mme monsieur madame dhr mevrouw señor "
    "beginn zeit fall gründen grund preis preises budget auftrag projekt versehen"
)
_NO_NAMES = frozenset(map(folded, _NO_NAMES_SAID.split()))
_EDGE = re.compile(
    r"^(?:(?:please|graag|bitte|merci|hi|hello|hallo|hola|bonjour|the|die|der|das|le|la|el|de|het|auch|also|ook|"
    r"our|unsere?n?|registriert|register|enregistrer|registreren)\s+)+",
    re.I,
)
_REFERENCE = re.compile(r"[DLS][-–]?\d{4,}")


def trimmed(name: str) -> str:
    """The name without words before it that a sentence merely begins with."""
    return trimmed_company(_EDGE.sub("", name)).strip(" .,;:!?")


def is_name(said: str) -> bool:
    """Whether a run of capitals can be a name: a number or a word of the trade is none."""
    words = [folded(word.strip(".,'’")) for word in said.split()]
    return bool(words) and not all(w in _NO_NAMES or w.isdigit() for w in words) and not _REFERENCE.match(said)


def named_after(sentence: Sentence) -> str | None:
    """The first name that stands behind a little word: "of Globex", "für die Stadtwerke Ellerbrook"."""
    for match in _BEHIND.finditer(sentence.raw):
        said = _until_no_name(match["name"] or match["other"])
        if said and is_name(said):
            return trimmed(said) or None
    return None


def named_by_por(sentence: Sentence) -> str | None:
    """The name behind the Spanish word "por", which may as well stand before whoever did something: where money is
    asked for it cannot.
    """
    return next(
        (trimmed(name) for m in _POR.finditer(sentence.raw) if is_name(name := _until_no_name(m["name"]))), None
    )


def _until_no_name(run: str) -> str:
    kept: list[str] = []
    for word in run.split():
        if folded(word.strip(".,'’")) in _NO_NAMES or _REFERENCE.match(word):
            break
        kept.append(word)
        if word.endswith((".", ":")) and len(word) > 4:
            break
    return " ".join(kept).rstrip(" .,;:")
