"""What is told of a folder of labelled messages that cannot be used."""

from __future__ import annotations

from bot.cli.faults import UNUSABLE, Fault
from bot.evaluation.cases import CasesError


def unusable_folder(fault: CasesError) -> Fault:
    """The same as a fault of usage, with what would help."""
    fix = "mend what is named, or name a folder that `partnerline label` made; docs/evaluation.md shows its format"
    return Fault(str(fault), fix, UNUSABLE)
