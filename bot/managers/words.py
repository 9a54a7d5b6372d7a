"""What a manager's message orders, in five languages: the first line decides, and only where it says nothing else.

Approving takes a line of its own: "yes, but ask for the price first" is no approval. A refusal or a question has its
words behind a colon, a comma or a dash. What fits neither is nothing, and is asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

LONGEST = 1_000
"""Characters of a reason or a question; a partner reads them."""
_READ = 20_000  # characters looked at
_MORE = 12  # words below what was read, from which on the manager is told that they were not


class Verb(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    ASK = "ask"
    PROTECT = "protect"
    ATTRIBUTE = "attribute"
    CANCEL = "cancel"


DECIDING = frozenset({Verb.APPROVE, Verb.REFUSE, Verb.ASK})
"""What may be done about a thing that waits for a decision."""


@dataclass(frozen=True, slots=True)
class Said:
    """`words` are the reason or the question; `until` and `value` belong to PROTECT and ATTRIBUTE. `plain` is False
    where the verb is a mere yes or no, which among people may answer somebody else. `text` is the first paragraph, for
    who was asked for words alone, and `more` is True where there was more than was read, another order not least.
    `courtesy` is True where there was nothing but thanks.
    """

    verb: Verb | None
    number: str = ""
    words: str = ""
    until: date | None = None
    value: str = ""
    plain: bool = True
    text: str = ""
    more: bool = False
    courtesy: bool = False


_PLAIN: dict[Verb, tuple[str, ...]] = {
    Verb.APPROVE: (
        "approve", "approved", "i approve", "accept", "accepted", "i accept", "go ahead",
        "genehmigt", "genehmige", "genehmigen", "ich genehmige", "freigegeben", "freigeben", "angenommen", "annehmen",
        "akzeptiert", "akzeptieren", "zugestimmt", "zustimmen", "ich stimme zu",
        "approuvé", "approuvée", "approuver", "approuve", "j'approuve", "accepté", "acceptée", "accepter", "accepte",
        "j'accepte", "validé", "validée", "valider",
        "goedgekeurd", "goedkeuren", "ik keur goed", "geaccepteerd", "accepteren", "aanvaard", "aanvaarden",
        "aprobado", "aprobada", "aprobar", "apruebo", "aceptado", "aceptada", "aceptar", "acepto",
    ),
    Verb.REFUSE: (
        "refuse", "refused", "i refuse", "decline", "declined", "i decline", "reject", "rejected", "i reject", "deny",
        "denied",
        "ablehnen", "abgelehnt", "ich lehne ab", "zurückweisen", "zurückgewiesen",
        "refuser", "refusé", "refusée", "je refuse", "rejeter", "rejeté", "rejetée", "décliner", "décliné",
        "weigeren", "geweigerd", "ik weiger", "afwijzen", "afgewezen", "ik wijs af", "afkeuren", "afgekeurd",
        "rechazar", "rechazado", "rechazada", "rechazo", "denegar", "denegado", "denegada", "deniego",
    ),
    Verb.ASK: (
        "ask", "question", "ask them", "ask the partner",
        "frage", "fragen", "rückfrage", "nachfrage", "nachfragen",
        "demander", "demande", "demandez",
        "vraag", "vragen", "navragen",
        "pregunta", "preguntar", "pregunte", "consulta", "consultar",
    ),
    Verb.PROTECT: ("protect", "schützen", "protéger", "beschermen", "proteger"),
    Verb.ATTRIBUTE: ("attribution", "attribute", "zuordnung", "attributie", "atribución"),
    Verb.CANCEL: (
        "cancel", "never mind", "nevermind", "abbrechen", "annuler", "annuleren", "cancelar", "déjalo",
    ),
}  # fmt: skip
_MERE: dict[Verb, tuple[str, ...]] = {
    Verb.APPROVE: (
        "yes", "ok", "okay", "agreed", "confirmed", "fine", "ja", "einverstanden", "oui", "d'accord", "akkoord", "sí",
        "vale", "de acuerdo", "conforme",
    ),
    Verb.REFUSE: ("no", "nein", "non", "nee"),
}  # fmt: skip

_NUMBER = r"[DL]-\d{3,12}"
_POLITE = r"please|bitte|s'il vous plaît|svp|alstublieft|graag|por favor"
_THIS = r"it|this|this one|es|dies|diese|le|la|ceci|dit|deze|esto|esta"
_THANKS = r"thanks|thank you|many thanks|please|danke|vielen dank|bitte|merci|svp|dank|dank u|bedankt|gracias"
_BECAUSE = r"because|since|weil|car|parce que|omdat|want|porque"
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon)|hallo|guten (?:tag|morgen)|liebe[sr]?|bonjour|salut|"
    r"goede(?:morgen|middag|ndag)|goedendag|beste|hola|buenos días|buenas tardes)\b[^.:;?]{0,40}[,.!]?",
    re.IGNORECASE,
)
_COURTESY = re.compile(rf"[\s.,!;-]*(?:(?i:{_THANKS})(?:,? [A-ZÄÖÜÉ][\w.-]*)?[\s.!]*)?")
_BEHIND = re.compile(rf"\s*(?:(?:[:,;–—-]|\.(?=\s))\s*(?:(?:{_BECAUSE})\s+)?|\s(?:{_BECAUSE})\s+)(?P<words>.*)", re.I)
_UNTIL = re.compile(
    r"\s*(?:until|till|to|bis(?: zum)?|jusqu'au|tot|hasta(?: el)?)\s+"
    r"(?:(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4}))[\s.]*",
    re.IGNORECASE,
)
_VALUE = re.compile(r"\s+(?P<value>[a-zà-ÿ]{3,20})\s*[:,–—-]\s*(?P<words>\S.*)", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def _one_of(known: dict[Verb, tuple[str, ...]]) -> re.Pattern[str]:
    words = sorted((word for many in known.values() for word in many), key=len, reverse=True)
    verbs = "|".join(map(re.escape, words))
    return re.compile(
        rf"(?:(?:{_POLITE})\s+)?(?:(?P<before>{_NUMBER})\s*[:,–—-]?\s+)?(?P<verb>{verbs})(?![\w'’])"
        rf"(?:\s+(?:{_THIS})(?!\w))?(?:\s+(?P<number>{_NUMBER})(?!\w))?",
        re.IGNORECASE,
    )


_VERB_OF = {word: verb for known in (_PLAIN, _MERE) for verb, words in known.items() for word in words}
_HEADS = ((_one_of(_PLAIN), True), (_one_of(_MERE), False))


def said(text: str) -> Said:
    """What the message orders; `verb` None where its first line is no order. Never raises, whatever it is given."""
    lines = _lines(text)
    paragraph = _one_order(_paragraph(lines))
    whole = " ".join(paragraph)
    if not paragraph:
        return Said(None)
    for head, plain in _HEADS:
        if match := head.match(paragraph[0]):
            found = _order(match, paragraph, plain=plain)
            read = len(paragraph) if found.words else 1
            below = sum(len(line.split()) for line in lines) - sum(len(line.split()) for line in paragraph[:read])
            unread = below >= _MORE or any(map(_HEADS[0][0].match, _behind(lines, paragraph[:read])))
            return replace(found, text=whole, more=found.verb is not None and unread)
    return Said(None, _first_number(paragraph[0]), text=whole, courtesy=bool(_COURTESY.fullmatch(whole)))


def _one_order(paragraph: list[str]) -> list[str]:
    """Up to the next line that orders something about a number: it is no part of the words that a partner reads."""
    for at, line in enumerate(paragraph[1:], 1):
        match = _HEADS[0][0].match(line)
        if match and (match["before"] or match["number"]):
            return paragraph[:at]
    return paragraph


def _behind(lines: list[str], read: list[str]) -> list[str]:
    """The lines below those that were read."""
    return lines[lines.index(read[-1]) + 1 :]


def numbers(text: str) -> tuple[str, ...]:
    """The numbers of registrations and leads in it, each once."""
    return tuple(dict.fromkeys(found.upper() for found in re.findall(rf"(?<!\w){_NUMBER}(?!\w)", text, re.I)))


def _order(match: re.Match[str], paragraph: list[str], *, plain: bool) -> Said:
    verb = _VERB_OF[match["verb"].casefold()]
    named = {found.upper() for found in (match["before"], match["number"]) if found}
    rest = paragraph[0][match.end() :]
    order = Said(verb, next(iter(named), ""), plain=plain)
    if len(named) > 1:
        return replace(order, verb=None)
    if verb in (Verb.APPROVE, Verb.CANCEL):
        return order if _COURTESY.fullmatch(rest) else replace(order, verb=None)
    if verb is Verb.PROTECT:
        until = _until(rest)
        return replace(order, until=until) if until else replace(order, verb=None)
    if verb is Verb.ATTRIBUTE:
        value = _VALUE.fullmatch(" ".join([rest, *paragraph[1:]]))
        return replace(order, value=value["value"].casefold(), words=value["words"]) if value else Said(None)
    return _with_words(order, rest, paragraph[1:])


def _with_words(order: Said, rest: str, below: Iterable[str]) -> Said:
    """A refusal or a question, with its words or without any; anything else behind the verb leaves it open."""
    if not rest.strip(" .!:"):
        # "refuse:" and the reason on the next line
        return replace(order, words=" ".join(below) if rest.rstrip().endswith(":") else "")
    behind = _BEHIND.fullmatch(rest)
    if behind is None:
        return replace(order, verb=None)
    words = " ".join([behind["words"], *below]).strip()
    if not order.plain and any(head.match(words) for head, _ in _HEADS):
        return replace(order, verb=None)  # "no, approve it"
    return replace(order, words=words)


def _until(rest: str) -> date | None:
    found = _UNTIL.fullmatch(rest)
    if found is None:
        return None
    year, month, day = (found[part] or found[f"{part}2"] for part in ("y", "m", "d"))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _first_number(line: str) -> str:
    return next(iter(numbers(line)), "")


def _lines(text: str) -> list[str]:
    """The lines as a person sees them, without marks around them and without what is quoted."""
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text[:_READ])).replace("’", "'")
    plain = (" ".join(line.split()).strip("*_~`\"'“”„«» ") for line in shown.splitlines())
    return [line for line in plain if not line.startswith((">", "|"))]


def _paragraph(lines: list[str]) -> list[str]:
    """The first lines that stand together, behind a greeting where there is one."""
    found: list[str] = []
    greeted = False
    for line in lines:
        if not found and not greeted and _GREETING.fullmatch(line):
            greeted = True
        elif line:
            found.append(line)
        elif found:
            break
    return found
