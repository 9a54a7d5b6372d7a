"""What HubSpot accepts as the value of a property, and how it keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from tests.fakes.hubspot.clock import instant, iso
from tests.fakes.hubspot.definitions import Definition

LONGEST = 65_536


class BadValue(Exception):
    """Why a value is refused; `code` is HubSpot's own word for it."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


def kept(definition: Definition, given: object) -> str:
    """The value as it is kept, always a text; "" clears. Raises BadValue."""
    if given is None or given == "":
        return ""
    if isinstance(given, dict | list):
        raise BadValue("INVALID_VALUE", f"{given!r} is not a value for the property {definition.name}.")
    text = _text(given)
    if "\x00" in text:
        raise BadValue("INVALID_VALUE", f"Property {definition.name} holds a character that is not allowed.")
    if len(text) > LONGEST:
        raise BadValue("VALUE_TOO_LONG", f"{definition.name} is too long: {len(text)} characters of {LONGEST} allowed.")
    return _READERS.get(definition.kind, _as_it_is)(definition, text)


def _text(given: object) -> str:
    if isinstance(given, bool):
        return "true" if given else "false"
    return str(given)


def _as_it_is(_definition: Definition, text: str) -> str:
    return text


def _number(definition: Definition, text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise BadValue("INVALID_LONG", f"{text} was not a valid number.")
    return text.strip()


def _instant(definition: Definition, text: str) -> str:
    try:
        return iso(instant(text))
    except (ValueError, OverflowError):
        raise BadValue("INVALID_DATE", f"{text} is not a valid timestamp for {definition.name}.") from None


def _day(definition: Definition, text: str) -> str:
    """A day is given as itself or as midnight UTC in milliseconds; any other moment is refused, as HubSpot does."""
    try:
        moment = datetime.fromtimestamp(instant(text) / 1000, UTC)
    except (ValueError, OverflowError):
        raise BadValue("INVALID_DATE", f"{text} is not a valid date for {definition.name}.") from None
    if (moment.hour, moment.minute, moment.second, moment.microsecond) != (0, 0, 0, 0):
        raise BadValue("INVALID_DATE", f"{text} is at {moment:%H:%M:%S} UTC, not midnight!")
    return f"{moment:%Y-%m-%d}"


def _choice(definition: Definition, text: str) -> str:
    if definition.more.get("externalOptions"):
        return text
    allowed = {option.value for option in definition.options}
    chosen = [part for part in text.strip(";").split(";") if part] if definition.many else [text]
    unknown = [value for value in chosen if value not in allowed]
    if unknown:
        listed = ", ".join(f'label: "{option.label}"\nvalue: "{option.value}"' for option in definition.options)
        raise BadValue("INVALID_OPTION", f"{unknown[0]} was not one of the allowed options: [{listed}]")
    return ";".join(dict.fromkeys(chosen))


def _yes_or_no(_definition: Definition, text: str) -> str:
    if text not in {"true", "false"}:
        raise BadValue("INVALID_BOOLEAN", f"{text} was not a valid boolean.")
    return text


_READERS: dict[str, Callable[[Definition, str], str]] = {
    "number": _number,
    "datetime": _instant,
    "date": _day,
    "enumeration": _choice,
    "bool": _yes_or_no,
}
