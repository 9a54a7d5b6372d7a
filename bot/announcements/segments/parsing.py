"""A segment in a manager's words: "tier=select,elite; region=DACH; product!=Lumora Core"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.vocabulary.segment import NAMES, NOT, Segment, SegmentChoices
from knowledge.nearest import nearest

SAVED = "saved"
LONGEST = 20_000  # characters
_NAMED = 30  # values that a fault names
_EVERYONE = ("all", "everyone")
_NAME = re.compile(r'\s*(?P<name>[^=!;,"]*?)\s*(?P<sign>!?=)')
_VALUE = re.compile(r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*(?=[,;]|\Z)|(?P<bare>[^,;]*))')


class SegmentFault(ValueError):
    """The segment names something the program does not know; the message says what it knows."""


@dataclass(frozen=True, slots=True)
class _Condition:
    """One name with its values, as they were written; `kept_out` where it was written with !=."""

    name: str
    values: tuple[str, ...]
    kept_out: bool

    def __str__(self) -> str:
        return f"{self.name}{NOT if self.kept_out else '='}"


def parse_segment(words: str, choices: SegmentChoices) -> Segment:
    """`choices` are the values in use; "all" or "everyone" narrows nothing. saved=NAME stands for what was saved under
    that name, and what is written beside it narrows that. Raises SegmentFault.
    """
    if words.strip().casefold() in _EVERYONE:
        return Segment()
    if len(words) > LONGEST:
        raise SegmentFault(f"the segment is longer than {LONGEST:,} characters; name tiers or regions instead")
    said = list(_conditions(words))
    if not said:
        raise SegmentFault("an empty segment names nobody; write 'all' for everyone")
    begun = _saved([one for one in said if one.name == SAVED], choices)
    told = [_in_use(one, choices) for one in said if one.name != SAVED]
    _once(told)
    wanted = {NAMES[one.name]: _narrowed(begun, one) for one in told if not one.kept_out}
    unwanted = [f"{one.name}{NOT}{value}" for one in told if one.kept_out for value in one.values]
    without = dict.fromkeys((*begun.without, *unwanted))
    in_order = sorted(without, key=lambda one: list(NAMES).index(one.partition(NOT)[0]))
    return replace(begun, without=tuple(in_order), **wanted)


def _conditions(words: str) -> Iterator[_Condition]:
    """What is between semicolons; whatever stands in quotes is a value as it is."""
    place = 0
    while place < len(words):
        end = words.find(";", place)
        part = words[place : len(words) if end < 0 else end].strip()
        if not part:
            place = len(words) if end < 0 else end + 1
            continue
        found = _NAME.match(words, place)
        name = _name(found["name"]) if found else None
        if found is None or name is None:
            raise _no_form(part, found["name"] if found else part)
        values, place = _values(words, found.end())
        if not all(values):
            raise _no_form(part, name)
        yield _Condition(name, tuple(dict.fromkeys(values)), found["sign"] == NOT)


def _values(words: str, place: int) -> tuple[list[str], int]:
    """The values that begin at that place, and where the next condition does."""
    values = []
    while found := _VALUE.match(words, place):
        quoted, bare = found["quoted"], found["bare"]
        values.append(bare.strip() if quoted is None else quoted.replace('""', '"'))
        place = found.end() + 1
        if words[found.end() : place] != ",":
            break
    return values, place


def _name(said: str) -> str | None:
    """The name as `NAMES` has it; one or many of a thing are the same."""
    word = said.casefold()
    plurals = {field: name for name, field in NAMES.items()} | {"certificate": "certificates"}
    return word if word in NAMES or word == SAVED else plurals.get(word)


def _no_form(part: str, said: str) -> SegmentFault:
    known = _name(said.strip()) is not None
    near = None if known else nearest(said.strip(), (*NAMES, SAVED))
    meant = f"; did you mean {near!r}?" if near else ""
    names = ", ".join((*NAMES, SAVED))
    return SegmentFault(
        f"{part!r} is not of the form name=value,value or name!=value{meant} (the names are {names}; 'all' is everyone)"
    )


def _in_use(said: _Condition, choices: SegmentChoices) -> _Condition:
    known: tuple[str, ...] = getattr(choices, NAMES[said.name])
    also = choices.partner_ids if said.name == "partner" else ()
    values = dict.fromkeys(_known(value, said.name, known, also) for value in said.values)
    return replace(said, values=tuple(values))


def _known(value: str, name: str, known: tuple[str, ...], also: tuple[str, ...] = ()) -> str:
    """The value as it is spelled where it is in use; `also` are not named in faults."""
    for choice in (*known, *also):
        if choice == value or _alike(choice) == _alike(value):
            return choice
    raise SegmentFault(f"no {name} {value!r}; {_near(value, known)}")


def _alike(value: str) -> str:
    return value.casefold().replace("_", " ").replace("-", " ")


def _near(value: str, known: Iterable[str]) -> str:
    """The word that was probably meant, and those that there are."""
    names = tuple(known)
    if not names:
        return "there is none to choose from"
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    listed = f"{', '.join(names[:_NAMED])}{more}"
    near = nearest(value, names)
    return f"did you mean {near!r}? There are {listed}" if near else f"there are {listed}"


def _once(told: list[_Condition]) -> None:
    seen = set()
    for one in map(str, told):
        if one in seen:
            raise SegmentFault(f"{one} stands twice; write its values in one, as in {one}A,B")
        seen.add(one)


def _saved(said: list[_Condition], choices: SegmentChoices) -> Segment:
    """What a saved name stands for; everyone where none is named."""
    if not said:
        return Segment()
    if len(said) > 1 or len(said[0].values) > 1:
        raise SegmentFault("one saved segment at a time: the other's conditions can be written beside it")
    if said[0].kept_out:
        raise SegmentFault("a saved segment cannot be kept out as a whole; write its conditions with !=")
    known = {one.name: one.segment for one in choices.saved}
    return known[_known(said[0].values[0], "saved segment", tuple(known))]


def _narrowed(begun: Segment, one: _Condition) -> tuple[str, ...]:
    """A condition beside a saved one of the same name takes some of its values."""
    had: tuple[str, ...] = getattr(begun, NAMES[one.name])
    beyond = [value for value in one.values if had and value.casefold() not in {kept.casefold() for kept in had}]
    if beyond:
        what = f"{one.name} {', '.join(beyond)} is not in the saved segment, which has {', '.join(had)}"
        raise SegmentFault(f"{what}; take some of these, or write the segment without saved=")
    return one.values
