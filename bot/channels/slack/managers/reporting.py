"""How things stand, as an answer to the one who asked: a title, groups of lines, and the help of the command."""

from __future__ import annotations

from typing import Any

from bot.channels.slack.managers.frames import heading, listed
from bot.channels.slack.managers.ports import Report

HELP = """What you can do here:
• `/partners announce` opens a form: text, whom it goes to, and when. On any message, "Announce this" does the same.
• `/partners announcements` shows all of them with their answers; there they are opened, paused, cancelled, reported \
on and reminded of. `/partners scheduled` shows what is announced later, `/partners report Spring webinar` writes you \
how one went.
• `/partners status` says what waits. `/partners status Quaywise` says how a partner stands, and `/partners status \
D-123456` how a registration does.
• `/partners digest` says what is late, waits or ends soon with your partners, and nothing else; I write \
it to you directly.
• `/partners adoption` says how many new partners wrote, registered and won. `/partners onboard Quaywise` welcomes a \
partner, `/partners stop onboarding Quaywise` asks after it no more.
• `/partners decide D-123456` opens a form with everything to decide by.
• `/partners approve D-123456`, `/partners refuse D-123456: reason`, `/partners ask D-123456: question`, \
`/partners approve S-2026-10 Quaywise` and so on: whatever you may write to me, in your own language.
• `/partners map C0123ABCD to Quaywise, team T0456EFGH` gives a partner its channel."""

_GROUPS = 20


def report_text(report: Report) -> str:
    """All of it as plain text."""
    parts = [report.title, *("\n".join([f"{name}:", *lines]) for name, lines in report.groups)]
    return "\n\n".join(parts)


def report_blocks(report: Report) -> list[dict[str, Any]]:
    return [heading(report.title), *(listed(name, lines) for name, lines in report.groups[:_GROUPS])]
