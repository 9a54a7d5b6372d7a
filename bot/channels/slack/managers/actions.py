"""The names by which the managers' buttons and forms are known again; what they stand for is looked up each time."""

from __future__ import annotations

from bot.channels.slack.blocks import cards
from bot.channels.slack.edge.interactions import COUNTER

COMMAND = "/partners"
ANNOUNCE_THIS = "announce_this"
"""The shortcut on a message (`callback_id`)."""

ANNOUNCE = f"{COUNTER}announce"
"""Opens the form for announcing; its value is empty."""
DECIDE = cards.DECIDE
"""Opens the form for deciding; its value is the id of a brief, or of a button made by `decide_button`."""
SCHEDULED = f"{COUNTER}scheduled"
"""Shows what is announced later; its value is empty."""
AS_WRITTEN = f"{COUNTER}as_written"
"""From the preview of an announcement back to what was filled in."""
CANCEL = f"{COUNTER}cancel"
"""Cancels what is announced later; its value is the announcement's id."""

LOADING, TOLD = "counter_loading", "counter_told"
WRITE, CONFIRM, DECISION = "counter_write", "counter_confirm", "counter_decision"
"""`callback_id` of each form."""

CHOSEN = "decide:"
"""What the action of an order begins with that was chosen in the form for deciding; the act follows."""
