"""What partners can want: one file an intent, gathered in `table.py`."""
