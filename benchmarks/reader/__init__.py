"""Training and judging of the built-in reader."""
