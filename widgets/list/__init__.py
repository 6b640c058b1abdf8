"""The kind ``list``: rows as lines."""
