"""What pydantic finds wrong with a table, in words for whoever wrote the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from knowledge.nearest import meant
from knowledge.toml_file import spelled

_QUOTED = re.compile(r"'([^']+)'")


def table_faults(error: ValidationError, *start: str | int) -> Iterator[str]:
    """Each fault as `key: words`; `start` is the path of the table in its file."""
    for detail in error.errors(include_url=False):
        loc = tuple(part for part in detail["loc"] if part != "[key]")
        words = _WORDS.get(detail["type"], _own_words)(detail)
        yield f"{spelled((*start, *loc))}: {words}"


def _own_words(detail: ErrorDetails) -> str:
    words = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return words[:1].lower() + words[1:]


def _choice(detail: ErrorDetails) -> str:
    known = _QUOTED.findall(str(detail["ctx"]["expected"]))
    said = detail["input"]
    return f"{_short(said)} is not known here; {meant(str(said), known)}"


def _pattern(detail: ErrorDetails) -> str:
    return f"{_short(detail['input'])} is not of this form; {_FORMS.get(detail['ctx']['pattern'], 'correct it')}"


def _short(said: object) -> str:
    return repr(said) if len(repr(said)) <= 60 else f"{repr(said)[:60]}…"


_FORMS: Mapping[str, str] = {
    "^[A-Z]{3}$": "write a currency as three capitals, such as EUR",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$": "write an e-mail address, such as partners@example.com",
    "^#[0-9a-fA-F]{6}$": "write a colour as #rrggbb, such as #1f5fa8",
    "^[a-z]{2}$": "name a language of two letters, such as en",
    "^(all|[a-z]{2})$": "name a language of two letters, such as en, or `all`",
    r"^[^\x00-\x1f\x7f]*$": "write it on one line",
}

_DAY = "write a day without quotation marks, such as 2027-01-01"
_HOUR = 'write a time of day, such as "19:00"'

_WORDS: Mapping[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda _: "the key is missing",
    "literal_error": _choice,
    "enum": _choice,
    "string_pattern_mismatch": _pattern,
    "string_type": lambda detail: f"write a text in quotation marks, not {_short(detail['input'])}",
    "string_too_short": lambda _: "it may not be empty",
    "too_short": lambda detail: f"name at least {detail['ctx']['min_length']}",
    "too_long": lambda detail: f"name at most {detail['ctx']['max_length']}, not {detail['ctx']['actual_length']}",
    "int_type": lambda detail: f"write a whole number, not {_short(detail['input'])}",
    "bool_type": lambda detail: f"write true or false, not {_short(detail['input'])}",
    "bool_parsing": lambda detail: f"write true or false, not {_short(detail['input'])}",
    "tuple_type": lambda _: "write a list in square brackets",
    "model_type": lambda _: "write a table here",
    "dict_type": lambda _: "write a table here",
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), lambda _: _DAY),
    **dict.fromkeys(("time_type", "time_parsing"), lambda _: _HOUR),
    "greater_than_equal": lambda detail: f"{detail['input']} is too little; at least {detail['ctx']['ge']}",
    "less_than_equal": lambda detail: f"{detail['input']} is too much; at most {detail['ctx']['le']}",
}
