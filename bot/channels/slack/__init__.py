"""The Slack channel: signed events come in over HTTP, replies go out through the Web API."""
