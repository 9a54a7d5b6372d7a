"""A question before something is done, where nobody said yes on the command line."""

from __future__ import annotations

import typer

from bot.cli.faults import UNUSABLE, Fault
from bot.cli.screen import say


def agreed(question: str, *, yes: bool, otherwise: str) -> bool:
    """`otherwise` says what then was not done, such as "nothing was made". Raises Fault where nobody can answer."""
    if yes:
        return True
    try:
        answer = typer.confirm(question, err=True)
    except typer.Abort as fault:
        raise Fault(f"nobody answered; {otherwise}", "add --yes to go on without being asked", UNUSABLE) from fault
    if not answer:
        say(otherwise)
    return answer
