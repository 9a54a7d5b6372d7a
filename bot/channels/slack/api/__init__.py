"""Slack's Web API: the one place where it is called, its errors in our words, and who we are there."""
