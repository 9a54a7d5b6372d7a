"""Announcements as they are kept: what was composed, each copy of it, and how far it has come."""
