"""Boot table, boot queue and agents."""
