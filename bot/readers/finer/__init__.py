"""Says more exactly what a message wants than the labels do: to extend, withdraw, repeat, confirm, and the like."""
