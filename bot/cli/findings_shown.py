"""The table of what checks found, with its sum."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from bot.cli.screen import say, screen, table
from crm.findings import Finding, Health

_STYLES = {Health.OK: "green", Health.HINT: "yellow", Health.FAULT: "bold red"}


def show(title: str, findings: Sequence[Finding]) -> None:
    shown = table(title, "", "What", "Found", "Fix")
    for finding in findings:
        mark = Text(finding.health.value, _STYLES[finding.health])
        shown.add_row(mark, finding.subject, finding.said, finding.fix)
    screen().print(shown)
    counts = {health: sum(finding.health is health for finding in findings) for health in Health}
    say(f"{counts[Health.FAULT]} fault(s), {counts[Health.HINT]} hint(s), {counts[Health.OK]} fine")
