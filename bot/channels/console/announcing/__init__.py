"""Announcements in the console: composing, looking at what will be seen, sending, following, and what came back."""
