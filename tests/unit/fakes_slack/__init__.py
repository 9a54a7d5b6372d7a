"""What the fake Slack takes, refuses, delivers and shows."""
