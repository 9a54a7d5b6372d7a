"""How exactly the engine reckons, whatever the context of its caller: more digits than any sum with any rate has."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, DivisionByZero, InvalidOperation, Overflow

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
"""Sums are rounded half-up where they are rounded at all; this rounding only ends what no number of digits would."""
