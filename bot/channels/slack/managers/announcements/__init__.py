"""Announcing in Slack: the forms in which one is written and looked at, and what goes on with it afterwards."""
