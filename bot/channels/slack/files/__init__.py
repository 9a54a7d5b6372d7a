"""Files that are shared in Slack: asked about, fetched from Slack alone, and judged as those of a mail are."""
