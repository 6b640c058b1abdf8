"""The kind ``cards``: rows as cards in columns."""
