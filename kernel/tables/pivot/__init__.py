"""Figures of a table by row keys and column keys: read by group queries, and given as a table to be shown."""
