"""Docks: parts around a centre that a person moves, tabs, closes and takes out into windows of their own."""
