"""What stands in a post, as Block Kit: pure, from our words to blocks within the limits of Slack."""
