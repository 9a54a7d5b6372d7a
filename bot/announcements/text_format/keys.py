"""The head lines of an announcement's text: their names, and what may stand behind each."""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import StrEnum


class Key(StrEnum):
    """Values are as they are written, before the colon."""

    SEGMENT = "Segment"
    CALL = "Call"
    DATES = "Dates"
    AT = "At"
    ZONE = "Zone"
    QUIET = "Quiet hours"
    ROUTE = "Route"
    REMIND = "Remind"
    FALLBACK = "Fallback"
    ATTACH = "Attach"


EXAMPLES = {
    Key.SEGMENT: "Segment: tier=Select,Elite; region=DACH",
    Key.CALL: "Call: yes/no",
    Key.DATES: "Dates: 2026-12-03, 2026-12-10",
    Key.AT: "At: 2026-12-01 09:00",
    Key.ZONE: "Zone: partner",
    Key.QUIET: "Quiet hours: keep",
    Key.ROUTE: "Route: preferred",
    Key.REMIND: "Remind: 5 days",
    Key.FALLBACK: "Fallback: en",
    Key.ATTACH: "Attach: prices.pdf",
}
_KNOWN = {key.value.casefold(): key for key in Key}
_LINE = re.compile(r"\s*(?P<name>[A-Za-z]{2,12}(?: [A-Za-z]{2,12})?)\s*:(?!//)(?P<value>.*)\Z", re.DOTALL)
_ALIKE = 0.75


def head_line(line: str) -> tuple[Key, str] | None:
    """The key and the value of a head line; None for what is none."""
    found = _LINE.match(line)
    key = _KNOWN.get(found["name"].casefold()) if found else None
    return (key, found["value"].strip()) if found and key else None


def mistyped(line: str) -> tuple[str, Key] | None:
    """The word before the colon, where it is close to a key without being one, and that key."""
    found = _LINE.match(line)
    name = found["name"] if found else ""
    near = get_close_matches(name.casefold(), _KNOWN, 1, _ALIKE) if len(name) > 2 else []
    return (name, _KNOWN[near[0]]) if near and name.casefold() not in _KNOWN else None
