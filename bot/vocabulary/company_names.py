"""When two spellings are one company: by its web domain, else by its name without case, accents and legal form."""

from __future__ import annotations

import re
import unicodedata

from bot.vocabulary.web_domains import registrable, web_domain

_LEGAL_FORMS_SAID = (
    "gmbh mbh mbb ag kg kgaa ohg og gbr partg ug se ev eg ek eu co cie company ltd limited llc llp lp inc "
    "incorporated corp corporation cic plc pvt pty bv nv vof cv bvba srl srls sprl scrl sa sas sasu sarl eurl "
    "sl slu sau spa sc ab as aps oy oyj lda kft zrt doo vzw asbl"
)
LEGAL_FORMS = frozenset(_LEGAL_FORMS_SAID.split())
_JOINING = frozenset(("and", "und", "et", "en", "y"))


# Letters that no decomposition takes apart, as people write them on a keyboard without them.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


def name_key(name: str) -> str:
    """A company's name without case, accents, punctuation, legal form and the word for "and"; never empty of words."""
    words = re.findall(r"\w+", re.sub(r"(?<=\b\w)[./](?=\w\b)", "", _plain(name)))
    return " ".join([w for w in words if w not in LEGAL_FORMS and w not in _JOINING] or words)


def company_key(domain: str, name: str, country: str) -> str:
    """What makes two registrations one company: the registrable domain of its web site, else its name and country.

    "acme.co.uk" of "https://www.Shop.Acme.co.uk/de"; "name:acme|DE" where there is no domain of its own (a free-mail
    host is none); "" where there is no name either. `country` is ISO 3166, "" for unknown.
    """
    if own := registrable(web_domain(domain)):
        return own
    words = name_key(name)
    return f"name:{words}|{country.strip().upper()}" if words else ""


def _plain(text: str) -> str:
    """Taken apart twice, because the small letter of a capital may itself be a letter with a mark."""
    for _ in range(2):
        parts = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(c for c in parts if not unicodedata.combining(c))
    return text.casefold().translate(_PLAIN)
