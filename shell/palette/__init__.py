"""The command palette: matching, ranking, what it offers, and the panel that shows it."""
