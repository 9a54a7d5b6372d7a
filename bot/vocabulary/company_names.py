"""When two spellings are one company: a key without case, accents, marks and legal form."""

from __future__ import annotations

import re
import unicodedata

_LEGAL_FORMS_SAID = (
    "gmbh mbh mbb ag kg kgaa ohg og gbr partg ug se ev eg ek eu co cie company ltd limited llc llp lp inc "
    "incorporated corp corporation cic plc pvt pty bv nv vof cv bvba srl srls sprl scrl sa sas sasu sarl eurl "
    "sl slu sau spa sc ab as aps oy oyj lda kft zrt doo vzw asbl"
)
LEGAL_FORMS = frozenset(_LEGAL_FORMS_SAID.split())
_JOINING = frozenset(("and", "und", "et", "en", "y"))


def name_key(name: str) -> str:
    """A company's name without case, accents, punctuation, legal form and the word for "and"; never empty of words."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = re.findall(r"\w+", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain))
    return " ".join([w for w in words if w not in LEGAL_FORMS and w not in _JOINING] or words)
