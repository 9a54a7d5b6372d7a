"""The operator console: seats, decisions, timelines and the queue, in a browser on this machine."""
