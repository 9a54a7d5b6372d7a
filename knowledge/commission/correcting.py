"""A correction of a line: what was posted never changes, so it is taken back and entered anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crm.money import Money
from knowledge.commission.account import Line
from knowledge.commission.derivation import Said, step

_RULE = "correction"


def correction(line: Line, becomes: Money, cause: str, reason: str, today: date) -> tuple[Line, Line]:
    """The line that takes `line` back, and the one that comes to `becomes`; both earned today.

    `cause` tells corrections of one line apart; the same one makes the same keys. They run in a series of their own:
    what the rules compute for the deal goes on from the line as it was posted, so that a correction stays one.
    """
    taken = step("correction", _RULE, Said.TAKES_BACK, -line.amount, amount=line.amount)
    entered = step("correction", _RULE, Said.CORRECTION, becomes, amount=line.amount, result=becomes, reason=reason)
    common = replace(
        line, series=f"correction|{line.key}", event=f"correction:{cause}", earned_on=today, rate=None,
        reverses=line.key,
    )  # fmt: skip
    return (
        replace(
            common, key=f"{line.key}|{cause}|reversal", part="reversal", amount=-line.amount, base=-line.amount,
            steps=(taken,),
        ),
        replace(
            common, key=f"{line.key}|{cause}|corrected", part="corrected", amount=becomes, base=becomes,
            steps=(entered,),
        ),
    )  # fmt: skip
