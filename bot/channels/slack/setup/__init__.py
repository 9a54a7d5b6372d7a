"""Making the app in Slack, and looking whether it can do what is asked of it."""
