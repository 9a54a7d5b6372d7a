"""Calls to HubSpot: the table of them, how they go out, are repeated, and stay within the limits."""
