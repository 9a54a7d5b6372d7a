"""Settings, their documented defaults, and the sample program as files."""
