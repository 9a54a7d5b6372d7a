"""Digests: what needs managers each week, and what a partner hears of its own each month."""
