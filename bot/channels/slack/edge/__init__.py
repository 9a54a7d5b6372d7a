"""The doors that Slack knocks at: what is signed is committed, and only then acknowledged."""
