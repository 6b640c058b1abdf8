"""Places: where a person was, to go back there, and marks that they named. See :mod:`shell.places` for directories."""
