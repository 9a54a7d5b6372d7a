"""Single values as HubSpot writes them: to text, from text, and when two texts say the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from crm.adapters.hubspot.schema import Shape

_THOUSAND = Decimal(1000)
_NOON = time(12)
_LONGEST_NUMBER = 60  # digits that a person could mean
_DIGITS_BEYOND = 24  # `1e999999999` is ten signs that no memory holds written out, and sums are rounded to 28 digits


def number(value: Decimal | int | None) -> str:
    """Without exponent, as HubSpot takes it, and without zeros that say nothing."""
    text = "" if value is None else format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_number(text: str) -> Decimal:
    """Raises ValueError."""
    try:
        found = Decimal(text.strip()) if len(text) <= _LONGEST_NUMBER else Decimal("NaN")
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not found.is_finite() or abs(found.adjusted()) > _DIGITS_BEYOND:
        raise ValueError(f"{text[:_LONGEST_NUMBER]!r} is not a number that is meant")
    return found


def to_whole(text: str) -> int:
    """Raises ValueError."""
    found = to_number(text)
    if found != int(found):
        raise ValueError(f"{text!r} is not a whole number")
    return int(found)


def day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def to_day(text: str) -> date:
    """A day as HubSpot has it: ISO, or midnight UTC in milliseconds. Raises ValueError."""
    return date.fromisoformat(text) if len(text) == len("2026-11-27") else to_instant(text).date()


def instant(value: datetime | None) -> str:
    """To the millisecond, which is all that HubSpot keeps."""
    if value is None:
        return ""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_instant(text: str) -> datetime:
    """ISO, or milliseconds of the epoch. Raises ValueError."""
    if text.lstrip("-").isdecimal():
        try:
            return datetime.fromtimestamp(float(Decimal(text) / _THOUSAND), UTC)
        except (OverflowError, OSError):
            raise ValueError(f"{text[:_LONGEST_NUMBER]!r} is no time") from None
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else _moved(found, UTC)


def _moved(value: datetime, zone: tzinfo) -> datetime:
    """Raises ValueError where that is before the first or behind the last day of the calendar."""
    try:
        return value.astimezone(zone)
    except OverflowError:
        raise ValueError(f"{value.isoformat()} is on no day of the calendar there") from None


def noon(value: date | None, zone: ZoneInfo) -> str:
    """A day in a property that is an instant: noon in the account's time zone, so that everybody sees that day."""
    return "" if value is None else instant(datetime.combine(value, _NOON, zone))


def day_there(text: str, zone: ZoneInfo) -> date:
    """The day of an instant as people in the account see it. Raises ValueError."""
    return to_day(text) if len(text) == len("2026-11-27") else _moved(to_instant(text), zone).date()


def words(text: str, sign: str = ",") -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(sign) if part.strip())


def choices(values: Iterable[str]) -> str:
    return ";".join(values)


def yes(value: bool) -> str:
    return "true" if value else "false"


def to_yes(text: str) -> bool:
    return text.strip().casefold() in ("true", "yes", "1")


def same(shape: Shape, one: str, other: str) -> bool:
    """Whether HubSpot would show the same for both: white space and trailing zeros are nobody's edit."""
    if one == other:
        return True
    compared = _COMPARED.get(shape, _plain)
    return compared(one, other)


def _plain(one: str, other: str) -> bool:
    return _squeezed(one) == _squeezed(other)


def _squeezed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _numbers(one: str, other: str) -> bool:
    try:
        a, b = to_number(one), to_number(other)
    except ValueError:
        return _plain(one, other)
    # HubSpot keeps numbers as floats do.
    return a == b or float(a) == float(b)


def _instants(one: str, other: str) -> bool:
    try:
        return instant(to_instant(one)) == instant(to_instant(other))
    except ValueError:
        return _plain(one, other)


def _days(one: str, other: str) -> bool:
    try:
        return to_day(one) == to_day(other)
    except ValueError:
        return _plain(one, other)


def _sets(one: str, other: str) -> bool:
    return set(words(one, ";")) == set(words(other, ";"))


def _truths(one: str, other: str) -> bool:
    return to_yes(one) == to_yes(other)


_COMPARED = {
    Shape.NUMBER: _numbers,
    Shape.INSTANT: _instants,
    Shape.DAY: _days,
    Shape.CHOICES: _sets,
    Shape.YES_NO: _truths,
}
