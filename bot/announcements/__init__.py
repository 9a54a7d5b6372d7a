"""Announcements: whom a segment names, and one mail for each with a reply key of its own."""
