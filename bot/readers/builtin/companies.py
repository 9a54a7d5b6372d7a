"""Company names: how two spellings are seen to be one company, and how a found name is trimmed."""

from __future__ import annotations

import re

_LEAD = re.compile(
    r"^(?:(?:the |die |der |dem |den |la |le |el |de |het |l['’])?(?:team at|team of|firma|fa\.|kunden?|"
    r"endkunden?|customer|prospect|cliente|client|klant|company|bedrijf|empresa|entreprise|unternehmen)\s+|"
    r"[ld]['’](?-i:(?=[A-ZÀ-Þ])))",
    re.I,
)
_STEM = 5
_OPENING = re.compile(
    r"^(?:also|auch|außerdem|zudem|aussi|ook|también|please|pls|kindly|bitte|gern|gerne|graag|por favor|porfa)\s+", re.I
)


def same_company(one: str, other: str) -> bool:
    """Whether two keys (of `name_key`) name one company: equal but for endings, or one is an end of the other."""
    if one == other:
        return True
    short, long_ = sorted((one, other), key=len)
    if len(short) > 3 and (f" {long_} ".startswith(f" {short} ") or f" {long_} ".endswith(f" {short} ")):
        return True
    return _inflected(one.split(), other.split())


def _inflected(one: list[str], other: list[str]) -> bool:
    """Whether names of as many words, one of them the same at least, differ in how words end: "Klinik", "Kliniken"."""
    if len(one) != len(other) or not set(one) & set(other):
        return False
    return all(
        a == b or (min(len(a), len(b)) >= _STEM and (a.startswith(b) or b.startswith(a)))
        for a, b in zip(one, other, strict=True)
    )


def trimmed_company(name: str) -> str:
    """The name on one line, without a leading word for "company" or marks at its ends."""
    name = re.sub(r"\s+", " ", name).strip(" ,;:-–—*_\"'“”„«»")
    return _LEAD.sub("", _OPENING.sub("", name)) or name
