"""What can be wrong with a program folder, told at once to the operator."""

from __future__ import annotations


class ProgramError(Exception):
    """A program that cannot be used. Each fault names the file, the key, and what is wrong or would be right."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(("The partner program cannot be used:", *(f"  - {fault}" for fault in faults))))
