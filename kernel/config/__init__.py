"""Options: one table, three layers (file, environment, command line)."""
