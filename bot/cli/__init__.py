"""The command line: one file for each command or group of commands, and the table that names them."""
