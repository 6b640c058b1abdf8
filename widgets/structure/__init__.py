"""Kinds of the layout language that are no widgets: if, match, repeat, state."""
