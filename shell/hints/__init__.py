"""Hints: one key labels everything that can be activated on the screen, and the label's letters choose it."""
