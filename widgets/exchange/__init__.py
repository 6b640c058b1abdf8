"""The cards that write rows into a file and bring rows of a file in."""
