"""The one error of configuration: everything that is wrong, told at once to the operator."""

from __future__ import annotations


class ConfigError(Exception):
    """Settings that cannot be used. Each fault names the setting, what is wrong with it and what would be right."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(("The configuration cannot be used:", *(f"  - {fault}" for fault in faults))))
