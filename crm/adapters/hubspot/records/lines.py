"""Payments and milestones in one textarea: a line of JSON for each, exact, with room for some thousands.

What does not fit in plain lines is packed, the oldest first, into one line that only the agent reads. A line that a
person damaged is kept as it is.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from crm.adapters.hubspot.records.codec import LONGEST, Damaged, record_of, text_of
from crm.errors import CrmRejected
from crm.records import Milestone, Payment

R = TypeVar("R", Payment, Milestone)

_PACKED = "packed"
_LARGEST = 16 << 20  # bytes that a packed line may unpack to: thirty times what one ever holds


@dataclass(frozen=True, slots=True)
class Lines(Generic[R]):
    """In their order in HubSpot; of the rest of `raw`, the `damaged` lines, nothing is known."""

    records: tuple[R, ...] = ()
    damaged: tuple[str, ...] = ()

    def with_records(self, records: Iterable[R]) -> Lines[R]:
        """Each in the place of the one of its id, else at the end."""
        held = {record.id: record for record in self.records}
        held.update({record.id: record for record in records})
        return Lines(tuple(held.values()), self.damaged)

    def without(self, ids: Iterable[str]) -> Lines[R]:
        gone = set(ids)
        return Lines(tuple(record for record in self.records if record.id not in gone), self.damaged)


def read(kind: type[R], text: str) -> Lines[R]:
    """Of two lines with one id the last counts."""
    records: dict[str, R] = {}
    damaged: list[str] = []
    for line in filter(None, map(str.strip, _parted(text))):
        try:
            for record in _records(kind, line):
                records[record.id] = record
        except Damaged:
            damaged.append(line)
    return Lines(tuple(records.values()), tuple(damaged))


def written(lines: Lines[R]) -> str:
    """Raises CrmRejected where HubSpot has no room for them."""
    plain = [text_of(record, short=True) for record in lines.records]
    text = _joined(plain, lines.damaged)
    if len(text) <= LONGEST:
        return text
    text = _packed(plain, lines.damaged)
    if len(text) > LONGEST:
        raise CrmRejected(
            f"HubSpot has no room for {len(plain)} payments or milestones on one record:"
            f" they take {len(text)} characters, and a property holds {LONGEST}"
        )
    return text


def _joined(*lines: Sequence[str]) -> str:
    return "\n".join(line for part in lines for line in part)


def _packed(plain: Sequence[str], damaged: Sequence[str]) -> str:
    """As few of the lines packed as it takes: found by halving, since packing more makes the text shorter."""
    if len(text := _with_packed(plain, damaged, len(plain))) > LONGEST:
        return text
    low, high = 1, len(plain)
    while low < high:
        middle = (low + high) // 2
        if len(_with_packed(plain, damaged, middle)) <= LONGEST:
            high = middle
        else:
            low = middle + 1
    return _with_packed(plain, damaged, low)


def _with_packed(plain: Sequence[str], damaged: Sequence[str], count: int) -> str:
    packed = base64.b64encode(zlib.compress("\n".join(plain[:count]).encode(), 9)).decode()
    return _joined([json.dumps({_PACKED: packed, "lines": count})], plain[count:], damaged)


def _parted(text: str) -> list[str]:
    """At line ends only: other signs that end a line in Python may stand in a record."""
    return text.replace("\r\n", "\n").split("\n")


def _records(kind: type[R], line: str) -> Iterator[R]:
    if not line.startswith(f'{{"{_PACKED}"'):
        yield record_of(kind, line)
        return
    for packed in _parted(_unpacked(line)):
        yield record_of(kind, packed)


def _unpacked(line: str) -> str:
    """Raises Damaged."""
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(base64.b64decode(json.loads(line)[_PACKED], validate=True), _LARGEST)
        if not unpacking.eof:
            raise Damaged("the packed line goes on where it should end")
        return text.decode()
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error, zlib.error) as fault:
        raise Damaged("it cannot be unpacked") from fault
