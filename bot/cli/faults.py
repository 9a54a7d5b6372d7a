"""A fault as the operator reads it: one message, the fix, and the exit code."""

from __future__ import annotations

from rich.text import Text

from bot.cli.screen import errors

FAILED = 1
UNUSABLE = 2  # the command line or the configuration


class Fault(Exception):
    """Ends the command; `fix` says what would help, or is empty where the message says it already."""

    def __init__(self, message: str, fix: str = "", code: int = FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.code = code


def tell(fault: Fault) -> None:
    """To stderr; whatever stands in the message is text, never markup."""
    lines = [Text.assemble(("error: ", "bold red"), fault.message)]
    if fault.fix:
        lines.append(Text.assemble(("fix: ", "bold"), fault.fix))
    for line in lines:
        errors().print(line, soft_wrap=True)
