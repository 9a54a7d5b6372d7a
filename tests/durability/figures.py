"""What a run of these tests measured, in a sentence each, told at its end."""

from __future__ import annotations

FIGURES = "durability"
"""The property of a test's report that holds the sentence."""
