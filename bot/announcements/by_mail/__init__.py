"""Composing by mail: a proven manager's mail becomes a draft, and what he replies to its preview is done with it."""
