"""What managers may do: a table of its own, never open to partners."""
