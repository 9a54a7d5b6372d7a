"""The ways in and out: mail, Slack and the operator console."""
