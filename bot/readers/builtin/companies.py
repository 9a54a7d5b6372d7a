"""Company names: how two spellings are seen to be one company, and how a found name is trimmed."""

from __future__ import annotations

import re

_LEAD = re.compile(
    r"^(?:(?:the |die |der |dem |den |la |le |el |de |het |l['’])?(?:team at|team of|firma|fa\.|kunden?|"
    r"endkunden?|customer|prospect|cliente|client|klant|company|bedrijf|empresa|entreprise|unternehmen)\s+|"
    r"[ld]['’](?-i:(?=[A-ZÀ-Þ])))",
    re.I,
)
_OPENING = re.compile(r"^(?:also|auch|außerdem|zudem|aussi|ook|también)\s+", re.I)


def same_company(one: str, other: str) -> bool:
    """Whether two keys (of `name_key`) name one company: equal, or one begins or ends with the other."""
    if one == other:
        return True
    short, long_ = sorted((one, other), key=len)
    return len(short) > 3 and (f" {long_} ".startswith(f" {short} ") or f" {long_} ".endswith(f" {short} "))


def trimmed_company(name: str) -> str:
    """The name on one line, without a leading word for "company" or marks at its ends."""
    name = re.sub(r"\s+", " ", name).strip(" ,;:-–—*_\"'“”„«»")
    return _LEAD.sub("", _OPENING.sub("", name)) or name
