"""The Slack channel: what Slack delivers over HTTP or Socket Mode, and what goes there through its Web API."""
