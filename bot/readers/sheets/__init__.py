"""Reads deals out of the tables that partners attach."""
