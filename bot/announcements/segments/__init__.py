"""Segments: how managers write them, what they may name, what is known of each partner, and whom they reach."""
