"""nginx in front of the source server."""
