"""The methods of Slack's Web API that the app may call, each a function of what the world holds."""
