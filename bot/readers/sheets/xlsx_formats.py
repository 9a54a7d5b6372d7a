"""What an XLSX file's number formats mean: which cells are days, and what currency stands beside a number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from bot.readers.sheets.xlsx_parts import Parts

_STYLES = "xl/styles.xml"
_LARGEST = 2_000_000
_MOST = 70_000  # formats and styles
_BUILTIN_DAYS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!\$)[^\]]*\]|\[\$[^\]]*\]')
_MONEY = re.compile(r'\[\$([^\]-]{1,8})[^\]]*\]|"\s*([^"\s]{1,8})\s*"|([€$£¥])')
_FIRST, _FIRST_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LAST_DAY = 2_958_465  # 31 December 9999


@dataclass(slots=True)
class Formats:
    """Of each style whether it shows a day, and the currency it writes ("" for none)."""

    days: list[bool] = field(default_factory=list)
    money: list[str] = field(default_factory=list)

    def is_day(self, style: int) -> bool:
        return 0 <= style < len(self.days) and self.days[style]

    def money_of(self, style: int) -> str:
        return self.money[style] if 0 <= style < len(self.money) else ""


def read_formats(parts: Parts) -> Formats:
    """Raises `Unreadable`. A file without styles has none."""
    formats, codes, inside = Formats(), dict[int, str](), [False]

    def started(name: str, said: dict[str, str]) -> None:
        if name == "numFmt" and len(codes) < _MOST:
            codes[int(said["numFmtId"])] = said["formatCode"]
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0] and len(formats.days) < _MOST:
            known = int(said.get("numFmtId", "0"))
            formats.days.append(known in _BUILTIN_DAYS if known not in codes else shows_day(codes[known]))
            formats.money.append(written_money(codes.get(known, "")))

    def ended(name: str, _: str) -> None:
        if name == "cellXfs":
            inside[0] = False

    if parts.has(_STYLES):
        parts.read(_STYLES, _LARGEST, started, ended)
    return formats


def shows_day(code: str) -> bool:
    """Whether a number of this format is a day: it writes a day, a month or a year, and not only a time."""
    letters = set(_LITERAL.sub("", code.split(";", maxsplit=1)[0]).lower())
    return bool(letters & set("dy")) or ("m" in letters and not letters & set("hs"))


def written_money(code: str) -> str:
    """The sign or code of the currency that a format writes beside a number."""
    found = _MONEY.search(code.split(";", maxsplit=1)[0])
    return next((said for said in found.groups() if said), "") if found else ""


def day_of(number: Decimal, *, since_1904: bool) -> date | None:
    """The day that a number of a day's format stands for; None for a time alone and for what is no day."""
    whole = int(number)
    if not 1 <= whole <= _LAST_DAY:
        return None
    if since_1904:
        return _FIRST_OF_1904 + timedelta(days=whole) if whole < _LAST_DAY - 1462 else None
    # The program that the numbers come from takes 1900 for a leap year.
    return _FIRST + timedelta(days=whole + (whole < 60))
