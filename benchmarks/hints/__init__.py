"""Hints over a thousand targets: from the key to the painted labels."""
