"""A correction of a line: what was posted never changes, so it is taken back and entered anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from crm.money import Money
from knowledge.commission.account import Line
from knowledge.commission.derivation import Said, step

_RULE = "correction"
_SERIES = "correction|"
_REVERSAL, _CORRECTED = "reversal", "corrected"


def series_of(key: str) -> str:
    """The series of what takes a line back and what took its place."""
    return f"{_SERIES}{key}"


def settled(lines: Iterable[Line]) -> frozenset[str]:
    """Keys of lines that stand no more: each that was corrected, with what took it back. Together they are nothing;
    what there is to disagree with, or to correct again, is the line that took their place.
    """
    corrections = [line for line in lines if line.series.startswith(_SERIES)]
    taken = {line.reverses for line in corrections}
    return frozenset(taken | {line.key for line in corrections if line.part == _REVERSAL})


def correction(line: Line, becomes: Money, cause: str, reason: str, today: date) -> tuple[Line, Line]:
    """The line that takes `line` back, and the one that comes to `becomes`; both earned today.

    `cause` tells corrections of one line apart; the same one makes the same keys. They run in a series of their own:
    what the rules compute for the deal goes on from the line as it was posted, so that a correction stays one.
    """
    taken = step("correction", _RULE, Said.TAKES_BACK, -line.amount, amount=line.amount)
    entered = step("correction", _RULE, Said.CORRECTION, becomes, amount=line.amount, result=becomes, reason=reason)
    common = replace(
        line, series=series_of(line.key), event=f"correction:{cause}", earned_on=today, rate=None,
        reverses=line.key,
    )  # fmt: skip
    return (
        replace(
            common, key=f"{line.key}|{cause}|{_REVERSAL}", part=_REVERSAL, amount=-line.amount, base=-line.amount,
            steps=(taken,),
        ),
        replace(
            common, key=f"{line.key}|{cause}|{_CORRECTED}", part=_CORRECTED, amount=becomes, base=becomes,
            steps=(entered,),
        ),
    )  # fmt: skip
