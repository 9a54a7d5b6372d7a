"""Numbers as people write them in digits: groups, decimal marks and multipliers."""

from __future__ import annotations

import re
from decimal import Decimal

NUMBER = r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{2,3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,3})?(?!\d)"

MULTIPLIERS = {
    "k": 1000, "tsd": 1000, "t": 1000, "tausend": 1000, "thousand": 1000, "grand": 1000, "mil": 1000, "mille": 1000,
    "duizend": 1000, "dui": 1000, "ke": 1000, "m": 10**6, "mio": 10**6, "mn": 10**6, "million": 10**6,
    "millions": 10**6, "millionen": 10**6, "miljoen": 10**6, "mln": 10**6, "millón": 10**6, "millones": 10**6,
    "lakh": 10**5, "lakhs": 10**5, "lac": 10**5, "lacs": 10**5, "crore": 10**7, "crores": 10**7, "cr": 10**7,
    "bn": 10**9, "thou": 1000, "thsd": 1000, "lucas": 1000, "miljoenen": 10**6,
    "mill": 10**6, "mios": 10**6,
}  # fmt: skip


def parse_digits(written: str) -> Decimal | None:
    """The value of grouped digits: the last mark is a decimal one unless three digits follow it or it repeats."""
    bare = re.sub(r"[\s'’\u00a0\u202f]", "", written)
    marks = [c for c in bare if c in ".,"]
    if not marks:
        return Decimal(bare) if bare.isascii() and bare.isdigit() else None
    last = marks[-1]
    tail = bare.rsplit(last, 1)[1]
    decimal_mark = len(tail) != 3 and marks.count(last) == 1
    if len(set(marks)) == 2 and marks.count(last) == 1:
        decimal_mark = True
    whole, part = (bare.rsplit(last, 1)) if decimal_mark else (bare, "")
    digits = re.sub(r"[.,]", "", whole)
    if not (digits + part).isascii() or not digits.isdigit() or len(digits) > 15:
        return None
    return Decimal(f"{digits}.{part}" if part else digits)
