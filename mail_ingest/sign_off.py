"""The phrases people close a mail with, and the names below them."""

from __future__ import annotations

import re

from mail_ingest.contact_lines import is_name_of

_CLOSING = re.compile(
    r"^\W*(?:"
    r"(?:(?:with |my |all (?:the|my) )?(?:best|kind(?:est)?|warm(?:est|ly)?|many|friendly|rgds|brgds|kr|br|bw"
    r"|xx*)\b.{0,30})"
    r"|(?:best |kind |warm )?(?:regards|wishes|thanks|thank you|thx|cheers|sincerely|yours|respectfully|cordially"
    r"|ta|tks|greetings|love|take care|all the best)\b.{0,40}"
    r"|(?:very truly|yours truly|yours faithfully|faithfully).{0,20}"
    r"|(?:(?:mit|beste|viele|liebe|schöne|herzliche|freundliche|sonnige|kollegiale|lieben|vielen"
    r"|besten)\w*\s){0,3}(?:gr[uü](?:ß|ss)\w*|gruess\w*|grüessli|dank|hochachtung)\b.{0,40}"
    r"|(?:mfg|vg|lg|bg|hg|danke|gruß|gruss|bussi|servus|pfiat|ciao|tschüss|tschö|ade|moin)\b.{0,40}"
    r"|hochachtungsvoll\W*|glück ?auf\W*"
    r"|(?:bien |très |cordiale\w* |sincères |meilleures |avec mes )*(?:cordialement|amicalement|amitiés"
    r"|sincèrement|respectueusement|salutations|à vous|à toi|cdlt|cdt|bàv|bav|merci|bises?)\b.{0,40}"
    r"|(?:bon|bonne|belle|excellente?) (?:journée|soirée|semaine|week-?end|fin de|continuation|aprem).{0,40}|(?:à"
    r"|a) (?:bientôt|plus|tantôt|très vite)\W*"
    r"|(?:met |vriendelijke? |hartelijke? |beste |warme |veel )+.{0,30}|(?:mvg|vr\.? ?gr|fijne? (?:dag|weekend)"
    r"|groet\w*|grt\w*|gr\b|alvast|bedankt|dank|hgr|hoogachtend).{0,40}"
    r"|(?:un |muchos |atentos |cordial\w* |mil |muchas |de antemano,? )*(?:saludos?|gracias|abrazos?|atentamente"
    r"|atte|cordialmente|slds|feliz (?:día|tarde))\b.{0,50}"
    r")$",
    re.IGNORECASE,
)
_COMMA_END = re.compile(r"^[^.!?;:]{4,70},\s*$")
_DIGIT = re.compile(r"\d")


def is_closing(line: str) -> bool:
    """Whether the line is a closing phrase and nothing more: short, without a figure or a question."""
    text = line.strip()
    return 1 < len(text) <= 60 and "?" not in text and not _DIGIT.search(text) and bool(_CLOSING.match(text))


def is_sign_off(line: str, name: str, address: str) -> bool:
    """Whether a text ends with this line: a closing phrase, a phrase with a comma at its end, or a name."""
    text = line.strip()
    return is_closing_or_name(text, name, address) or bool(_COMMA_END.match(text)) or _is_short_name(text)


def is_closing_or_name(line: str, name: str, address: str) -> bool:
    """Whether the line is a closing phrase or the sender's own name."""
    return is_closing(line) or is_name_of(line.strip(), name, address)


def _is_short_name(text: str) -> bool:
    """One to three capitalised words and nothing else ("Chantal", "J.W. Plas", "JMT")."""
    words = text.strip(" -–—,.!").split()
    return (
        0 < len(words) <= 3
        and len(text) <= 40
        and not re.search(r"[?:;0-9@!]", text)
        and all(w[:1].isupper() for w in words)
    )
