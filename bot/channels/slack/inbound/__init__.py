"""From a committed event to the neutral message."""
