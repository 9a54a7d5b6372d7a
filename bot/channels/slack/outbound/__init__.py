"""From the outbox to Slack: each post sent once, and found again after a lost answer."""
