"""A stateful Slack for the tests: its workspaces, its Web API, and what it delivers to an app."""
