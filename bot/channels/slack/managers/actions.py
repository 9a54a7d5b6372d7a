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
SCHEDULED, ANNOUNCEMENTS = f"{COUNTER}scheduled", f"{COUNTER}announcements"
"""Show what is announced later, and all announcements; their values are empty."""
AS_WRITTEN, TEST = f"{COUNTER}as_written", f"{COUNTER}test"
"""In the preview of an announcement: back to what was filled in, and a copy to oneself."""
ADD_LANGUAGE, CHANGE_LANGUAGE = f"{COUNTER}add_language", f"{COUNTER}change_language"
"""In the preview as well: its text in one more language, or in the one that is the value."""
OPEN, CANCEL = f"{COUNTER}open", f"{COUNTER}cancel"
PAUSE, RESUME = f"{COUNTER}pause", f"{COUNTER}resume"
REMIND, REPORT = f"{COUNTER}remind", f"{COUNTER}report"
"""What is done with an announcement, in forms and in messages; the value is its id."""

LOADING, TOLD = "counter_loading", "counter_told"
WRITE, LANGUAGE, CONFIRM, DECISION = "counter_write", "counter_language", "counter_confirm", "counter_decision"
"""`callback_id` of each form."""

CHOSEN = "decide:"
"""What the action of an order begins with that was chosen in the form for deciding; the act follows."""
