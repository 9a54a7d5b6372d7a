"""The ways in from Slack, over HTTP and Socket Mode: what is proven is committed, and only then acknowledged."""
