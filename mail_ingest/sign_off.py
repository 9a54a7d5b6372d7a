"""The phrases people close a mail with, and the names below them."""

from __future__ import annotations

import re

from mail_ingest.contact_lines import is_name_of

_CLOSING = re.compile(
    r"^\W*(?:(?:with |my |all (?:the|my) )?(?:best|kind(?:est)?|warm(?:est)?|many|friendly|all the best|rgds|brgds|kr|br|bw)\b.{0,30}"
    r"|(?:best |kind |warm )?(?:regards|wishes|thanks|thank you|thx|cheers|sincerely|yours|respectfully|cordially|ta|greetings)\b.{0,40}"
    r"|(?:(?:mit|beste|viele|liebe|schöne|herzliche|freundliche|sonnige|kollegiale|lieben|vielen|besten)\w*\s){0,3}(?:gr[uü](?:ß|ss)\w*|gruess\w*|grüessli|dank)\b.{0,40}"
    r"|(?:mfg|vg|lg|bg|hg|danke|merci|gruß|gruss|servus|pfiat|ciao|tschüss|ade)\b.{0,40}|hochachtungsvoll\W*|glück ?auf\W*"
    r"|(?:bien |très |cordiale\w* |sincères |meilleures |avec mes )*(?:cordialement|amicalement|sincèrement|respectueusement|salutations|à vous|à toi|cdlt|cdt|bàv|bav)\b.{0,40}"
    r"|(?:bonne|belle|excellente) (?:journée|soirée|semaine|fin de).{0,40}|(?:à|a) (?:bientôt|plus)\W*"
    r"|(?:met |vriendelijke? |hartelijke? |beste |warme |veel |mvg|vr\.? ?gr|fijne dag|groet|grt|gr\b|alvast|bedankt|dank|hgr).{0,40}"
    r"|(?:un |muchos |atentos |cordial\w* |mil )*(?:saludos?|gracias|abrazos?|atentamente|atte|cordialmente|slds)\b.{0,50})$",
    re.IGNORECASE,
)
_COMMA_END = re.compile(r"^[^.!?;:]{2,60},\s*$")
_DIGIT = re.compile(r"\d")


def is_closing(line: str) -> bool:
    """Whether the line is a closing phrase and nothing more: short, without a figure or a question."""
    text = line.strip()
    return 1 < len(text) <= 60 and "?" not in text and not _DIGIT.search(text) and bool(_CLOSING.match(text))


def is_sign_off(line: str, name: str, address: str) -> bool:
    """Whether a text ends with this line: a closing phrase, a phrase with a comma at its end, or a name."""
    text = line.strip()
    return is_closing(text) or bool(_COMMA_END.match(text)) or is_name_of(text, name, address) or _is_short_name(text)


def _is_short_name(text: str) -> bool:
    """One to three capitalised words and nothing else ("Chantal", "J.W. Plas", "JMT")."""
    words = text.strip(" -–—,.!").split()
    return (
        0 < len(words) <= 3
        and len(text) <= 40
        and not re.search(r"[?:;0-9@!]", text)
        and all(w[:1].isupper() for w in words)
    )
