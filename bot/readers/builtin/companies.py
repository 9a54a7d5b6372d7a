"""Company names: how two spellings are seen to be one company, and how a found name is trimmed."""

from __future__ import annotations

import re

_LEGAL = frozenset(
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
        "sàrl",
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
        "og",
    ]
)
_LEAD = re.compile(
    r"^(?:the team at|team of|die firma|firma|fa\.|société|la société|kunde|customer|cliente|client|klant)\s+", re.I
)


def company_key(name: str) -> str:
    """The name without case, marks and legal form."""
    words = re.sub(r"[^\w]+", " ", name.casefold()).split()
    return " ".join([w for w in words if w not in _LEGAL] or words)


def same_company(one: str, other: str) -> bool:
    """Whether two keys name one company: equal, or one begins or ends with the other."""
    if one == other:
        return True
    short, long_ = sorted((one, other), key=len)
    return len(short) > 3 and (f" {long_} ".startswith(f" {short} ") or f" {long_} ".endswith(f" {short} "))


def trimmed_company(name: str) -> str:
    """The name on one line, without a leading word for "company" or marks at its ends."""
    name = re.sub(r"\s+", " ", name).strip(" ,;:-–—*_\"'“”„«»")
    return _LEAD.sub("", name) or name
