"""Everybody at once: a release that reaches 200 shells, and 1,000 clients that fetch a new one in the same moment."""
