"""How a mapped channel stands, in a line for managers: on the partner's page and behind `/partners status`."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.slack_channels.pauses import WHY, in_a_line
from bot.storage.slack_channels import Mode, Paused, SlackChannel

OPEN = SlackChannel("T0HOME", "C0PARTNER", "ext-one", "p-1", "T0ONE", Mode.MENTION)


def test_it_says_how_much_is_answered_and_why_it_is_paused() -> None:
    assert in_a_line(OPEN) == "#ext-one, mode mention"
    assert in_a_line(replace(OPEN, name="")) == "#C0PARTNER, mode mention"
    for why in Paused:
        assert in_a_line(replace(OPEN, paused=why)) == f"#ext-one, mode mention, paused: {WHY[why]}"
