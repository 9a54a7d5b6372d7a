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

from bot.managers.sums import Paid, Worth, paid, worth
from bot.managers.verbs import MERE, PLAIN, Verb
from crm.money import Money

LONGEST = 1_000
"""Characters of a reason or a question; a partner reads them."""
_READ = 20_000  # characters looked at
_MORE = 12  # words below what was read, from which on the manager is told that they were not


@dataclass(frozen=True, slots=True)
class Said:
    """`words` are the reason or the question, and with PAY the payment's reference; `until` and `value` belong to
    PROTECT and ATTRIBUTE, `on` to PAY and `amount` to CORRECT. `partner` is whose statement `number` is, as it was
    written. `plain` is False where the verb is a mere yes or no, which among people may answer somebody else. `text` is
    the first paragraph, for who was asked for words alone, and `more` is True where there was more than was read,
    another order not least. `courtesy` is True where there was nothing but thanks. `fault` says in a sentence why a
    payment or a correction could not be read; there is no verb then.
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
    partner: str = ""
    on: date | None = None
    amount: Money | None = None
    fault: str = ""


_NUMBER = r"[DL]-\d{3,12}|S-\d{4}-\d{2}(?:-[A-Z]{3}(?![A-Z]))?"
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
_SEPARATOR = re.compile(r"\A\s*(?:[:,;–—]|-(?=\s))")
_UNTIL = re.compile(
    r"\s*(?:until|till|to|bis(?: zum)?|jusqu'au|tot|hasta(?: el)?)\s+"
    r"(?:(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4}))[\s.]*",
    re.IGNORECASE,
)
_WHOSE = re.compile(
    r"\s+(?:(?:of|for|from|von|für|de|du|van|voor|para)\s+)?(?P<partner>[^:,;–—]{2,80}?)\s*(?=[:,;–—]|\s-\s|$)", re.I
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


_VERB_OF = {word: verb for known in (PLAIN, MERE) for verb, words in known.items() for word in words}
_HEADS = ((_one_of(PLAIN), True), (_one_of(MERE), False))


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
    """The numbers of registrations, leads and statements in it, each once."""
    return tuple(dict.fromkeys(found.upper() for found in re.findall(rf"(?<!\w)(?:{_NUMBER})(?!\w)", text, re.I)))


def _order(match: re.Match[str], paragraph: list[str], *, plain: bool) -> Said:
    verb = _VERB_OF[match["verb"].casefold()]
    named = {found.upper() for found in (match["before"], match["number"]) if found}
    rest = paragraph[0][match.end() :]
    order = Said(verb, next(iter(named), ""), plain=plain)
    if len(named) > 1:
        return replace(order, verb=None)
    if match["number"] and order.number.startswith("S"):
        order, rest = _of_partner(order, rest)
    return _with_rest(order, rest, paragraph[1:])


def _of_partner(order: Said, rest: str) -> tuple[Said, str]:
    """Behind the number of a statement its partner may stand, up to a colon, a comma or the end of the line."""
    whose = _WHOSE.match(rest)
    if whose is None or _COURTESY.fullmatch(rest) or _BEHIND.fullmatch(rest):
        return order, rest
    return replace(order, partner=whose["partner"].strip(" .!")), rest[whose.end() :]


def _with_rest(order: Said, rest: str, below: list[str]) -> Said:
    """`rest` is what stands behind verb and number in their line, `below` are the lines that belong to it."""
    verb = order.verb
    if verb in (Verb.APPROVE, Verb.CANCEL, Verb.RELEASE, Verb.RETRY):
        return order if _COURTESY.fullmatch(rest) else replace(order, verb=None)
    if verb is Verb.PROTECT:
        until = _until(rest)
        return replace(order, until=until) if until else replace(order, verb=None)
    if verb is Verb.ATTRIBUTE:
        value = _VALUE.fullmatch(" ".join([rest, *below]))
        return replace(order, value=value["value"].casefold(), words=value["words"]) if value else Said(None)
    if verb in (Verb.PAY, Verb.CORRECT):
        return with_sum(order, rest if verb is Verb.PAY else " ".join([rest, *below]))
    return _with_words(order, rest, below)


def with_sum(order: Said, behind: str) -> Said:
    """A payment with its reference, or a correction with its sum and reason; as ordered where nothing stands behind.

    Behind a number these stand behind a colon or a comma.
    """
    said = _SEPARATOR.sub("", behind, count=1).strip()
    if not said or _COURTESY.fullmatch(said) or order.number[:1] in ("D", "L"):
        return order
    if order.number and not _SEPARATOR.match(behind):
        return replace(order, verb=None, fault=f'what follows the number stands behind a colon: "{order.verb} S-…: …"')
    read = paid(said) if order.verb is Verb.PAY else worth(said)
    match read:
        case Paid(reference, on):
            return replace(order, words=reference, on=on)
        case Worth(amount, reason):
            return replace(order, amount=amount, words=reason)
        case fault:
            return replace(order, verb=None, fault=fault)


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
